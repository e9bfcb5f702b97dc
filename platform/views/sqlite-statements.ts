import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Parked, Progress } from '../consumer/port.ts';
import type { OrderRow } from './order-row.ts';
import type { OrderQuery } from './port.ts';
import type { Position } from './position.ts';
import { viewsVersion } from './projection.ts';
import type { Trade } from './trade.ts';

type Row = Readonly<Record<string, unknown>>;

const viewTables = ['view_streams', 'view_orders', 'view_positions', 'view_trades'];

/**
 * Orders have rowids: rows lie in the order they were made, so that the ones still changing share pages. What a consumer remembers
 * of a stream is not stored: the log is in the same file.
 */
const schema = `
  CREATE TABLE view_streams (stream TEXT PRIMARY KEY, applied INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE view_orders (
    id TEXT NOT NULL, account TEXT NOT NULL, symbol TEXT NOT NULL, side TEXT NOT NULL, is_open INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, submitted_at, id)) STRICT;
  CREATE INDEX view_orders_open ON view_orders (account, submitted_at, id) WHERE is_open = 1;
  CREATE INDEX view_orders_symbol ON view_orders (account, symbol, submitted_at, id);
  CREATE TABLE view_positions (
    account TEXT NOT NULL, symbol TEXT NOT NULL, is_stale INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (account, symbol)) STRICT;
  CREATE INDEX view_positions_stale ON view_positions (account, symbol) WHERE is_stale = 1;
  CREATE TABLE view_trades (
    account TEXT NOT NULL, symbol TEXT NOT NULL, venue TEXT NOT NULL, version INTEGER NOT NULL, place INTEGER NOT NULL,
    order_id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, symbol, venue, version, place, order_id)) STRICT;
`;
const keptSchema = `
  CREATE TABLE IF NOT EXISTS view_version (version INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS parked (
    consumer TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (consumer, stream)) STRICT;
`;

/** Makes the tables, and makes them anew when they hold what another release worked out: the log has everything. */
export function prepareViewTables(database: DatabaseSync): void {
  database.exec(keptSchema);
  const found = database.prepare('SELECT version FROM view_version').get()?.['version'];
  if (found === viewsVersion) return;
  for (const table of viewTables) database.exec(`DROP TABLE IF EXISTS ${table}`);
  database.exec(schema);
  database.exec(`DELETE FROM view_version; INSERT INTO view_version VALUES (${viewsVersion});`);
}

