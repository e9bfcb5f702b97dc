import { describe, expect, test } from 'vitest';
import { parseTimestamp, type Timestamp, timestamp } from '../../../domain/values/time.ts';
import type { SessionEntry } from '../../../platform/hot-config/schema.ts';
import { dueOf, isInForce, type Market } from '../../../platform/sessions/due.ts';

const newYork: SessionEntry = {
  kind: 'hours',
  timeZone: 'America/New_York',
  weekdays: [1, 2, 3, 4, 5],
  open: '09:30',
  close: '16:00',
  holidays: ['2026-11-26'],
  earlyCloses: { '2026-11-27': '13:00' },
};
const ours: Market = { session: newYork, dayTimeZone: 'UTC', isOurs: true, isHalted: false };
const another: Market = { ...ours, isOurs: false };
const aroundTheClock: Market = { ...ours, session: { kind: 'continuous' } };

function at(text: string): Timestamp {
  const moment = parseTimestamp(text);
  if (moment === undefined) throw new Error(text);
  return moment;
}

const row = (
  timeInForce: 'day' | 'gtc' | 'gtd' | 'opg' | 'cls',
  submitted: string,
  status: 'new' | 'accepted' | 'held' | 'pending_cancel' = 'new',
) => ({ timeInForce, submittedAt: at(submitted), status }) as const;

describe('a day order', () => {
  test.each([
    ['the day before, a second before the close', '2026-11-24T20:59:59Z', 'nothing'],
    ['at the close, which the book sees to itself', '2026-11-24T21:00:04.999999Z', 'nothing'],
    ['moments later, when it came to the book after the close', '2026-11-24T21:00:05Z', 'ask-to-cancel'],
    ['a week later, after a long downtime', '2026-12-01T12:00:00Z', 'ask-to-cancel'],
  ])('of a Tuesday morning: %s', (_, now, due) => {
    expect(dueOf(row('day', '2026-11-24T15:00:00Z'), ours, at(now))).toBe(due);
  });

  test('that is with us expires, also one that waits for its entry', () => {
    for (const status of ['accepted', 'held'] as const)
      expect(dueOf(row('day', '2026-11-24T15:00:00Z', status), ours, at('2026-11-24T21:00:00Z'))).toBe(
        'expire',
      );
  });

  test('at another venue is that venue’s to end, for a while', () => {
    const order = row('day', '2026-11-24T15:00:00Z');
    expect(dueOf(order, another, at('2026-11-24T21:14:59Z'))).toBe('nothing');
    expect(dueOf(order, another, at('2026-11-24T21:15:00Z'))).toBe('ask-to-cancel');
  });

  test('is asked to cancel once', () => {
    expect(
      dueOf(row('day', '2026-11-24T15:00:00Z', 'pending_cancel'), ours, at('2026-11-25T15:00:00Z')),
    ).toBe('nothing');
  });

  test('of an evening is for the next session, past a holiday and up to its early close', () => {
    const order = row('day', '2026-11-25T22:00:00Z', 'accepted');
    expect(dueOf(order, ours, at('2026-11-26T15:00:00Z'))).toBe('nothing');
    expect(dueOf(order, ours, at('2026-11-27T14:29:59Z'))).toBe('nothing');
    expect(dueOf(order, ours, at('2026-11-27T14:30:00Z'))).toBe('release');
    expect(dueOf(order, ours, at('2026-11-27T18:00:00Z'))).toBe('expire');
  });

  test.each([
    ['winter begins', '2026-10-30T15:00:00Z', '2026-10-30T20:00:00Z'],
    ['winter has begun', '2026-11-02T15:00:00Z', '2026-11-02T21:00:00Z'],
    ['summer begins', '2026-03-06T15:00:00Z', '2026-03-06T21:00:00Z'],
    ['summer has begun', '2026-03-09T15:00:00Z', '2026-03-09T20:00:00Z'],
  ])('closes by the wall clock: %s', (_, submitted, close) => {
    const order = row('day', submitted, 'accepted');
    expect(dueOf(order, ours, timestamp(at(close) - 1))).toBe('release');
    expect(dueOf(order, ours, at(close))).toBe('expire');
  });

  test('around the clock ends at midnight of the trading day', () => {
    const order = row('day', '2026-11-24T23:59:59Z');
    expect(dueOf(order, aroundTheClock, at('2026-11-24T23:59:59.999Z'))).toBe('nothing');
    expect(dueOf(order, aroundTheClock, at('2026-11-25T00:00:00Z'))).toBe('ask-to-cancel');
    expect(dueOf(row('day', '2026-11-25T00:00:00Z'), aroundTheClock, at('2026-11-25T00:00:01Z'))).toBe(
      'nothing',
    );
  });
});

