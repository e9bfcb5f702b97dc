import type { Deadline } from '../deadline/deadline.ts';
import type { Commit } from '../event-store/port.ts';

/**
 * What became of one commit's entry.
 * - `published`: the bus has it.
 * - `refused`: the bus will never take this entry.
 * - `unavailable`: not taken by the deadline, or not known to be. The same commit may be published again.
 */
export type Published =
  | { readonly outcome: 'published' }
  | { readonly outcome: 'refused'; readonly error: Error }
  | { readonly outcome: 'unavailable'; readonly error: Error };

/**
 * Carries commits to whoever subscribed: one entry for each, at least once, in no order. A bus may also lose what it took; no
 * consumer of ours depends on it (see `platform/consumer`).
 */
export interface Publisher {
  /** An answer for each commit, in the same order. What failed for the moment is tried again within the deadline. */
  publish(commits: readonly Commit[], deadline: Deadline): Promise<readonly Published[]>;
}

/** There is no such bus. EventBridge would take every entry, answer 200, and deliver none. */
export class BusMissing extends Error {
  override readonly name = 'BusMissing';
  readonly bus: string;
  constructor(bus: string, options?: ErrorOptions) {
    super(`there is no event bus ${bus}; everything published to it would be lost without a word`, options);
    this.bus = bus;
  }
}

/** The bus did not answer, or not in time. What was published may have arrived. Safe to publish again. */
export class BusUnavailable extends Error {
  override readonly name = 'BusUnavailable';
  readonly retryable = true;
}

/** The bus refused the call or the entry as such. Repeating it does not help. */
export class BusRejected extends Error {
  override readonly name = 'BusRejected';
  readonly retryable = false;
}
