import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit } from '../event-store/port.ts';

/** What a consumer makes of commits: pure, one stream at a time, in order. */
export interface Projection<Memory, Effect> {
  /** The consumer's name: of its cursors, of what it parked. Another name starts from the beginning. */
  readonly name: string;
  /** The kinds of streams it takes: the prefix before the first `-`. */
  readonly kinds: readonly string[];
  /** What it remembers of a stream it has not seen. Memory is bounded however long the stream, and survives JSON. */
  readonly initial: Memory;
  apply(memory: Memory, commit: Commit): { readonly memory: Memory; readonly effect: Effect };
  /** Memory as it was stored, through JSON, by a projection of the same name. */
  restore(stored: unknown): Memory;
}

/** How far a consumer has applied one stream, and what it remembers of it, where that is stored. */
export interface Progress {
  readonly applied: number;
  /** Absent where reading the stream again costs less than storing this with every commit: where the log is on the same disk. */
  readonly memory?: unknown;
}

/** The next commits of one stream, applied: written only if the stream is still at `from`. */
export interface Advance<Effect> {
  readonly stream: string;
  /** 0: nothing applied yet. */
  readonly from: number;
  readonly to: number;
  readonly memory: unknown;
  /** One for each commit, in order. */
  readonly effects: readonly Effect[];
}

export type Written = 'written' | 'conflict';

/** Where a consumer's effects live, its cursors beside them: both move as one or not at all. */
export interface EffectStore<Effect> {
  /** Of those streams that anything was applied of. */
  progress(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Progress>>;
  /**
   * Every advance on its own: effects and cursor as one, under the condition that the cursor is still at `from`. What it throws
   * has left each advance either written or not. `mark`: the place in a local feed, saved in the same transaction when all are
   * written; only stores in the same file as the feed know it.
   */
  write(advances: readonly Advance<Effect>[], deadline: Deadline, mark?: string): Promise<readonly Written[]>;
  /** Works out what writes have put off because it would have cost each of them much. Cheap when there is nothing. */
  settle(deadline: Deadline): Promise<void>;
  /** Whether `write` saves marks. */
  readonly savesMarks: boolean;
}

/** A commit that a consumer cannot apply, and with it everything after it in the stream. */
export interface Parked {
  readonly stream: string;
  readonly version: number;
  readonly error: string;
  readonly at: Timestamp;
}

/** What could not be processed, for somebody to look at and drive again. One entry for each consumer and stream. */
export interface Parking {
  /** `known` when the same version was parked already; the entry then stays as it is. */
  park(consumer: string, parked: Parked, deadline: Deadline): Promise<'parked' | 'known'>;
  parked(consumer: string, deadline: Deadline): Promise<readonly Parked[]>;
  unpark(consumer: string, stream: string, deadline: Deadline): Promise<void>;
}

/** `order` for `order-7f3a...`. */
export function kindOf(stream: string): string {
  return stream.slice(0, stream.indexOf('-'));
}
