import type { DatabaseSync } from 'node:sqlite';
import type { Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import { assert } from '../../domain/values/assert.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { decodeCommit } from './codec.ts';
import { type DataFolder, explained, openDataFolder, sqliteCode } from './data-folder.ts';
import { StoreUnavailable, VersionGap } from './errors.ts';
import { feedStart, type LocalFeed } from './feed.ts';
import { GroupCommit, type GroupCommitLimits, groupCommitLimits, type GroupReport } from './group-commit.ts';
import { changedItem, decodeItem, isAllowed } from './items.ts';
import { checkedAppend } from './limits.ts';
import type { AppendResult, Commit, EventStore, FeedEntry, Refusal, StreamHead } from './port.ts';
import { RecentCommits } from './recent-commits.ts';
import { isBase, pageSize } from './snapshot-policy.ts';
import { SqliteStatements } from './sqlite-statements.ts';
import type { StoredCommit } from './stored-commit.ts';
import { lastOfEach, type WrittenPage, type WrittenStreams, writtenPageMax } from './written-streams.ts';

export interface SqliteWrite {
  /** For the writer's own tables. Never for the store's. */
  readonly database: DatabaseSync;
  readonly saveCursor: (consumer: string, sequence: string) => void;
}

const headsPage = 1_000;
/** The row among the cursors that is written to see whether there is room. */
const roomProbe = 'room-probe';
const roomProbeBytes = 64 * 1024;

/**
 * The log of one machine: one process over one SQLite file, every answered write on the disk. Calls are short and synchronous
 * underneath and queue for no longer than one group takes to be written, so deadlines are not looked at.
 */
export class SqliteEventStore implements EventStore, LocalFeed, WrittenStreams {
  /** For reading tables that others keep in the same file (views). Write to them through `write` only. */
  readonly database: DatabaseSync;
  readonly folder: string;
  readonly #opened: DataFolder;
  readonly #statements: SqliteStatements;
  readonly #group: GroupCommit;
  readonly #recent = new RecentCommits();
  #isClosed = false;
  #probes = 0;

  /** Throws as `openDataFolder` does. */
  constructor(folder: string, limits: GroupCommitLimits = groupCommitLimits) {
    this.folder = folder;
    this.#opened = openDataFolder(folder);
    this.database = this.#opened.database;
    try {
      this.#statements = new SqliteStatements(this.database);
    } catch (error) {
      this.#opened.close();
      throw explained(error, folder);
    }
    this.#group = new GroupCommit(this.database, limits, (isDurable) => this.#recent.settle(isDurable));
  }

  async append(
    commits: readonly [Commit, ...Commit[]],
    changes: readonly ItemChange[],
  ): Promise<AppendResult> {
    const stored = checkedAppend(commits, changes);
    return this.#group.run(() => this.#stage(commits, stored, changes));
  }

  async read(stream: string, from: number): Promise<readonly Commit[]> {
    return this.#reading(() => this.#statements.from(stream, from).map(decodeCommit));
  }

  async readOne(stream: string, version: number): Promise<Commit | undefined> {
    return this.#reading(() => {
      const row = this.#statements.find(stream, version);
      return row && decodeCommit(row);
    });
  }

  async readTail(stream: string, fingerprint: string): Promise<readonly Commit[]> {
    return this.#reading(() => {
      const tail: Commit[] = [];
      let below = Number.MAX_SAFE_INTEGER;
      for (let page = 0; ; page++) {
        const rows = this.#statements.backwards(stream, below, pageSize(page));
        for (const row of rows) {
          const commit = decodeCommit(row);
          tail.push(commit);
          below = commit.version;
          if (isBase(commit, fingerprint)) return tail.toReversed();
        }
        if (rows.length < pageSize(page)) return tail.toReversed();
      }
    });
  }

  async readItem(key: ItemKey): Promise<Item | undefined> {
    return this.#reading(() => this.#item(key));
  }

  async readItems(owner: string): Promise<ReadonlyMap<string, Item>> {
    return this.#reading(() => {
      const rows = this.#statements.items(owner);
      return new Map(rows.map(({ name, attributes }) => [String(name), decodeItem(owner, attributes)]));
    });
  }

  async *heads(): AsyncIterable<StreamHead> {
    let after = '';
    for (;;) {
      const rows = this.#reading(() => this.#statements.heads(after, headsPage));
      for (const row of rows) {
        after = String(row['stream']);
        yield { stream: after, version: Number(row['version']) };
      }
      if (rows.length < headsPage) return;
    }
  }

  async feed(sequence: string, limit: number): Promise<readonly FeedEntry[]> {
    return this.#reading(() => {
      const recent = this.#recent.after(Number(sequence), limit);
      if (recent) return recent;
      const rows = this.#statements.feed(Number(sequence), limit);
      return rows.map((row) => ({ sequence: String(row['sequence']), commit: decodeCommit(row) }));
    });
  }

  /** All that became durable after `sequence`, without reading; undefined when more did since then than is kept in memory. */
  recentAfter(sequence: number): readonly FeedEntry[] | undefined {
    return this.#recent.after(sequence);
  }

  async written(place: string | undefined, until: Timestamp): Promise<WrittenPage> {
    const after = Number(place ?? feedStart);
    const rows = this.#reading(() => this.#statements.written(after, writtenPageMax));
    return lastOfEach(rows, after, until);
  }

  /** Also called after other durable writes: it costs a consumer one empty read. */
  onCommits(listener: () => void): () => void {
    return this.#group.onFlush(listener);
  }

  async cursor(consumer: string): Promise<string> {
    return this.#reading(() => this.#statements.cursor(consumer) ?? feedStart);
  }

  async saveCursor(consumer: string, sequence: string): Promise<void> {
    await this.write((write) => write.saveCursor(consumer, sequence));
  }

  /**
   * Durable synchronous work on tables of the caller's own in this file, all or nothing, sharing the disk's sync with the appends
   * of the moment: how a view and its cursor move as one. Appends wait for it, so keep it to a few hundred rows.
   */
  write<Result>(work: (write: SqliteWrite) => Result): Promise<Result> {
    return this.#group.runIsolated(() => {
      const result = work({
        database: this.database,
        saveCursor: (consumer, sequence) => this.#statements.putCursor(consumer, sequence),
      });
      assert(!(result instanceof Promise), 'work inside a transaction is synchronous');
      return result;
    });
  }

  /** Called after every durable transaction, and every one that failed. Must not throw. */
  onGroup(watcher: (report: GroupReport) => void): void {
    this.#group.onGroup(watcher);
  }

  /** The disk took the last write. */
  get hasRoom(): boolean {
    return !this.#group.isFull;
  }

  /**
   * Does nothing while writes go through. When the last one found the disk full it tries another, as large as a busy moment's, so
   * that new room is found without an order. Throws `StoreFull` while there is none.
   */
  async checkRoom(): Promise<void> {
    if (this.hasRoom) return;
    this.#probes += 1;
    const text = String(this.#probes).padEnd(roomProbeBytes, '.');
    await this.write(({ saveCursor }) => saveCursor(roomProbe, text));
    await this.write(({ saveCursor }) => saveCursor(roomProbe, feedStart));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#group.close();
    this.#isClosed = true;
    this.#opened.close();
  }

  /** Checks everything, then writes everything: see `GroupCommit.run`. */
  #stage(
    commits: readonly Commit[],
    stored: readonly StoredCommit[],
    changes: readonly ItemChange[],
  ): AppendResult {
    const obstacle = this.#conflictOf(stored);
    if (obstacle) return obstacle;
    if (changes.length > 0) {
      const items = changes.map((change) => this.#item(change.key));
      const refusals: Refusal[] = [];
      for (const [index, change] of changes.entries()) {
        if (!isAllowed(change, items[index])) refusals.push({ key: change.key, item: items[index] });
      }
      if (refusals.length > 0) return { outcome: 'refused', refusals };
      const changed = changes.map((change, index) => JSON.stringify(changedItem(change, items[index])));
      for (const [index, { key }] of changes.entries()) this.#statements.putItem(key, changed[index] ?? '{}');
    }
    for (const [index, row] of stored.entries()) {
      const sequence = this.#statements.insert(row);
      const commit = commits[index];
      assert(commit !== undefined, 'every row is made of a commit');
      this.#recent.stage(sequence, commit);
    }
    return { outcome: 'appended' };
  }

  #conflictOf(commits: readonly StoredCommit[]): AppendResult | undefined {
    let gap: VersionGap | undefined;
    for (const { stream, version, id } of commits) {
      const head = this.#statements.head(stream);
      if (head >= version) {
        const commit = decodeCommit(this.#statements.at(stream, version));
        return commit.commitId === id ? { outcome: 'repeated' } : { outcome: 'conflict', commit };
      }
      if (head < version - 1)
        gap ??= new VersionGap(`${stream} is at version ${head}, ${version} cannot follow`);
    }
    if (gap) throw gap;
    return undefined;
  }

  #item(key: ItemKey): Item | undefined {
    const row = this.#statements.item(key);
    return row && decodeItem(key.owner, row['attributes']);
  }

  #reading<Result>(work: () => Result): Result {
    if (this.#isClosed) throw new StoreUnavailable('the store is closed');
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof Error) || sqliteCode(cause) === undefined) throw cause;
      throw new StoreUnavailable(`the database could not be read: ${cause.message}`, { cause });
    }
  }
}
