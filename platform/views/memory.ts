import { assert } from '../../domain/values/assert.ts';
import { MemoryEffects } from '../consumer/memory-effects.ts';
import type { Advance, Written } from '../consumer/port.ts';
import type { Activity } from './activity.ts';
import { activityRange } from './activity-query.ts';
import type { OrderRow } from './order-row.ts';
import { isTimed } from './row.ts';
import { checkedQuery } from './order-query.ts';
import type {
  ActivityQuery,
  OpenOrdersPage,
  OpenOrdersQuery,
  OrderQuery,
  PositionRow,
  Views,
} from './port.ts';
import { positionRow } from './position-row.ts';
import { changedPosition, emptyPosition, keyOf, type Position, recomputed } from './position.ts';
import type { ViewEffect } from './projection.ts';
import { byPlace, type Trade, type TradeChange } from './trade.ts';

/** The views in memory: for tests and simulation. Answers in a later microtask and keeps no reference to what it was given. */
export class MemoryViews extends MemoryEffects implements Views {
  readonly #orders = new Map<string, OrderRow>();
  readonly #positions = new Map<string, Position>();
  readonly #trades = new Map<string, Map<string, Trade>>();
  readonly #activities = new Map<string, Activity>();

  async write(advances: readonly Advance<ViewEffect>[]): Promise<readonly Written[]> {
    return advances.map((advance) => this.#writeOne(structuredClone(advance)));
  }

  async settle(): Promise<void> {
    for (const [name, before] of this.#positions) {
      if (!before.isStale) continue;
      const trades = this.#trades.get(name)?.values() ?? [];
      this.#positions.set(name, recomputed(before, [...trades], []).position);
    }
  }

  async orders(query: OrderQuery): Promise<readonly OrderRow[]> {
    const { matches, limit, direction } = checkedQuery(query);
    const rows = [...this.#orders.values()].filter(matches).toSorted(bySubmission);
    return (direction === 'asc' ? rows : rows.toReversed()).slice(0, limit);
  }

  async openAccounts(): Promise<readonly string[]> {
    const open = [...this.#orders.values()].filter(({ isOpen }) => isOpen);
    return [...new Set(open.map(({ accountId }) => accountId))];
  }

  async position(accountId: string, symbol: string): Promise<PositionRow | undefined> {
    const position = this.#positions.get(nameOf(accountId, symbol));
    return position && positionRow(position);
  }

  async positions(accountId: string): Promise<readonly PositionRow[]> {
    const mine = [...this.#positions.values()].filter((position) => position.accountId === accountId);
    return mine.map(positionRow).toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  }

  async openOrders({ armedIn, timed, after = '', limit }: OpenOrdersQuery): Promise<OpenOrdersPage> {
    const rows = [...this.#orders.values()]
      .filter((row) => (armedIn === undefined ? row.isOpen : row.isArmed && row.symbol === armedIn))
      .filter((row) => timed !== true || isTimed(row))
      .filter(({ id }) => id > after)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const next = rows.length > limit ? rows[limit - 1]?.id : undefined;
    return { rows: rows.slice(0, limit), ...(next !== undefined && { next }) };
  }

  async activities(query: ActivityQuery): Promise<readonly Activity[]> {
    const { accountId, types, direction, limit } = query;
    const { from, to } = activityRange(query);
    const found = [...this.#activities.values()]
      .filter((one) => one.accountId === accountId && one.id > from && one.id < to)
      .filter(({ type }) => !types || types.includes(type))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return (direction === 'asc' ? found : found.toReversed()).slice(0, limit);
  }

  async clear(): Promise<void> {
    const derived = [this.reached, this.#orders, this.#positions, this.#trades, this.#activities];
    for (const kept of derived) kept.clear();
  }

  /** Works everything out before the first change, so that what throws has changed nothing. */
  #writeOne({ stream, from, to, memory, effects }: Advance<ViewEffect>): Written {
    if ((this.reached.get(stream)?.applied ?? 0) !== from) return 'conflict';
    this.#applyTrades(effects.flatMap(({ trades }) => trades));
    for (const row of effects.flatMap(({ rows }) => rows)) this.#orders.set(row.id, row);
    for (const one of effects.flatMap(({ activities }) => activities)) this.#activities.set(one.id, one);
    this.reached.set(stream, { applied: to, memory });
    return 'written';
  }

  #applyTrades(changes: readonly TradeChange[]): void {
    const [first] = changes;
    if (!first) return;
    const name = nameOf(first.accountId, first.symbol);
    const before = this.#positions.get(name) ?? emptyPosition(first);
    const trades = this.#trades.get(name) ?? new Map<string, Trade>();
    const hasLater = (trade: Trade) =>
      [...trades.values()].some(
        (other) => other.place.stream === trade.place.stream && byPlace(other, trade) > 0,
      );
    const change = changedPosition(before, changes, hasLater, () => [...trades.values()]);
    for (const trade of change.deletes) trades.delete(keyOf(trade));
    for (const trade of change.puts) trades.set(keyOf(trade), trade);
    this.#trades.set(name, trades);
    this.#positions.set(name, change.position);
  }
}

function nameOf(accountId: string, symbol: string): string {
  return JSON.stringify([accountId, symbol]);
}

function bySubmission(a: OrderRow, b: OrderRow): number {
  assert(a === b || a.id !== b.id, 'a row is listed once');
  return a.submittedAt - b.submittedAt || (a.id < b.id ? -1 : 1);
}
