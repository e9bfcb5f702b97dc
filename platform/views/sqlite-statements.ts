import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { ConsumerTables } from '../consumer/sqlite-file.ts';
import type { OrderRow } from './order-row.ts';
import { isTimed } from './row.ts';
import type { Activity } from './activity.ts';
import { activityRange } from './activity-query.ts';
import type { ActivityQuery, OpenOrdersQuery, OrderQuery } from './port.ts';
import type { Position } from './position.ts';
import { viewsVersion } from './version.ts';
import type { Trade } from './trade.ts';

type Row = Readonly<Record<string, unknown>>;

/** Raised with every change of these tables that leaves what they hold as it is. */
const layout = 3;

/**
 * Orders have rowids: rows lie in the order they were made, so that the ones still changing share pages. Their key ends in what
 * lists are narrowed by, so that only rows that are shown are read.
 */
const schema = `
  CREATE TABLE view_orders (
    id TEXT NOT NULL, account TEXT NOT NULL, symbol TEXT NOT NULL, side TEXT NOT NULL, is_open INTEGER NOT NULL, is_armed INTEGER NOT NULL,
    is_timed INTEGER NOT NULL, submitted_at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, submitted_at, id, symbol, side)) STRICT;
  CREATE INDEX view_orders_open ON view_orders (account, submitted_at, id) WHERE is_open = 1;
  CREATE INDEX view_orders_timed ON view_orders (account, submitted_at, id) WHERE is_timed = 1;
  CREATE INDEX view_orders_armed ON view_orders (symbol, account, submitted_at, id) WHERE is_armed = 1;
  CREATE TABLE view_positions (
    account TEXT NOT NULL, symbol TEXT NOT NULL, is_stale INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (account, symbol)) STRICT;
  CREATE INDEX view_positions_stale ON view_positions (account, symbol) WHERE is_stale = 1;
  CREATE TABLE view_trades (
    account TEXT NOT NULL, symbol TEXT NOT NULL, venue TEXT NOT NULL, version INTEGER NOT NULL, place INTEGER NOT NULL,
    order_id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, symbol, venue, version, place, order_id)) STRICT;
  CREATE TABLE view_activities (
    account TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (account, id)) STRICT, WITHOUT ROWID;
`;

export const viewTables: ConsumerTables = {
  name: 'views',
  version: viewsVersion * 1_000 + layout,
  tables: ['view_orders', 'view_positions', 'view_trades', 'view_activities'],
  schema,
};

/** Every statement the views run, prepared once. */
export class ViewStatements {
  readonly #database: DatabaseSync;
  readonly #listings = new Map<string, StatementSync>();
  readonly #putOrder;
  readonly #openAccounts;
  readonly #position;
  readonly #positions;
  readonly #stalePositions;
  readonly #putPosition;
  readonly #trades;
  readonly #laterTrade;
  readonly #putTrade;
  readonly #deleteTrade;
  readonly #putActivity;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#putOrder = database.prepare(
      `INSERT INTO view_orders (id, account, symbol, side, submitted_at, is_open, is_armed, is_timed, body)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
       ON CONFLICT DO UPDATE SET is_open = ?6, is_armed = ?7, is_timed = ?8, body = ?9`,
    );
    this.#openAccounts = database.prepare('SELECT DISTINCT account FROM view_orders WHERE is_open = 1');
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
    this.#putActivity = database.prepare(
      'INSERT OR REPLACE INTO view_activities (account, id, type, body) VALUES (?, ?, ?, ?)',
    );
    this.#deleteTrade = database.prepare(
      `DELETE FROM view_trades
       WHERE account = ? AND symbol = ? AND venue = ? AND version = ? AND place = ? AND order_id = ?`,
    );
  }

  putOrder(row: OrderRow): void {
    const { id, accountId, symbol, side, submittedAt, isOpen, isArmed = false } = row;
    const flags = [Number(isOpen), Number(isArmed), Number(isTimed(row))] as const;
    this.#putOrder.run(id, accountId, symbol, side, submittedAt, ...flags, JSON.stringify(row));
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

  openAccounts(): readonly Row[] {
    return this.#openAccounts.all();
  }

  /** Of every account, from one of the small indexes. */
  openOrders(
    { armedIn, timed, limit }: OpenOrdersQuery,
    after: readonly [string, number, string],
  ): readonly Row[] {
    const all = timed === true ? 'is_timed = 1' : 'is_open = 1';
    const which = armedIn === undefined ? all : 'is_armed = 1 AND symbol = ?';
    const sql = `SELECT body FROM view_orders WHERE ${which} AND (account, submitted_at, id) > (?, ?, ?)
      ORDER BY account, submitted_at, id LIMIT ?`;
    return this.#listing(sql).all(...(armedIn === undefined ? [] : [armedIn]), ...after, limit);
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

  putActivity(activity: Activity): void {
    const { accountId, id, type } = activity;
    this.#putActivity.run(accountId, id, type, JSON.stringify(activity));
  }

  activities(query: ActivityQuery): readonly Row[] {
    const { accountId, types, direction, limit } = query;
    const { from, to } = activityRange(query);
    const ofTypes = types ? `AND type IN (${types.map(() => '?').join(', ')})` : '';
    const sql = `SELECT body FROM view_activities WHERE account = ? AND id > ? AND id < ? ${ofTypes}
      ORDER BY id ${direction} LIMIT ?`;
    return this.#listing(sql).all(accountId, from, to, ...(types ?? []), limit);
  }

  clear(): void {
    for (const table of viewTables.tables) this.#database.exec(`DELETE FROM ${table}`);
  }

  #listing(sql: string): StatementSync {
    const known = this.#listings.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#listings.set(sql, statement);
    return statement;
  }
}
