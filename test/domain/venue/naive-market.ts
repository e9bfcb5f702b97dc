import type { Phase } from '../../../domain/venue/phase.ts';
import type { Report, ReportReason } from '../../../domain/venue/report.ts';
import type { Sight } from './commands.ts';
import type { NaiveOrder } from './naive-order.ts';
import {
  account,
  immediate,
  mode,
  ownLimit,
  reaches,
  report,
  showable,
  side,
  stopReached,
} from './naive-order.ts';
import { trailStop } from './naive-order.ts';
import type { NaiveGrid } from './naive-validation.ts';

/** The trading half of the oracle: one array of orders, sorted anew for every question. */
export class NaiveMarket {
  orders: NaiveOrder[] = [];
  phase: Phase;
  halted = false;
  lastPrice: number | undefined = undefined;
  tradePrices: number[] = [];
  turns = 0;
  arrivals = 0;
  out: Report[] = [];
  readonly grid: NaiveGrid;

  constructor(grid: NaiveGrid, phase: Phase) {
    this.grid = grid;
    this.phase = phase;
  }

  sight(): Sight {
    const { orders, lastPrice, phase } = this;
    const openQuantity = orders.reduce((sum, { leaves }) => sum + leaves, 0);
    const [bids, asks] = [this.depth('buy'), this.depth('sell')];
    return { bids, asks, orderCount: orders.length, openQuantity, lastPrice, phase };
  }

  protected depth(of: 'buy' | 'sell'): Sight['bids'] {
    const levels = new Map<number, number>();
    for (const order of this.queue(of)) levels.set(order.limit, (levels.get(order.limit) ?? 0) + order.shown);
    return [...levels].map(([price, quantity]) => ({ price, quantity }));
  }

  /** The orders on one side of the book, first to trade first. */
  queue(of: 'buy' | 'sell'): NaiveOrder[] {
    const worse = (a: NaiveOrder, b: NaiveOrder): number =>
      of === 'buy' ? b.limit - a.limit : a.limit - b.limit;
    return this.orders
      .filter((order) => order.at === 'book' && side(order) === of && order.turn > 0)
      .sort((a, b) => worse(a, b) || a.turn - b.turn);
  }

  protected crosses(of: 'buy' | 'sell', limit: number): boolean {
    const [best] = this.queue(of === 'buy' ? 'sell' : 'buy');
    if (best === undefined || this.phase !== 'continuous') return false;
    return of === 'buy' ? best.limit <= limit : best.limit >= limit;
  }

  protected enter(order: NaiveOrder, withTrigger: boolean): void {
    order.stop = trailStop(order);
    if (withTrigger && (this.lastPrice === undefined || !stopReached(order, this.lastPrice))) {
      order.at = 'stops';
      order.shown = 0;
    } else if (withTrigger) this.activate(order);
    else if (order.asked.timeInForce === 'cls' && this.phase !== 'closing_call') {
      order.at = 'aside';
      order.turn = ++this.turns;
    } else if (this.phase === 'continuous') this.execute(order);
    else this.rest(order);
  }

  protected rest(order: NaiveOrder): void {
    order.at = 'book';
    order.shown = showable(order);
    order.turn = ++this.turns;
  }

  protected execute(order: NaiveOrder): void {
    order.at = 'book';
    order.turn = 0;
    const fok = order.asked.timeInForce === 'fok';
    const needed = fok ? order.leaves : (order.asked.minimumQuantity ?? 0);
    if (needed > this.wouldTrade(order))
      return this.close(order, 'canceled', fok ? 'not_fillable' : 'below_minimum');
    this.match(order);
    if (order.leaves === 0) this.forget(order);
    else if (ownLimit(order) && !immediate(order.asked)) this.rest(order);
    else {
      const empty = this.queue(side(order) === 'buy' ? 'sell' : 'buy').length === 0;
      const unlimited = empty ? 'no_liquidity' : 'protection_limit';
      this.close(order, 'canceled', ownLimit(order) ? 'immediate_remainder' : unlimited);
    }
  }

  /** Tries it on a copy. */
  protected wouldTrade(order: NaiveOrder): number {
    const copy = new NaiveMarket(this.grid, this.phase);
    copy.orders = structuredClone(this.orders);
    copy.turns = this.turns;
    const twin = copy.orders.find(({ asked }) => asked.orderId === order.asked.orderId);
    if (twin === undefined) throw new Error('the copy lacks the order');
    copy.match(twin);
    return copy.out.reduce((sum, { kind, quantity }) => (kind === 'traded' ? sum + quantity : sum), 0);
  }

