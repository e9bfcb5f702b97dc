import type { Timestamp } from '../../domain/values/time.ts';
import { SqliteEffects } from '../consumer/sqlite-effects.ts';
import type { SqliteConsumerFile } from '../consumer/sqlite-file.ts';
import { EntryListeners } from './entry-listeners.ts';
import { emptyHead, type FeedHead, type Holdings, numbered, symbolsIn } from './numbering.ts';
import type { AccountFeed, FeedEntry } from './port.ts';
import { type FeedEffect, feedProjection } from './projection.ts';
import { SqliteFeedReader } from './sqlite-reader.ts';
import { feedTables } from './sqlite-tables.ts';

/** The feeds in the consumers' file. Numbers follow the log's sequence. */
export class SqliteAccountFeed extends SqliteEffects<FeedEffect> implements AccountFeed {
  readonly #listeners = new EntryListeners();
  readonly #reader: SqliteFeedReader;
  readonly #head;
  readonly #putHead;
  readonly #holding;
  readonly #putHolding;
  readonly #putEntry;

  constructor(file: SqliteConsumerFile) {
    const { database } = file;
    file.prepare(feedTables, feedProjection.name);
    super(file, feedProjection.name);
    this.#reader = new SqliteFeedReader(database, this.#listeners);
    this.#head = database.prepare('SELECT revision, latest, time FROM feed_heads WHERE account = ?');
    this.#putHead = database.prepare(
      'INSERT OR REPLACE INTO feed_heads (account, revision, latest, time) VALUES (?, ?, ?, ?)',
    );
    this.#holding = database.prepare('SELECT quantity FROM feed_holdings WHERE account = ? AND symbol = ?');
    this.#putHolding = database.prepare(
      'INSERT OR REPLACE INTO feed_holdings (account, symbol, quantity) VALUES (?, ?, ?)',
    );
    this.#putEntry = database.prepare(
      'INSERT INTO feed_entries (account, number, time, body) VALUES (?, ?, ?, ?)',
    );
  }

  entriesAfter(accountId: string, number: number, limit: number): Promise<readonly FeedEntry[]> {
    return this.#reader.entriesAfter(accountId, number, limit);
  }

  numberBefore(accountId: string, time: Timestamp): Promise<number> {
    return this.#reader.numberBefore(accountId, time);
  }

  latest(accountId: string): Promise<number> {
    return this.#reader.latest(accountId);
  }

  onEntries(listener: (accountIds: readonly string[]) => void): () => void {
    return this.#reader.onEntries(listener);
  }

  protected override apply(effects: readonly FeedEffect[]): void {
    for (const [accountId, about] of Map.groupBy(effects, (effect) => effect.accountId))
      if (accountId !== undefined) this.#number(accountId, about);
  }

  protected override committed(effects: readonly FeedEffect[]): void {
    const told = effects.filter(({ changes }) => changes.some(({ updates }) => updates.length > 0));
    const accounts = new Set(told.map(({ accountId }) => accountId));
    this.#listeners.tell([...accounts].filter((accountId) => accountId !== undefined));
  }

  #number(accountId: string, about: readonly FeedEffect[]): void {
    const { head, entries, moved } = numbered(this.#headOf(accountId), about, this.#held(accountId, about));
    for (const entry of entries)
      this.#putEntry.run(accountId, entry.number, entry.time, JSON.stringify(entry));
    for (const [symbol, quantity] of moved) this.#putHolding.run(accountId, symbol, quantity);
    this.#putHead.run(accountId, head.revision, head.latest, head.time);
  }

  #headOf(accountId: string): FeedHead {
    const row = this.#head.get(accountId);
    if (!row) return emptyHead(accountId);
    const { revision, latest, time } = row;
    return { accountId, revision: Number(revision), latest: Number(latest), time: Number(time) };
  }

  #held(accountId: string, about: readonly FeedEffect[]): Holdings {
    const held = new Map<string, string>();
    for (const symbol of symbolsIn(about)) {
      const quantity = this.#holding.get(accountId, symbol)?.['quantity'];
      if (quantity !== undefined) held.set(symbol, String(quantity));
    }
    return held;
  }
}
