import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { sqliteCode } from './data-folder.ts';
import { StoreOverloaded, StoreUnavailable } from './errors.ts';

export interface GroupCommitLimits {
  /** Jobs in one transaction: bounds how long the event loop stands still. */
  readonly groupMax: number;
  /** Jobs waiting; one more is refused. */
  readonly queueMax: number;
}

export const groupCommitLimits: GroupCommitLimits = { groupMax: 512, queueMax: 20_000 };

/**
 * Runs what arrives in one turn of the event loop in one durable transaction: one sync of the disk for all of it. Nobody is
 * answered before COMMIT has returned, and when it fails nobody is told of success. A group runs in one go, so no read, which
 * shares the connection, ever sees half of it.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #limits: GroupCommitLimits;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #listeners = new Set<() => void>();
  #queue: Job[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #isClosed = false;

  constructor(database: DatabaseSync, limits: GroupCommitLimits) {
    this.#database = database;
    this.#limits = limits;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
  }

  /**
   * For work that checks everything before its first write: when it throws of itself it has written nothing, and when SQLite
   * throws the whole group fails. That spares a savepoint for each.
   */
  run<Result>(work: () => Result): Promise<Result> {
    return this.#enqueue(work, false);
  }

  /** For any work: what it wrote is undone when it throws, and the rest of the group goes on. */
  runIsolated<Result>(work: () => Result): Promise<Result> {
    return this.#enqueue(work, true);
  }

  /** Called after each group that became durable. Returns how to stop. */
  onFlush(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what is waiting and takes no more. */
  close(): void {
    this.#isClosed = true;
    clearImmediate(this.#scheduled);
    while (this.#queue.length > 0) this.#flush();
  }

  async #enqueue<Result>(work: () => Result, isIsolated: boolean): Promise<Result> {
    if (this.#isClosed) throw new StoreUnavailable('the store is closed');
    if (this.#queue.length >= this.#limits.queueMax) {
      throw new StoreOverloaded(`${this.#queue.length} writes are waiting already`);
    }
    const { job, answer } = jobOf(work, isIsolated);
    this.#queue.push(job);
    this.#scheduled ??= setImmediate(() => this.#flush());
    return answer;
  }

  #flush(): void {
    this.#scheduled = undefined;
    const { groupMax } = this.#limits;
    const group = this.#queue.slice(0, groupMax);
    this.#queue = this.#queue.slice(groupMax);
    if (this.#queue.length > 0 && !this.#isClosed) this.#scheduled = setImmediate(() => this.#flush());
    const failure = this.#write(group);
    for (const job of group) job.settle(failure);
    if (!failure) for (const listener of this.#listeners) listener();
  }

  #write(group: readonly Job[]): StoreUnavailable | undefined {
    try {
      this.#begin.run();
      for (const job of group) this.#stage(job);
      this.#commit.run();
      return undefined;
    } catch (cause) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return new StoreUnavailable(`nothing could be written: ${messageOf(cause)}`, { cause });
    }
  }

  #stage(job: Job): void {
    if (job.isIsolated) this.#database.exec('SAVEPOINT job');
    const error = job.stage();
    if (error === undefined) {
      if (job.isIsolated) this.#database.exec('RELEASE job');
    } else if (job.isIsolated && this.#database.isTransaction) {
      this.#database.exec('ROLLBACK TO job; RELEASE job');
    } else if (!this.#database.isTransaction || sqliteCode(error.cause) !== undefined) {
      throw error.cause;
    }
  }
}

interface Job {
  readonly isIsolated: boolean;
  /** Does the work; what it threw comes back as `cause`. */
  stage(): { readonly cause: unknown } | undefined;
  /** Answers the caller: with `failure` when the group failed, otherwise with what the work gave. */
  settle(failure: StoreUnavailable | undefined): void;
}

function jobOf<Result>(
  work: () => Result,
  isIsolated: boolean,
): { readonly job: Job; readonly answer: Promise<Result> } {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  let settleOwn: (() => void) | undefined;
  const stage = (): { readonly cause: unknown } | undefined => {
    try {
      const result = work();
      settleOwn = () => resolve(result);
      return undefined;
    } catch (cause) {
      settleOwn = () => reject(cause);
      return { cause };
    }
  };
  const settle = (failure: StoreUnavailable | undefined): void => {
    if (failure) reject(failure);
    else settleOwn?.();
  };
  return { job: { isIsolated, stage, settle }, answer: promise };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
