import type { Deadline } from '../deadline/deadline.ts';
import type { Actor } from '../event-store/port.ts';

/** What goes with a command into its commit: who, why, under what, until when. */
export interface CommandContext {
  readonly actor: Actor;
  readonly deadline: Deadline;
  /**
   * The client's idempotency key with the hash of the request; both or neither. Remembered: the first of a stream for ever, of
   * the others the last 64. They travel in snapshots, so the door bounds their length.
   */
  readonly key?: { readonly commandId: string; readonly requestHash: string };
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** Version of the hot config the command was prepared under. */
  readonly config?: string;
  /** The account's ownership epoch; absent: that of the stream's latest commit, 1 for a new stream. */
  readonly epoch?: number;
  /**
   * The stream most likely does not exist, as when an order is placed: a stream not in the cache is taken for new, which costs
   * no read. When it does exist the write meets its first commit, which is then the answer or what is decided on next.
   */
  readonly expectNew?: boolean;
}
