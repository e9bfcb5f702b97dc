import { timestamp } from '../../domain/values/time.ts';
import type { Advance, Parked, Progress, Written } from '../consumer/port.ts';
import { StoreUnavailable } from '../event-store/errors.ts';
import { feedStart } from '../event-store/feed.ts';
import type { SqliteEventStore } from '../event-store/sqlite.ts';
import type { Activity } from './activity.ts';
import { checkedQuery } from './order-query.ts';
import type { OrderRow } from './order-row.ts';
import type { ActivityQuery, OrderQuery, PositionRow, Views } from './port.ts';
import { changedPosition, emptyPosition, recomputed } from './position.ts';
import { positionRow } from './position-row.ts';
import { type ViewEffect, viewProjection } from './projection.ts';
import {
  ParkedStatements,
  prepareViewTables,
  type StreamProgress,
  ViewStatements,
} from './sqlite-statements.ts';
import { storedActivity, storedPosition, storedRow, storedTrade } from './stored-json.ts';
import type { Trade, TradeChange } from './trade.ts';

/** The views in the log's own file: effects, how far each stream is applied and the place in the feed are one transaction. */
export class SqliteViews implements Views {
  readonly savesMarks = true;
  readonly #store: SqliteEventStore;
  readonly #statements: ViewStatements;
  readonly #parked: ParkedStatements;
  /** True at first: another process may have put something off. */
  #maybeStale = true;

  private constructor(store: SqliteEventStore) {
    this.#store = store;
    this.#statements = new ViewStatements(store.database);
    this.#parked = new ParkedStatements(store.database);
  }

  static async open(store: SqliteEventStore): Promise<SqliteViews> {
    await store.write(({ database, saveCursor }) => {
      if (prepareViewTables(database)) saveCursor(viewProjection.name, feedStart);
    });
    return new SqliteViews(store);
  }

