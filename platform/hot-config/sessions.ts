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

/** The first opening after `at`; undefined when there is none in sight. */
export function nextOpen(session: Hours, at: Timestamp): Timestamp | undefined {
  return firstAfter(session, at, () => session.open);
}

export function nextClose(session: Hours, at: Timestamp): Timestamp | undefined {
  return firstAfter(session, at, (date) => closeOn(session, date));
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
