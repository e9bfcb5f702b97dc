import type { DomainEvent } from '../decider.ts';
import type { Contract } from '../instrument/instrument.ts';
import type { BookInput } from './book-input.ts';
import type { BookOutput } from './book-output.ts';
import type { Phase } from './phase.ts';

/** First event of a book: the units its prices and quantities are counted in, for ever. `day`: the trading day it begins in. */
export type BookOpened = DomainEvent<
  'BookOpened',
  { readonly contract: Contract; readonly phase: Phase; readonly day?: string }
>;

/**
 * A batch of inputs and what came of it, as far as one commit holds it. `owed`: so many more outputs of these inputs follow in the
 * commits after this one, each a batch without inputs.
 */
export type BatchMatched = DomainEvent<
  'BatchMatched',
  {
    readonly inputs: readonly BookInput[];
    readonly outputs: readonly BookOutput[];
    readonly owed?: number;
  }
>;

/** Where the book of `version` was written down beside the log, in so many chunks, and what they must hash to. */
export interface SnapshotReference {
  readonly version: number;
  readonly chunks: number;
  /** SHA-256 over all chunks in order, base64url. */
  readonly hash: string;
}

/** From here on a reader may begin at this snapshot; the one before stays until then. */
export type SnapshotTaken = DomainEvent<'SnapshotTaken', SnapshotReference>;

export type BookEvent = BookOpened | BatchMatched | SnapshotTaken;
