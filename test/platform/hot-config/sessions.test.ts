import { expect, test } from 'vitest';
import { parseTimestamp, timestamp, type Timestamp } from '../../../domain/values/time.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { FixedConfig } from '../../../platform/hot-config/fixed.ts';
import { localTime, momentOf } from '../../../platform/hot-config/local-time.ts';
import { isOpen, nextClose, nextOpen } from '../../../platform/hot-config/sessions.ts';
import { readSeed } from '../../../local/seed.ts';

const { sessions } = new FixedConfig(readSeed().config).current().config.document;
const newYork = sessions['us-regular'];
if (newYork?.kind !== 'hours') throw new TypeError('the seed has regular hours');

const at = (text: string): Timestamp => parseTimestamp(text) ?? timestamp(0);
const show = (moment: Timestamp | undefined) => moment && formatTimestamp(moment).slice(0, 16);

test.each([
  ['before the opening', '2026-11-23T14:29:59.999999Z', false],
  ['at the opening', '2026-11-23T14:30:00Z', true],
  ['just before the close', '2026-11-23T20:59:59.999999Z', true],
  ['at the close', '2026-11-23T21:00:00Z', false],
  ['on a Saturday', '2026-11-21T16:00:00Z', false],
  ['on Thanksgiving', '2026-11-26T16:00:00Z', false],
  ['the day after, before it closes early', '2026-11-27T17:59:00Z', true],
  ['the day after, once it has closed early', '2026-11-27T18:00:00Z', false],
  ['in summer time, at the opening', '2026-07-06T13:30:00Z', true],
  ['in summer time, an hour before', '2026-07-06T12:30:00Z', false],
  ['the Monday after clocks go forward', '2027-03-15T13:30:00Z', true],
  ['the Monday after clocks go back', '2026-11-02T13:30:00Z', false],
])('New York %s', (_when, text, open) => {
  expect(isOpen(newYork, at(text))).toBe(open);
});

test('around the clock is always open', () => {
  expect(isOpen({ kind: 'continuous' }, at('2026-12-25T03:00:00Z'))).toBe(true);
});

test('the next opening and close skip weekends, holidays and early closes', () => {
  const friday = at('2026-11-25T22:00:00Z');
  expect(show(nextOpen(newYork, friday))).toBe('2026-11-27T14:30');
  expect(show(nextClose(newYork, friday))).toBe('2026-11-27T18:00');
  expect(show(nextOpen(newYork, at('2026-10-30T21:00:00Z')))).toBe('2026-11-02T14:30');
  expect(show(nextOpen(newYork, at('2026-11-23T14:30:00Z')))).toBe('2026-11-24T14:30');
});

test('a session that never opens says so instead of looking for ever', () => {
  expect(nextOpen({ ...newYork, weekdays: [6], holidays: [] }, at('2026-11-23T14:30:00Z'))).toBeDefined();
  const never = {
    ...newYork,
    weekdays: [7] as [number],
    holidays: ['2026-11-29', '2026-12-06', '2026-12-13', '2026-12-20'],
  };
  expect(nextOpen(never, at('2026-11-23T14:30:00Z'))).toBeUndefined();
});

test('the wall clock and the moment agree on both sides of a change of offset', () => {
  for (const date of ['2026-03-06', '2026-03-09', '2026-10-30', '2026-11-02']) {
    const moment = momentOf(date, '09:30', 'America/New_York');
    expect(localTime(moment, 'America/New_York')).toEqual({ date, minute: 9 * 60 + 30 });
  }
  expect(localTime(at('2026-11-22T18:45:00Z'), 'Asia/Kathmandu')).toEqual({ date: '2026-11-23', minute: 30 });
});
