import { type Timestamp, timestamp } from '../../domain/values/time.ts';

/** Zones change their offset on quarter hours only, and looking one up is slow: the last quarter hour asked for is kept. */
const quarterMs = 15 * 60_000;
const known = new Map<string, { quarter: number; offsetMs: number }>();
const knownMax = 100;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const found = formats.get(timeZone);
  if (found) return found;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  if (formats.size < knownMax) formats.set(timeZone, format);
  return format;
}

function offsetAt(milliseconds: number, timeZone: string): number {
  const quarter = Math.floor(milliseconds / quarterMs);
  const last = known.get(timeZone);
  if (last?.quarter === quarter) return last.offsetMs;
  const text = formatOf(timeZone)
    .formatToParts(milliseconds)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(text ?? '');
  const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  const offsetMs = (match?.[1] === '-' ? -minutes : minutes) * 60_000;
  if (known.size < knownMax || last) known.set(timeZone, { quarter, offsetMs });
  return offsetMs;
}

/** A moment as the wall calendar and clock of a zone show it. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Minutes since local midnight, by the wall clock. */
  readonly minute: number;
}

export function localTime(at: Timestamp, timeZone: string): LocalTime {
  const milliseconds = Math.floor(at / 1000);
  const local = milliseconds + offsetAt(milliseconds, timeZone);
  const date = dateText(local);
  return { date, minute: Math.floor((local % dayMs) / 60_000) };
}

/** The moment a zone's wall clock shows `HH:MM` on that date. Sessions never begin or end in an hour that is skipped or repeated. */
export function momentOf(date: string, time: string, timeZone: string): Timestamp {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const first = wall - offsetAt(wall, timeZone);
  return timestamp((wall - offsetAt(first, timeZone)) * 1000);
}

const dayMs = 86_400_000;
/** Orders ask for the same day many times in a row. */
let lastDate = { day: Number.NaN, text: '' };

export function dateText(milliseconds: number): string {
  const day = Math.floor(milliseconds / dayMs);
  if (lastDate.day !== day)
    lastDate = { day, text: new Date(milliseconds).toISOString().slice(0, 'YYYY-MM-DD'.length) };
  return lastDate.text;
}

export function nextDate(date: string): string {
  return dateText(Date.parse(date) + dayMs);
}

export function previousDate(date: string): string {
  return dateText(Date.parse(date) - dayMs);
}

/** ISO weekday, Monday is 1. */
export function weekday(date: string): number {
  return ((new Date(date).getUTCDay() + 6) % 7) + 1;
}

export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** `HH:MM` of so many minutes since midnight. */
export function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
