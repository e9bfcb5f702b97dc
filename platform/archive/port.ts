import type { Deadline } from '../deadline/deadline.ts';

/** `known`: there is an object of this name already, and it stays as it is. */
export type Kept = 'kept' | 'known';

export interface ArchiveReader {
  /**
   * The names that begin with `prefix`, in order of their bytes, however many pages there are: each is read by a deadline of its own,
   * which `deadlineOf` gives. Throws `ArchiveUnavailable`, `ArchiveRejected`.
   */
  names(prefix: string, deadlineOf: () => Deadline): AsyncIterable<string>;

  /** The object's bytes; undefined: there is none of this name. Throws `ArchiveUnavailable`, `ArchiveRejected`. */
  read(name: string, deadline: Deadline): Promise<Uint8Array | undefined>;
}

/** Where something is put down once, and never again: nothing in it is overwritten. */
export interface Archive extends ArchiveReader {
  /**
   * Keeps the bytes under the name, if there is nothing under it. Safe to repeat. Throws `ArchiveUnavailable` where that could not be
   * learned within the deadline, `ArchiveRejected`.
   */
  keep(name: string, bytes: Uint8Array, deadline: Deadline): Promise<Kept>;
}

/** The archive did not answer, or not in time. What was to be kept may be there. Safe to repeat. */
export class ArchiveUnavailable extends Error {
  override readonly name = 'ArchiveUnavailable';
  readonly retryable = true;
}

/** The archive refused the call as such: a missing bucket, a missing right. Repeating helps once somebody has put it right. */
export class ArchiveRejected extends Error {
  override readonly name = 'ArchiveRejected';
  readonly retryable = false;
}