  match(incoming: NaiveOrder): void {
    while (incoming.leaves > 0) {
      const [resting] = this.queue(side(incoming) === 'buy' ? 'sell' : 'buy');
      if (resting === undefined || !reaches(incoming, resting.limit)) return;
      if (this.own(incoming, resting)) this.preventSelfTrade(incoming, resting);
      else this.trade(incoming, resting);
    }
  }

  protected trade(incoming: NaiveOrder, resting: NaiveOrder): void {
    const quantity = Math.min(incoming.leaves, resting.shown);
    incoming.leaves -= quantity;
    resting.leaves -= quantity;
    resting.shown -= quantity;
    this.note(resting.limit);
    this.out.push(
      report('traded', resting.asked.orderId, {
        side: side(resting),
        price: resting.limit,
        quantity,
        leavesQuantity: resting.leaves,
        contraOrderId: incoming.asked.orderId,
        contraLeavesQuantity: incoming.leaves,
      }),
    );
    if (resting.leaves === 0) this.forget(resting);
    else if (resting.shown === 0) this.rest(resting);
  }

  protected note(price: number): void {
    this.lastPrice = price;
    this.tradePrices.push(price);
  }

  protected own(incoming: NaiveOrder, resting: NaiveOrder): boolean {
    return account(incoming) > 0 && account(incoming) === account(resting) && mode(incoming) !== 'none';
  }

  protected preventSelfTrade(incoming: NaiveOrder, resting: NaiveOrder): void {
    const how = mode(incoming);
    const least = Math.min(incoming.leaves, resting.leaves);
    if (how !== 'cancel_incoming') this.withdraw(resting, how === 'decrement' ? least : resting.leaves);
    if (how !== 'cancel_resting') this.withdraw(incoming, how === 'decrement' ? least : incoming.leaves);
  }

  protected withdraw(order: NaiveOrder, quantity: number): void {
    order.leaves -= quantity;
    order.total -= quantity;
    order.shown = Math.min(order.shown, order.leaves);
    const rest = { side: side(order), price: order.limit, quantity, leavesQuantity: order.leaves } as const;
    const kind = order.leaves === 0 ? 'canceled' : 'reduced';
    this.out.push(report(kind, order.asked.orderId, { ...rest, reason: 'self_trade' }));
    if (order.leaves === 0) this.forget(order);
  }

  /** Every single trade is looked at, in order. */
  protected trigger(): void {
    const queue: NaiveOrder[] = [];
    for (let turn = -1; turn < queue.length; turn += 1) {
      const next = queue[turn];
      if (next !== undefined) this.activate(next);
      for (const price of this.tradePrices.splice(0)) queue.push(...this.reachedBy(price));
    }
  }

  protected reachedBy(price: number): NaiveOrder[] {
    const waiting = this.orders.filter(({ at }) => at === 'stops');
    for (const order of waiting) {
      if (order.asked.trail === undefined) continue;
      order.best = side(order) === 'sell' ? Math.max(order.best, price) : Math.min(order.best, price);
      order.stop = trailStop(order);
    }
    const reached = waiting.filter((order) => stopReached(order, price));
    const distance = (order: NaiveOrder): number => (side(order) === 'buy' ? order.stop : -order.stop);
    reached.sort(
      (a, b) => side(a).localeCompare(side(b)) || distance(a) - distance(b) || a.arrival - b.arrival,
    );
    for (const order of reached) order.at = 'aside';
    return reached;
  }

  protected activate(order: NaiveOrder): void {
    const { stop: price, leaves: quantity } = order;
    this.out.push(report('triggered', order.asked.orderId, { side: side(order), price, quantity }));
    order.arrival = ++this.arrivals;
    if (this.phase === 'continuous') this.execute(order);
    else this.rest(order);
  }

  protected closeAll(
    kind: 'canceled' | 'expired',
    reason: ReportReason,
    which: (order: NaiveOrder) => boolean,
  ): void {
    const chosen = this.orders.filter(which).sort((a, b) => a.arrival - b.arrival);
    for (const order of chosen) this.close(order, kind, reason);
  }

  protected close(order: NaiveOrder, kind: 'canceled' | 'expired', reason: ReportReason): void {
    const rest = { side: side(order), price: order.limit, quantity: order.leaves, reason } as const;
    this.out.push(report(kind, order.asked.orderId, rest));
    this.forget(order);
  }

  protected forget(order: NaiveOrder): void {
    this.orders = this.orders.filter((other) => other !== order);
  }
}
