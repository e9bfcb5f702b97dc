import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { systemClock } from '../clock/clock.ts';
import { sqliteCode, sqliteFull } from './data-folder.ts';
import { StoreFull, StoreOverloaded, StoreUnavailable } from './errors.ts';

export interface GroupCommitLimits {
  /** Jobs in one transaction: bounds how long the event loop stands still. */
  readonly groupMax: number;
  /** Jobs waiting; one more is refused. */
  readonly queueMax: number;
}

export const groupCommitLimits: GroupCommitLimits = { groupMax: 512, queueMax: 20_000 };

/** One transaction, for who counts them. */
export interface GroupReport {
  readonly jobs: number;
  readonly durationMs: number;
  readonly failure: StoreUnavailable | undefined;
}

/**
 * Runs what arrives in one turn of the event loop in one durable transaction: one sync of the disk for all of it. Nobody is
 * answered before COMMIT has returned, and when it fails nobody is told of success. A group runs in one go, so no read, which
 * shares the connection, ever sees half of it.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #limits: GroupCommitLimits;
  readonly #onEnd: (isDurable: boolean) => void;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Set<(report: GroupReport) => void>();
  readonly #queue: Waiting[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #isClosed = false;
  #isFull = false;

  /** `onEnd` is called after each transaction, before anybody is answered. It must not throw. */
  constructor(
    database: DatabaseSync,
    limits: GroupCommitLimits,
    onEnd: (isDurable: boolean) => void = () => undefined,
  ) {
    this.#database = database;
    this.#onEnd = onEnd;
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

  /** Called after each group, durable or not. */
  onGroup(watcher: (report: GroupReport) => void): void {
    this.#watchers.add(watcher);
  }

  /** The last group did not fit on the disk. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Writes what is waiting and takes no more. */
  close(): void {
    this.#isClosed = true;
    clearImmediate(this.#scheduled);
    while (this.#queue.length > 0) this.#flush();
  }

  #enqueue<Result>(work: () => Result, isIsolated: boolean): Promise<Result> {
    if (this.#isClosed) return Promise.reject(new StoreUnavailable('the store is closed'));
    const waiting = this.#queue.length;
    if (waiting >= this.#limits.queueMax)
      return Promise.reject(new StoreOverloaded(`${waiting} writes are waiting already`));
    const job = new Job(work, isIsolated);
    this.#queue.push(job);
    this.#scheduled ??= setImmediate(() => this.#flush());
    return job.answer;
  }

  #flush(): void {
    this.#scheduled = undefined;
    const group = this.#queue.splice(0, this.#limits.groupMax);
    if (this.#queue.length > 0 && !this.#isClosed) this.#scheduled = setImmediate(() => this.#flush());
    const startedMs = systemClock.monotonicMs();
    const failure = this.#write(group);
    this.#isFull = failure instanceof StoreFull;
    this.#onEnd(!failure);
    for (const job of group) job.settle(failure);
    this.#report({ jobs: group.length, durationMs: systemClock.monotonicMs() - startedMs, failure });
    if (!failure) for (const listener of this.#listeners) listener();
  }

  #report(report: GroupReport): void {
    for (const watch of this.#watchers) watch(report);
  }

  #write(group: readonly Waiting[]): StoreUnavailable | undefined {
    try {
      this.#begin.run();
      for (const job of group) this.#stage(job);
      this.#commit.run();
      return undefined;
    } catch (cause) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      if (sqliteCode(cause) === sqliteFull) return new StoreFull('the disk is full', { cause });
      return new StoreUnavailable(`nothing could be written: ${messageOf(cause)}`, { cause });
    }
  }

  #stage(job: Waiting): void {
    if (job.isIsolated) this.#database.exec('SAVEPOINT job');
    job.stage();
    if (job.error === undefined) {
      if (job.isIsolated) this.#database.exec('RELEASE job');
    } else if (job.isIsolated && this.#database.isTransaction) {
      this.#database.exec('ROLLBACK TO job; RELEASE job');
    } else if (!this.#database.isTransaction || sqliteCode(job.error) !== undefined) {
      throw job.error;
    }
  }
}

interface Waiting {
  readonly isIsolated: boolean;
  readonly error: Error | undefined;
  stage(): void;
  /** Answers the caller: with `failure` when the group failed, otherwise with what the work gave or threw. */
  settle(failure: StoreUnavailable | undefined): void;
}

class Job<Result> implements Waiting {
  readonly isIsolated: boolean;
  readonly answer: Promise<Result>;
  error: Error | undefined;
  readonly #work: () => Result;
  #result: readonly [Result] | undefined;
  readonly #resolve: (result: Result) => void;
  readonly #reject: (error: Error) => void;

  constructor(work: () => Result, isIsolated: boolean) {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#work = work;
    this.isIsolated = isIsolated;
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  stage(): void {
    try {
      this.#result = [this.#work()];
    } catch (thrown) {
      this.error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  settle(failure: StoreUnavailable | undefined): void {
    const error = failure ?? this.error;
    if (error) this.#reject(error);
    else if (this.#result) this.#resolve(this.#result[0]);
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
