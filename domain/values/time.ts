import { assert } from './assert.ts';
import type { Brand } from './brand.ts';

/** Microseconds since 1970-01-01T00:00:00Z. */
export type Timestamp = Brand<number, 'Timestamp'>;

export function timestamp(microseconds: number): Timestamp {
  assert(
    Number.isSafeInteger(microseconds) && microseconds >= 0,
    `${microseconds} is not a timestamp in microseconds`,
  );
  return microseconds as Timestamp;
}

/** RFC 3339 in UTC with six decimals, as clients and auditors read it. */
export function formatTimestamp(at: Timestamp): string {
  const milliseconds = Math.floor(at / 1000);
  const micros = String(at % 1000).padStart(3, '0');
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${micros}Z`;
}

/** Beyond it microseconds are too many to be counted exactly, not by far: times are of the centuries that trade. */
const latestMilliseconds = Date.UTC(2200, 0);

/** Accepts RFC 3339 from 1970 to 2199 with up to nine decimals (truncated to six); undefined when it is not one. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2}))?$/.exec(text);
  if (!match) return undefined;
  const [, date, clock = '00:00:00', fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${clock}${zone.toUpperCase()}`);
  if (!(milliseconds < latestMilliseconds) || !exists(date)) return undefined;
  const microseconds = milliseconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
  return microseconds >= 0 ? timestamp(microseconds) : undefined;
}

/** `Date` reads the 30th of February as the 1st of March. */
function exists(date = ''): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
