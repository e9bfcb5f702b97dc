import type { Timestamp } from '../../domain/values/time.ts';

/** Tries of one delivery so far, and when the next is due. */
export interface Attempts {
  readonly number: number;
  readonly made: number;
  readonly nextAt: Timestamp;
}

/** Where the deliveries of one webhook have got. Stays as small as this however many there were. */
export interface DeliveryLine {
  readonly webhookId: string;
  /** Counts the writes: each is made under the condition that nobody else made it. */
  readonly revision: number;
  /** Every number up to this one was delivered, was parked, or is of no interest. */
  readonly finished: number;
  /** The number after it that is being delivered, once a try has failed. */
  readonly current?: Attempts;
  /** Asked for once more, the first first. */
  readonly again: readonly Attempts[];
  readonly parkedInARow: number;
}

/** More is not asked for once more at a time. */
export const againMax = 100;

export function newLine(webhookId: string, after: number): DeliveryLine {
  return { webhookId, revision: 0, finished: after, again: [], parkedInARow: 0 };
}

/** What is due at `now`: what was asked for once more before what is next in order. */
export function dueAgain({ again }: DeliveryLine, now: Timestamp): Attempts | undefined {
  return again.find(({ nextAt }) => nextAt <= now);
}

/** When to look again, as far as the line knows; undefined: when there is something new. */
export function nextTry({ again, current }: DeliveryLine): Timestamp | undefined {
  const times = [...again, ...(current ? [current] : [])].map(({ nextAt }) => nextAt);
  return times.length > 0 ? times.reduce((one, other) => (other < one ? other : one)) : undefined;
}

/** Nothing up to `number` is of interest. */
export function skipped(line: DeliveryLine, number: number): DeliveryLine {
  return number > line.finished ? { ...line, finished: number } : line;
}

export function isAgain(line: DeliveryLine, number: number): boolean {
  return number <= line.finished;
}

/** `parked`: given up, until somebody asks for it once more. */
export function ended(line: DeliveryLine, number: number, how: 'delivered' | 'parked'): DeliveryLine {
  const parkedInARow = how === 'delivered' ? 0 : line.parkedInARow + 1;
  if (isAgain(line, number))
    return {
      ...line,
      again: line.again.filter((one) => one.number !== number),
      ...(how === 'delivered' && { parkedInARow }),
    };
  const { current: _done, ...rest } = line;
  return { ...rest, finished: number, parkedInARow };
}

export function triedInVain(line: DeliveryLine, attempts: Attempts): DeliveryLine {
  if (!isAgain(line, attempts.number)) return { ...line, current: attempts };
  return { ...line, again: line.again.map((one) => (one.number === attempts.number ? attempts : one)) };
}

/** Due at once, with all tries before it. What is waiting for its next try anyway is only due sooner. */
export function askedAgain(line: DeliveryLine, number: number, now: Timestamp): DeliveryLine | 'full' {
  const { current, again } = line;
  if (current?.number === number) return { ...line, current: { ...current, nextAt: now } };
  const others = again.filter((one) => one.number !== number);
  if (others.length >= againMax) return 'full';
  return { ...line, again: [...others, { number, made: 0, nextAt: now }] };
}

/** After somebody looked at it: what is in order is due at once, and the count begins anew. */
export function resumed(line: DeliveryLine, now: Timestamp): DeliveryLine {
  const { current } = line;
  return { ...line, parkedInARow: 0, ...(current && { current: { ...current, nextAt: now } }) };
}
