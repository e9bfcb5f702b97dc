import { expect, test } from 'vitest';
import { parseTimestamp, timestamp, type Timestamp } from '../../../domain/values/time.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { FixedConfig } from '../../../platform/hot-config/fixed.ts';
import { localTime, momentOf } from '../../../platform/hot-config/local-time.ts';
import {
  calendarDay,
  isOpen,
  nextBoundary,
  nextClose,
  nextOpen,
  openingOf,
  sessionState,
} from '../../../platform/hot-config/sessions.ts';
import { hotConfigSchema } from '../../../platform/hot-config/schema.ts';
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

const called = { ...newYork, openingCallMinutes: 15, closingCallMinutes: 10 };

test.each([
  ['before the call', '2026-11-24T14:14:59Z', '2026-11-23', 'closed', 'closed'],
  ['as the call begins', '2026-11-24T14:15:00Z', '2026-11-24', 'opening_call', 'opening_call'],
  ['at the open', '2026-11-24T14:30:00Z', '2026-11-24', 'continuous', 'open'],
  ['as the closing call begins', '2026-11-24T20:50:00Z', '2026-11-24', 'closing_call', 'closing_call'],
  ['at the close', '2026-11-24T21:00:00Z', '2026-11-24', 'closed', 'closed'],
  ['on a Sunday', '2026-11-22T15:00:00Z', '2026-11-20', 'closed', 'closed'],
  ['on a holiday', '2026-11-26T15:00:00Z', '2026-11-25', 'closed', 'closed'],
  ['before an early close', '2026-11-27T17:50:00Z', '2026-11-27', 'closing_call', 'closing_call'],
  ['at an early close', '2026-11-27T18:00:00Z', '2026-11-27', 'closed', 'closed'],
  [
    'in summer time, as the call begins',
    '2026-07-06T13:15:00Z',
    '2026-07-06',
    'opening_call',
    'opening_call',
  ],
] as const)('with calls, %s', (...[, text, day, phase, state]) => {
  expect(calendarDay(called, at(text), 'UTC')).toEqual({ day, phase, closes: true });
  expect(sessionState(called, at(text))).toBe(state);
});

test('a day opens by the wall clock, and every call is a moment to wake for', () => {
  expect(show(openingOf(called, '2026-11-02'))).toBe('2026-11-02T14:30');
  expect(show(openingOf(called, '2026-10-30'))).toBe('2026-10-30T13:30');
  const next = (text: string) => show(nextBoundary([called], at(text), 'UTC'));
  expect(next('2026-11-24T12:00:00Z')).toBe('2026-11-24T14:15');
  expect(next('2026-11-24T14:15:00Z')).toBe('2026-11-24T14:30');
  expect(next('2026-11-24T14:30:00Z')).toBe('2026-11-24T20:50');
  expect(next('2026-11-24T20:50:00Z')).toBe('2026-11-24T21:00');
});

test('a close before the open, and calls that do not fit into a day or before an early close, are refused by name', () => {
  const { config } = readSeed();
  const refused = (changes: object) => {
    const regular = { ...newYork, ...changes };
    const document = new FixedConfig(config).current().config.document;
    const parsed = hotConfigSchema.safeParse({
      ...document,
      sessions: { ...document.sessions, 'us-regular': regular },
    });
    return parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  expect(refused({ openingCallMinutes: 570, closingCallMinutes: 209 })).toBeUndefined();
  expect(refused({ open: '16:00' })).toEqual([
    'sessions.us-regular.close: after the open, 16:00: a session begins and ends on one day',
  ]);
  expect(refused({ earlyCloses: { '2026-11-27': '09:30' } })).toEqual([
    'sessions.us-regular.earlyCloses.2026-11-27: after the open, 09:30: a session begins and ends on one day',
  ]);
  expect(refused({ openingCallMinutes: 571 })).toEqual([
    'sessions.us-regular.openingCallMinutes: at most 570: the call begins on the day',
  ]);
  expect(refused({ closingCallMinutes: 210 })).toEqual([
    'sessions.us-regular.closingCallMinutes: at most 209: the call begins after the open of every day',
  ]);
});