describe('other orders', () => {
  test('good till canceled never end, and enter at the open', () => {
    expect(dueOf(row('gtc', '2026-01-02T15:00:00Z'), ours, at('2027-01-04T15:00:00Z'))).toBe('nothing');
    expect(dueOf(row('gtc', '2026-01-02T15:00:00Z', 'accepted'), ours, at('2027-01-04T15:00:00Z'))).toBe(
      'release',
    );
  });

  test('good till a date end at its moment, open or closed', () => {
    const order = { ...row('gtd', '2026-11-20T15:00:00Z'), expireAt: at('2026-11-22T12:00:00Z') };
    expect(dueOf(order, ours, at('2026-11-22T11:59:59Z'))).toBe('nothing');
    expect(dueOf(order, ours, at('2026-11-22T12:00:00Z'))).toBe('ask-to-cancel');
  });

  test('for the opening wait for the next one, also when they came during a session', () => {
    const order = row('opg', '2026-11-24T15:00:00Z', 'accepted');
    expect(dueOf(order, ours, at('2026-11-24T16:00:00Z'))).toBe('nothing');
    const evening = row('opg', '2026-11-24T22:00:00Z', 'accepted');
    expect(dueOf(evening, ours, at('2026-11-25T14:30:00Z'))).toBe('release');
  });

  test('enter with the opening call, where there is one, and not after the close', () => {
    const called: Market = {
      ...ours,
      session: { ...newYork, openingCallMinutes: 10, closingCallMinutes: 5 },
    };
    for (const timeInForce of ['opg', 'gtc'] as const) {
      const order = row(timeInForce, '2026-11-24T12:00:00Z', 'accepted');
      expect(dueOf(order, called, at('2026-11-24T14:19:59Z'))).toBe('nothing');
      expect(dueOf(order, called, at('2026-11-24T14:20:00Z'))).toBe('release');
    }
    const late = row('gtc', '2026-11-24T20:00:00Z', 'accepted');
    expect(dueOf(late, called, at('2026-11-24T20:59:59Z'))).toBe('release');
    expect(dueOf(late, called, at('2026-11-24T21:00:00Z'))).toBe('nothing');
  });

  test('of a halted instrument are not released', () => {
    const order = row('gtc', '2026-11-24T12:00:00Z', 'accepted');
    expect(dueOf(order, { ...ours, isHalted: true }, at('2026-11-24T15:00:00Z'))).toBe('nothing');
  });

  test('have one id in force', () => {
    const base = { id: 'a', orderId: 'a', status: 'new', leavesQuantity: '5' } as const;
    expect(isInForce(base)).toBe(true);
    const second = { ...base, id: 'b', status: 'pending_new', replaces: 'a' } as const;
    expect(isInForce({ ...second, leavesQuantity: '0' })).toBe(false);
    // Replaced while it was with us, and at its venue since.
    expect(isInForce(second)).toBe(true);
    expect(isInForce({ ...base, id: 's', status: 'held', orderClass: 'oco', stopPrice: '95' })).toBe(false);
    expect(isInForce({ ...base, status: 'held', orderClass: 'oto', stopPrice: '95' })).toBe(true);
    expect(isInForce({ ...base, id: 's', orderClass: 'oco', stopPrice: '95' })).toBe(true);
  });
});