  async progress(streams: readonly string[]): Promise<ReadonlyMap<string, Progress>> {
    return this.#reading(() => {
      const found = new Map<string, Progress>();
      for (const stream of streams) {
        const { applied } = this.#statements.progress(stream);
        if (applied > 0) found.set(stream, { applied });
      }
      return found;
    });
  }

  async write(
    advances: readonly Advance<ViewEffect>[],
    _deadline?: unknown,
    mark?: string,
  ): Promise<readonly Written[]> {
    return this.#store.write(({ saveCursor }) => {
      const before = new Map<string, StreamProgress>();
      const written = advances.map((advance) => this.#writeOne(advance, before, Number(mark ?? 0)));
      const isMarked = mark !== undefined && !written.includes('conflict');
      for (const [index, { stream, to }] of advances.entries()) {
        if (written[index] === 'conflict') continue;
        const isCovered = isMarked && before.get(stream)?.later === to;
        if (!isCovered) this.#statements.keep(stream, to);
        else if (before.get(stream)?.isKept) this.#statements.unkeep(stream);
      }
      if (isMarked) {
        this.#statements.cover(Number(mark));
        saveCursor(viewProjection.name, mark);
      }
      return written;
    });
  }

  async settle(): Promise<void> {
    if (!this.#maybeStale) return;
    this.#maybeStale = false;
    try {
      for (const { account, symbol } of this.#reading(() => this.#statements.stalePositions()))
        await this.#store.write(() => this.#recompute(String(account), String(symbol)));
    } catch (error) {
      this.#maybeStale = true;
      throw error;
    }
  }

  async orders(query: OrderQuery): Promise<readonly OrderRow[]> {
    const { symbols, limit, direction } = checkedQuery(query);
    const rows = this.#reading(() =>
      symbols
        ? [...new Set(symbols)].flatMap((symbol) => this.#statements.orders(query, symbol))
        : this.#statements.orders(query),
    );
    const found = rows.map(({ body }) => storedRow(body));
    if (!symbols || symbols.length < 2) return found;
    const sign = direction === 'asc' ? 1 : -1;
    return found.toSorted((a, b) => sign * bySubmission(a, b)).slice(0, limit);
  }

  async position(accountId: string, symbol: string): Promise<PositionRow | undefined> {
    const row = this.#reading(() => this.#statements.position(accountId, symbol));
    return row && positionRow(storedPosition(row['body']));
  }

  async positions(accountId: string): Promise<readonly PositionRow[]> {
    const rows = this.#reading(() => this.#statements.positions(accountId));
    return rows.map(({ body }) => positionRow(storedPosition(body)));
  }

  async activities(query: ActivityQuery): Promise<readonly Activity[]> {
    return this.#reading(() => this.#statements.activities(query)).map(({ body }) => storedActivity(body));
  }

  async park(consumer: string, parked: Parked): Promise<'parked' | 'known'> {
    return this.#store.write(() => {
      // The feed goes on past it: from now on this stream is elsewhere than the feed.
      if (consumer === viewProjection.name) this.#keepApart(parked.stream);
      return this.#parked.park(consumer, parked);
    });
  }

  async parked(consumer: string): Promise<readonly Parked[]> {
    const rows = this.#reading(() => this.#parked.list(consumer));
    return rows.map(({ stream, version, error, at }) => ({
      stream: String(stream),
      version: Number(version),
      error: String(error),
      at: timestamp(Number(at)),
    }));
  }

  async unpark(consumer: string, stream: string): Promise<void> {
    await this.#store.write(() => this.#parked.unpark(consumer, stream));
  }

  async clear(): Promise<void> {
    await this.#store.write(({ saveCursor }) => {
      this.#statements.clear();
      saveCursor(viewProjection.name, feedStart);
    });
  }

  #writeOne(
    { stream, from, effects }: Advance<ViewEffect>,
    before: Map<string, StreamProgress>,
    mark: number,
  ): Written {
    if (before.has(stream)) return 'conflict';
    const progress = this.#statements.progress(stream, mark);
    before.set(stream, progress);
    if (progress.applied !== from) return 'conflict';
    this.#applyTrades(effects.flatMap(({ trades }) => trades));
    // Only the last shape of a row is worth writing.
    const rows = new Map(effects.flatMap((effect) => effect.rows.map((row) => [row.id, row])));
    for (const row of rows.values()) this.#statements.putOrder(row);
    for (const one of effects.flatMap(({ activities }) => activities)) this.#statements.putActivity(one);
    return 'written';
  }

  #keepApart(stream: string): void {
    const { isKept, applied } = this.#statements.progress(stream);
    if (!isKept) this.#statements.keep(stream, applied);
  }

  /** One order trades one symbol for one account, so one position. */
  #applyTrades(changes: readonly TradeChange[]): void {
    const [first] = changes;
    if (!first) return;
    const { accountId, symbol } = first;
    const row = this.#statements.position(accountId, symbol);
    const before = row ? storedPosition(row['body']) : emptyPosition(first);
    const hasLater = (trade: Trade) => this.#statements.hasLater(before, trade);
    const change = changedPosition(before, changes, hasLater, () => this.#trades(accountId, symbol));
    for (const trade of change.deletes) this.#statements.deleteTrade(before, trade);
    for (const trade of change.puts) this.#statements.putTrade(before, trade);
    this.#statements.putPosition(change.position);
    this.#maybeStale ||= change.position.isStale === true;
  }

  #trades(accountId: string, symbol: string): readonly Trade[] {
    return this.#statements.trades(accountId, symbol).map(({ body }) => storedTrade(body));
  }

  #recompute(accountId: string, symbol: string): void {
    const before = storedPosition(this.#statements.position(accountId, symbol)?.['body']);
    if (!before.isStale) return;
    const { position } = recomputed(before, this.#trades(accountId, symbol), []);
    this.#statements.putPosition(position);
  }

  #reading<Result>(work: () => Result): Result {
    if (!this.#store.database.isOpen) throw new StoreUnavailable('the store is closed');
    return work();
  }
}

function bySubmission(a: OrderRow, b: OrderRow): number {
  return a.submittedAt - b.submittedAt || (a.id < b.id ? -1 : 1);
}
