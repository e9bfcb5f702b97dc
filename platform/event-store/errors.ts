import { ImpossibleState } from '../../domain/values/assert.ts';

/** Somebody else kept writing this stream until our attempts or our time ran out. Safe to retry. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  readonly retryable = true;
  readonly stream: string;
  readonly version: number;
  constructor(stream: string, version: number, attempts: number) {
    super(`${stream} was at version ${version} already, after ${attempts} attempts`);
    this.stream = stream;
    this.version = version;
  }
}

/** The store did not answer, or not in time; the write may or may not have happened. Safe to retry with the same key. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
  readonly retryable = true;
}

/** More is waiting to be written than the store takes on. Nothing was written. */
export class StoreOverloaded extends StoreUnavailable {
  override readonly name = 'StoreOverloaded';
}

/** The disk has no room. Nothing was written, and nobody was told that it was. Goes on by itself when there is room again. */
export class StoreFull extends StoreUnavailable {
  override readonly name = 'StoreFull';
}

/**
 * The database refused the call as such: a missing table, a missing right, a call it cannot read. A fault of ours or of the
 * installation; repeating it does not help.
 */
export class StoreRejected extends Error {
  override readonly name = 'StoreRejected';
  readonly retryable = false;
}

/** The write would not fit what the store can hold; found before any call was made. */
export class LimitExceeded extends Error {
  override readonly name = 'LimitExceeded';
  readonly limit:
    | 'commit-bytes'
    | 'events-per-commit'
    | 'items-per-transaction'
    | 'item-bytes'
    | 'transaction-bytes';
  readonly allowed: number;
  readonly actual: number;
  constructor(limit: LimitExceeded['limit'], allowed: number, actual: number) {
    super(`${limit}: ${actual} is above the ${allowed} allowed`);
    this.limit = limit;
    this.allowed = allowed;
    this.actual = actual;
  }
}

/** A stream lacks a version that must exist, or is written past its end. Never happens unless the log was tampered with. */
export class VersionGap extends Error {
  override readonly name = 'VersionGap';
}

/** Stored bytes are not what was written: a hash that does not match, an unknown event or schema, malformed JSON. */
export class CorruptCommit extends Error {
  override readonly name = 'CorruptCommit';
}

/** Whether an error says that what is stored is wrong: neither the caller's mistake nor something that passes by itself. */
export function isDamage(error: unknown): error is Error {
  return error instanceof ImpossibleState || error instanceof CorruptCommit || error instanceof VersionGap;
}
