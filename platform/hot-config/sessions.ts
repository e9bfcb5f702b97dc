import type { Timestamp } from '../../domain/values/time.ts';
import { localTime, minuteOf, momentOf, nextDate, weekday } from './local-time.ts';
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

function isSessionDay(session: Hours, date: string): boolean {
  return session.weekdays.includes(weekday(date)) && !session.holidays.includes(date);
}

function closeOn(session: Hours, date: string): string {
  return session.earlyCloses[date] ?? session.close;
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

/** Whether the market has opened between the two, the second included. Around the clock it never does: it is open. */
export function hasOpened(session: SessionEntry, after: Timestamp, until: Timestamp): boolean {
  if (session.kind === 'continuous') return false;
  const opening = nextOpen(session, after);
  return opening !== undefined && opening <= until;
}

/** The next moment at which anything here opens, closes or begins a new day; undefined when nothing is in sight. */
export function nextBoundary(
  sessions: readonly SessionEntry[],
  at: Timestamp,
  dayTimeZone: string,
): Timestamp | undefined {
  const moments = sessions.flatMap((session) => [
    ...(session.kind === 'hours' ? [nextOpen(session, at)] : []),
    dayEnd(session, at, dayTimeZone),
  ]);
  return moments.filter((moment) => moment !== undefined).toSorted((a, b) => a - b)[0];
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