/** Every statement the views run, prepared once. */
export class ViewStatements {
  readonly #database: DatabaseSync;
  readonly #listings = new Map<string, StatementSync>();
  readonly #progress;
  readonly #begin;
  readonly #advance;
  readonly #putOrder;
  readonly #position;
  readonly #positions;
  readonly #stalePositions;
  readonly #putPosition;
  readonly #trades;
  readonly #laterTrade;
  readonly #putTrade;
  readonly #deleteTrade;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#progress = database.prepare('SELECT applied FROM view_streams WHERE stream = ?');
    this.#begin = database.prepare('INSERT OR IGNORE INTO view_streams (stream, applied) VALUES (?, ?)');
    this.#advance = database.prepare(
      'UPDATE view_streams SET applied = ?2 WHERE stream = ?1 AND applied = ?3',
    );
    this.#putOrder = database.prepare(
      `INSERT INTO view_orders (id, account, symbol, side, submitted_at, is_open, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT DO UPDATE SET is_open = ?6, body = ?7`,
    );
    this.#position = database.prepare('SELECT body FROM view_positions WHERE account = ? AND symbol = ?');
    this.#positions = database.prepare('SELECT body FROM view_positions WHERE account = ? ORDER BY symbol');
    this.#putPosition = database.prepare(
      `INSERT INTO view_positions (account, symbol, is_stale, body) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET is_stale = ?3, body = ?4`,
    );
    this.#stalePositions = database.prepare('SELECT account, symbol FROM view_positions WHERE is_stale = 1');
    this.#trades = database.prepare('SELECT body FROM view_trades WHERE account = ? AND symbol = ?');
    this.#laterTrade = database.prepare(
      `SELECT 1 FROM view_trades WHERE account = ? AND symbol = ? AND venue = ?
       AND (version, place, order_id) > (?, ?, ?) LIMIT 1`,
    );
    this.#putTrade = database.prepare(
      'INSERT OR REPLACE INTO view_trades (account, symbol, venue, version, place, order_id, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#deleteTrade = database.prepare(
      `DELETE FROM view_trades
       WHERE account = ? AND symbol = ? AND venue = ? AND version = ? AND place = ? AND order_id = ?`,
    );
  }

  progress(stream: string): Progress | undefined {
    const row = this.#progress.get(stream);
    return row && { applied: Number(row['applied']) };
  }

  /** False when the stream is not at `from`. */
  advance({ stream, from, to }: { stream: string; from: number; to: number }): boolean {
    const result = from === 0 ? this.#begin.run(stream, to) : this.#advance.run(stream, to, from);
    return result.changes === 1;
  }

  putOrder(row: OrderRow): void {
    const { id, accountId, symbol, side, submittedAt, isOpen } = row;
    this.#putOrder.run(id, accountId, symbol, side, submittedAt, Number(isOpen), JSON.stringify(row));
  }

  /** Of one symbol, where one is given; the others of the query's symbols are other listings. */
  orders(query: OrderQuery, symbol?: string): readonly Row[] {
    const { status, side, after = -1, until = Number.MAX_SAFE_INTEGER, direction, limit } = query;
    const conditions = ['account = ?', 'submitted_at > ?', 'submitted_at < ?'];
    const values: SQLInputValue[] = [query.accountId, after, until];
    // Spelled out rather than bound: only then is the index of open orders used.
    if (status !== 'all') conditions.push(`is_open = ${Number(status === 'open')}`);
    if (side !== undefined) {
      conditions.push('side = ?');
      values.push(side);
    }
    if (symbol !== undefined) {
      conditions.push('symbol = ?');
      values.push(symbol);
    }
    const sql = `SELECT body, submitted_at, id FROM view_orders WHERE ${conditions.join(' AND ')}
      ORDER BY submitted_at ${direction}, id ${direction} LIMIT ?`;
    return this.#listing(sql).all(...values, limit);
  }

  position(account: string, symbol: string): Row | undefined {
    return this.#position.get(account, symbol);
  }

  positions(account: string): readonly Row[] {
    return this.#positions.all(account);
  }

  putPosition(position: Position): void {
    const { accountId, symbol, isStale = false } = position;
    this.#putPosition.run(accountId, symbol, Number(isStale), JSON.stringify(position));
  }

  stalePositions(): readonly Row[] {
    return this.#stalePositions.all();
  }

  trades(account: string, symbol: string): readonly Row[] {
    return this.#trades.all(account, symbol);
  }

  /** Whether a trade of the position is stored that comes later in the same venue stream. */
  hasLater({ accountId, symbol }: Position, { place, orderId }: Trade): boolean {
    const { stream, version, index } = place;
    return this.#laterTrade.get(accountId, symbol, stream, version, index, orderId) !== undefined;
  }

  putTrade({ accountId, symbol }: Position, trade: Trade): void {
    const { stream, version, index } = trade.place;
    this.#putTrade.run(accountId, symbol, stream, version, index, trade.orderId, JSON.stringify(trade));
  }

  deleteTrade({ accountId, symbol }: Position, { place, orderId }: Trade): void {
    this.#deleteTrade.run(accountId, symbol, place.stream, place.version, place.index, orderId);
  }

  clear(): void {
    for (const table of viewTables) this.#database.exec(`DELETE FROM ${table}`);
  }

  #listing(sql: string): StatementSync {
    const known = this.#listings.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#listings.set(sql, statement);
    return statement;
  }
}

/** What could not be processed: of all consumers in the file. */
export class ParkedStatements {
  readonly #get;
  readonly #put;
  readonly #list;
  readonly #delete;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT version FROM parked WHERE consumer = ? AND stream = ?');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO parked (consumer, stream, version, error, at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#list = database.prepare(
      'SELECT stream, version, error, at FROM parked WHERE consumer = ? ORDER BY stream',
    );
    this.#delete = database.prepare('DELETE FROM parked WHERE consumer = ? AND stream = ?');
  }

  park(consumer: string, { stream, version, error, at }: Parked): 'parked' | 'known' {
    if (this.#get.get(consumer, stream)?.['version'] === version) return 'known';
    this.#put.run(consumer, stream, version, error, at);
    return 'parked';
  }

  list(consumer: string): readonly Row[] {
    return this.#list.all(consumer);
  }

  unpark(consumer: string, stream: string): void {
    this.#delete.run(consumer, stream);
  }
}
