import type { DatabaseSync } from 'node:sqlite';
import type { Timestamp } from '../../domain/values/time.ts';
import { inFile } from '../consumer/file-use.ts';
import type { EntryListeners, IsWaitedFor } from './entry-listeners.ts';
import type { FeedEntry, FeedReader } from './port.ts';
import { checkedLimit, lastBefore } from './search.ts';
import { storedEntry } from './stored-entry.ts';

/** The feeds from the consumers' file, on any connection to it. */
export class SqliteFeedReader implements FeedReader {
  readonly #database: DatabaseSync;
  readonly #listeners: EntryListeners;
  readonly #after;
  readonly #time;
  readonly #latest;

  /** `listeners`: told by whoever knows of what the file's writer wrote. */
  constructor(database: DatabaseSync, listeners: EntryListeners) {
    this.#database = database;
    this.#listeners = listeners;
    this.#after = database.prepare(
      'SELECT body FROM feed_entries WHERE account = ? AND number > ? ORDER BY number LIMIT ?',
    );
    this.#time = database.prepare('SELECT time FROM feed_entries WHERE account = ? AND number = ?');
    this.#latest = database.prepare('SELECT latest FROM feed_heads WHERE account = ?');
  }

  async entriesAfter(accountId: string, number: number, limit: number): Promise<readonly FeedEntry[]> {
    const rows = inFile(this.#database, () => this.#after.all(accountId, number, checkedLimit(limit)));
    return rows.map(({ body }) => storedEntry(body));
  }

  async numberBefore(accountId: string, time: Timestamp): Promise<number> {
    const timeOf = async (number: number) =>
      Number(inFile(this.#database, () => this.#time.get(accountId, number))?.['time']);
    return lastBefore(time, await this.latest(accountId), timeOf);
  }

  async latest(accountId: string): Promise<number> {
    return Number(inFile(this.#database, () => this.#latest.get(accountId))?.['latest'] ?? 0);
  }

  onEntries(listener: (accountIds: readonly string[]) => void, isWaitedFor?: IsWaitedFor): () => void {
    return this.#listeners.add(listener, isWaitedFor);
  }
}
