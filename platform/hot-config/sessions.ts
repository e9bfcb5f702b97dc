import type { SessionState } from '../../domain/risk/rules.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { CalendarDay } from '../../domain/venue/calendar-day.ts';
import { clockTime, localTime, minuteOf, momentOf, nextDate, previousDate, weekday } from './local-time.ts';
import type { SessionEntry } from './schema.ts';

type Hours = Extract<SessionEntry, { kind: 'hours' }>;

/** A session that never opens again within this many days is misconfigured; who asks is told so. */
const lookAheadDays = 30;

export function isOpen(session: SessionEntry, at: Timestamp): boolean {
  if (session.kind === 'continuous') return true;
  const { date, minute } = localTime(at, session.timeZone);
  return (
    isSessionDay(session, date) &&
    minute >= minuteOf(session.open) &&
    minute < minuteOf(closeOn(session, date))
  );
}

/** What a market does with an order of this moment: trade it, gather it for an auction, or not take it. */
export function sessionState(session: SessionEntry, at: Timestamp): SessionState {
  if (session.kind === 'continuous') return 'open';
  const { date, minute } = localTime(at, session.timeZone);
  return isSessionDay(session, date) ? stateAt(session, date, minute) : 'closed';
}

function stateAt(session: Hours, date: string, minute: number): SessionState {
  if (minute < minuteOf(openingCallOf(session))) return 'closed';
  if (minute < minuteOf(session.open)) return 'opening_call';
  if (minute < minuteOf(closingCallOn(session, date))) return 'open';
  return minute < minuteOf(closeOn(session, date)) ? 'closing_call' : 'closed';
}

/**
 * The last trading day that has begun, with its opening call, and how far it is; undefined where none has in sight. Around the clock
 * a day goes over into the next without a close.
 */
export function calendarDay(
  session: SessionEntry,
  at: Timestamp,
  dayTimeZone: string,
): CalendarDay | undefined {
  if (session.kind === 'continuous')
    return { day: localTime(at, dayTimeZone).date, phase: 'continuous', closes: false };
  const { date: today, minute } = localTime(at, session.timeZone);
  const hasBegun = isSessionDay(session, today) && minute >= minuteOf(openingCallOf(session));
  if (hasBegun) {
    const state = stateAt(session, today, minute);
    return { day: today, phase: state === 'open' ? 'continuous' : state, closes: true };
  }
  let date = today;
  for (let days = 0; days < lookAheadDays; days += 1) {
    date = previousDate(date);
    if (isSessionDay(session, date)) return { day: date, phase: 'closed', closes: true };
  }
  return undefined;
}

/** The moment at which a day of `calendarDay` opens; around the clock it has always been open. */
export function openingOf(session: SessionEntry, day: string): Timestamp {
  return session.kind === 'hours' ? momentOf(day, session.open, session.timeZone) : timestamp(0);
}

function isSessionDay(session: Hours, date: string): boolean {
  return session.weekdays.includes(weekday(date)) && !session.holidays.includes(date);
}

function closeOn(session: Hours, date: string): string {
  return session.earlyCloses[date] ?? session.close;
}

function openingCallOf({ open, openingCallMinutes = 0 }: Hours): string {
  return clockTime(minuteOf(open) - openingCallMinutes);
}

function closingCallOn(session: Hours, date: string): string {
  return clockTime(minuteOf(closeOn(session, date)) - (session.closingCallMinutes ?? 0));
}

/** A day on which a market opens, by the wall clock of its zone. */
export interface MarketDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `HH:MM`; an open end is `24:00`. */
  readonly open: string;
  readonly close: string;
}

/** The days from `start` to `end`, both included, on which the market opens. Around the clock it opens every day. */
export function marketDays(session: SessionEntry, start: string, end: string): readonly MarketDay[] {
  const days: MarketDay[] = [];
  for (let date = start; date <= end; date = nextDate(date)) {
    if (session.kind === 'continuous') days.push({ date, open: '00:00', close: '24:00' });
    else if (isSessionDay(session, date))
      days.push({ date, open: session.open, close: closeOn(session, date) });
  }
  return days;
}

/** The first opening after `at`; undefined when there is none in sight. */
export function nextOpen(session: Hours, at: Timestamp): Timestamp | undefined {
  return firstAfter(session, at, () => session.open);
}

export function nextClose(session: Hours, at: Timestamp): Timestamp | undefined {
  return firstAfter(session, at, (date) => closeOn(session, date));
}

/** When the trading day that an order of this moment counts for is over: at its session's close; around the clock, at midnight. */
export function dayEnd(session: SessionEntry, at: Timestamp, dayTimeZone: string): Timestamp | undefined {
  if (session.kind === 'hours') return nextClose(session, at);
  return momentOf(nextDate(localTime(at, dayTimeZone).date), '00:00', dayTimeZone);
}

/** Whether an opening has begun to gather orders between the two, the second included. Around the clock there are none. */
export function hasCalled(session: SessionEntry, after: Timestamp, until: Timestamp): boolean {
  if (session.kind === 'continuous') return false;
  const call = firstAfter(session, after, () => openingCallOf(session));
  return call !== undefined && call <= until;
}

/** The next moment at which anything here calls, opens, closes or begins a new day; undefined when nothing is in sight. */
export function nextBoundary(
  sessions: readonly SessionEntry[],
  at: Timestamp,
  dayTimeZone: string,
): Timestamp | undefined {
  const moments = sessions.flatMap((session) => [
    ...(session.kind === 'hours' ? callsAndOpen(session, at) : []),
    dayEnd(session, at, dayTimeZone),
  ]);
  return moments.filter((moment) => moment !== undefined).toSorted((a, b) => a - b)[0];
}

function callsAndOpen(session: Hours, at: Timestamp): readonly (Timestamp | undefined)[] {
  return [
    nextOpen(session, at),
    firstAfter(session, at, () => openingCallOf(session)),
    firstAfter(session, at, (date) => closingCallOn(session, date)),
  ];
}

function firstAfter(session: Hours, at: Timestamp, time: (date: string) => string): Timestamp | undefined {
  let { date } = localTime(at, session.timeZone);
  for (let day = 0; day < lookAheadDays; day += 1, date = nextDate(date)) {
    if (!isSessionDay(session, date)) continue;
    const moment = momentOf(date, time(date), session.timeZone);
    if (moment > at) return moment;
  }
  return undefined;
}
