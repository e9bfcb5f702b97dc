import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { StreamHead } from './port.ts';

/** Commits looked at in one page. */
export const writtenPageMax = 1_000;

export interface WrittenPage {
  /** Each stream once. */
  readonly heads: readonly StreamHead[];
  /** Where the next page begins. */
  readonly place: string;
  /** Nothing is left to look at for now; a look from `place` a while later finds what was written since. */
  readonly isLast: boolean;
}

/** Where a sweep finds the streams that were written since it last looked, at a price that does not grow with the log. */
export interface WrittenStreams {
  /**
   * The next page of streams after `place` (absent: from the first), each with its newest version there. Commits received after
   * `until` are left for another time: they may be on their way.
   */
  written(place: string | undefined, until: Timestamp, deadline: Deadline): Promise<WrittenPage>;
}

/** Each stream once, at the newest version of those given. */
export function newestOfEach(heads: Iterable<StreamHead>): readonly StreamHead[] {
  const newest = new Map<string, StreamHead>();
  for (const head of heads)
    if (head.version > (newest.get(head.stream)?.version ?? 0)) newest.set(head.stream, head);
  return [...newest.values()];
}

/** A commit in the order of a log that has one. */
export interface WrittenCommit extends StreamHead {
  readonly sequence: number;
  readonly at: number;
}

/** A page of a log in order: up to the first commit that is too young, since times need not be in order. */
export function lastOfEach(rows: readonly WrittenCommit[], after: number, until: Timestamp): WrittenPage {
  const young = rows.findIndex(({ at }) => at > until);
  const old = young === -1 ? rows : rows.slice(0, young);
  const heads = new Map(old.map(({ stream, version }) => [stream, { stream, version }]));
  const isLast = young !== -1 || rows.length < writtenPageMax;
  return { heads: [...heads.values()], place: String(old.at(-1)?.sequence ?? after), isLast };
}
