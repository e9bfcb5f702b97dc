import type { NewOrder, ReplaceOrder } from '../../../domain/venue/new-order.ts';
import type { Phase } from '../../../domain/venue/phase.ts';
import type { Report, ReportReason } from '../../../domain/venue/report.ts';
import type { Command, Sight, Tested } from './commands.ts';
import { reportLine } from './commands.ts';
import { naiveAuctionPrice } from './naive-auction-price.ts';
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
import { stopType, trailStop } from './naive-order.ts';
import { type NaiveGrid, naivePrice, naiveQuantity, naiveTerms, naiveTrail } from './naive-validation.ts';

/**
 * The book again, as plainly as it can be said: one array of orders, sorted anew for every question; trades followed one
 * by one; an order that needs a minimum is tried out on a copy of the whole book. Slow, and the oracle of the fast one.
 */
export class NaiveBook implements Tested {
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

  run(command: Command): readonly string[] {
    this.out = [];
    this.apply(command);
    this.trigger();
    return this.out.map(reportLine);
  }

  sight(): Sight {
    const { orders, lastPrice, phase } = this;
    const openQuantity = orders.reduce((sum, { leaves }) => sum + leaves, 0);
    const [bids, asks] = [this.depth('buy'), this.depth('sell')];
    return { bids, asks, orderCount: orders.length, openQuantity, lastPrice, phase };
  }

  private depth(of: 'buy' | 'sell'): Sight['bids'] {
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

  private apply(command: Command): void {
    switch (command.do) {
      case 'place':
        return this.place(command.order);
      case 'cancel':
        return this.withOrder(command.orderId, 'cancel_rejected', (order) =>
          this.close(order, 'canceled', 'requested'),
        );
      case 'replace':
        return this.withOrder(command.change.orderId, 'replace_rejected', (o) =>
          this.replace(o, command.change),
        );
      case 'reinsert':
        return this.withOrder(command.orderId, 'replace_rejected', (o) => this.reinsert(o, command));
      case 'cancelAll':
        return this.closeAll('canceled', 'requested', (order) => account(order) === command.account);
      case 'beginCall':
        return this.beginCall(command.phase);
      case 'endCall':
        return this.phase.endsWith('_call') ? this.endCall(command.referencePrice) : undefined;
      case 'endDay':
        return this.endDay();
      case 'expire':
        return this.closeAll(
          'expired',
          'date_reached',
          ({ asked }) => (asked.expireAt ?? Infinity) <= command.now,
        );
      case 'halt':
      case 'resume':
        this.halted = command.do === 'halt';
    }
  }

  private place(asked: NewOrder): void {
    const reason = this.refuse(asked);
    if (reason !== undefined) {
      this.out.push(report('rejected', asked.orderId, { side: asked.side, reason }));
      return;
    }
    const arrival = ++this.arrivals;
    const { quantity, limitPrice } = asked;
    const best = this.lastPrice ?? (asked.side === 'sell' ? 0 : 549_755_813_887);
    const order: NaiveOrder = {
      asked,
      total: quantity,
      leaves: quantity,
      shown: 0,
      limit: limitPrice,
      stop: asked.stopPrice ?? 0,
      best,
      arrival,
      turn: 0,
      at: 'book',
    };
    this.orders.push(order);
    const leavesQuantity = quantity;
    this.out.push(
      report('accepted', asked.orderId, { side: asked.side, price: limitPrice, quantity, leavesQuantity }),
    );
    this.enter(order, stopType(asked));
  }

  private refuse(asked: NewOrder): ReportReason | undefined {
    if (this.orders.some((order) => order.asked.orderId === asked.orderId)) return 'duplicate_order';
    if (this.halted) return 'halted';
    if (immediate(asked) && this.phase !== 'continuous') return 'not_continuous';
    if (asked.timeInForce === 'opg' && ['continuous', 'closing_call'].includes(this.phase))
      return 'opening_over';
    const bad =
      naiveQuantity(asked.quantity, this.grid) ??
      naivePrice(asked.limitPrice, this.grid) ??
      naiveTerms(asked, this.grid);
    if (bad !== undefined) return bad;
    return asked.postOnly === true && this.crosses(asked.side, asked.limitPrice) ? 'would_trade' : undefined;
  }

  private crosses(of: 'buy' | 'sell', limit: number): boolean {
    const [best] = this.queue(of === 'buy' ? 'sell' : 'buy');
    if (best === undefined || this.phase !== 'continuous') return false;
    return of === 'buy' ? best.limit <= limit : best.limit >= limit;
  }

  private enter(order: NaiveOrder, withTrigger: boolean): void {
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

  private rest(order: NaiveOrder): void {
    order.at = 'book';
    order.shown = showable(order);
    order.turn = ++this.turns;
  }

  private execute(order: NaiveOrder): void {
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
  private wouldTrade(order: NaiveOrder): number {
    const copy = new NaiveBook(this.grid, this.phase);
    copy.orders = structuredClone(this.orders);
    copy.turns = this.turns;
    const twin = copy.orders.find(({ asked }) => asked.orderId === order.asked.orderId);
    if (twin === undefined) throw new Error('the copy lacks the order');
    copy.match(twin);
    return copy.out.reduce((sum, { kind, quantity }) => (kind === 'traded' ? sum + quantity : sum), 0);
  }

  private match(incoming: NaiveOrder): void {
    while (incoming.leaves > 0) {
      const [resting] = this.queue(side(incoming) === 'buy' ? 'sell' : 'buy');
      if (resting === undefined || !reaches(incoming, resting.limit)) return;
      if (this.own(incoming, resting)) this.preventSelfTrade(incoming, resting);
      else this.trade(incoming, resting);
    }
  }

  private trade(incoming: NaiveOrder, resting: NaiveOrder): void {
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

  private note(price: number): void {
    this.lastPrice = price;
    this.tradePrices.push(price);
  }

  private own(incoming: NaiveOrder, resting: NaiveOrder): boolean {
    return account(incoming) > 0 && account(incoming) === account(resting) && mode(incoming) !== 'none';
  }

  private preventSelfTrade(incoming: NaiveOrder, resting: NaiveOrder): void {
    const how = mode(incoming);
    const least = Math.min(incoming.leaves, resting.leaves);
    if (how !== 'cancel_incoming') this.withdraw(resting, how === 'decrement' ? least : resting.leaves);
    if (how !== 'cancel_resting') this.withdraw(incoming, how === 'decrement' ? least : incoming.leaves);
  }

  private withdraw(order: NaiveOrder, quantity: number): void {
    order.leaves -= quantity;
    order.total -= quantity;
    order.shown = Math.min(order.shown, order.leaves);
    const rest = { side: side(order), price: order.limit, quantity, leavesQuantity: order.leaves } as const;
    const kind = order.leaves === 0 ? 'canceled' : 'reduced';
    this.out.push(report(kind, order.asked.orderId, { ...rest, reason: 'self_trade' }));
    if (order.leaves === 0) this.forget(order);
  }

  private replace(order: NaiveOrder, change: ReplaceOrder): void {
    const { quantity = order.total, limitPrice = order.limit, stopPrice = order.stop } = change;
    const reason = this.refuseReplace(order, change, { quantity, limitPrice });
    if (reason !== undefined) {
      this.out.push(report('replace_rejected', order.asked.orderId, { side: side(order), reason }));
      return;
    }
    const leaves = Math.max(0, quantity - (order.total - order.leaves));
    const same = limitPrice === order.limit && stopPrice === order.stop && change.trail === undefined;
    const keeps = same && leaves > 0 && leaves <= order.leaves;
    order.total += leaves - order.leaves;
    order.leaves = leaves;
    order.limit = limitPrice;
    order.stop = stopPrice;
    order.shown = Math.min(order.shown, leaves);
    if (change.trail !== undefined) order.asked = { ...order.asked, trail: change.trail };
    this.reportReplaced(order);
    if (leaves === 0) this.forget(order);
    else if (!keeps) this.again(order);
  }

  private refuseReplace(
    order: NaiveOrder,
    { stopPrice, trail }: ReplaceOrder,
    { quantity, limitPrice }: { quantity: number; limitPrice: number },
  ): ReportReason | undefined {
    if (this.halted) return 'halted';
    const bad = naiveQuantity(quantity, this.grid) ?? naivePrice(limitPrice, this.grid);
    if (bad !== undefined) return bad;
    const trails = order.asked.orderType === 'trailing_stop';
    if (order.at !== 'stops' && (stopPrice ?? trail) !== undefined) return 'terms_conflict';
    if (stopPrice !== undefined && trails) return 'terms_conflict';
    if (trail !== undefined && !trails) return 'terms_conflict';
    const trigger = trail === undefined ? naivePrice(stopPrice ?? 0, this.grid) : naiveTrail(trail);
    if (trigger !== undefined) return trigger;
    const moved = order.asked.postOnly === true && limitPrice !== order.limit;
    return moved && this.crosses(side(order), limitPrice) ? 'would_trade' : undefined;
  }

  private reinsert(order: NaiveOrder, { quantity, price }: { quantity: number; price: number }): void {
    const reason = naiveQuantity(quantity, this.grid) ?? naivePrice(price, this.grid);
    if (reason !== undefined) {
      this.out.push(report('replace_rejected', order.asked.orderId, { side: side(order), reason }));
      return;
    }
    order.total += quantity - order.leaves;
    order.leaves = quantity;
    order.limit = price;
    this.reportReplaced(order);
    this.again(order);
  }

  private again(order: NaiveOrder): void {
    order.arrival = ++this.arrivals;
    this.enter(order, order.at === 'stops');
  }

  private reportReplaced(order: NaiveOrder): void {
    const { total: quantity, leaves: leavesQuantity, limit: price } = order;
    this.out.push(
      report('replaced', order.asked.orderId, { side: side(order), price, quantity, leavesQuantity }),
    );
  }

  private beginCall(phase: 'opening_call' | 'closing_call'): void {
    this.phase = phase;
    if (phase === 'opening_call') return;
    const aside = this.orders.filter(({ at }) => at === 'aside').sort((a, b) => a.turn - b.turn);
    for (const order of aside) this.rest(order);
  }

  private endCall(reference: number): void {
    const opening = this.phase === 'opening_call';
    for (
      let price = this.auctionPrice(reference);
      price !== undefined;
      price = this.auctionPrice(reference)
    ) {
      this.pairAt(price);
    }
    const over = (order: NaiveOrder): boolean =>
      order.asked.timeInForce === 'opg' || (order.at === 'book' && !ownLimit(order));
    this.closeAll('expired', 'auction_over', over);
    if (opening) this.phase = 'continuous';
    else this.endDay();
  }

  private auctionPrice(reference: number): number | undefined {
    return naiveAuctionPrice(this.queue('buy'), this.queue('sell'), {
      reference,
      step: this.grid.priceIncrement,
    });
  }

  private pairAt(price: number): void {
    for (;;) {
      const [bid] = this.queue('buy');
      const [ask] = this.queue('sell');
      if (bid === undefined || ask === undefined || bid.limit < price || ask.limit > price) return;
      const [late, early] = bid.arrival > ask.arrival ? [bid, ask] : [ask, bid];
      if (this.own(late, early)) {
        this.preventSelfTrade(late, early);
        continue;
      }
      const quantity = Math.min(bid.leaves, ask.leaves);
      for (const order of [bid, ask]) {
        order.leaves -= quantity;
        order.shown = showable(order);
        if (order.leaves === 0) this.forget(order);
      }
      this.note(price);
      const contra = { contraOrderId: ask.asked.orderId, contraLeavesQuantity: ask.leaves };
      this.out.push(
        report('auction_traded', bid.asked.orderId, {
          price,
          quantity,
          leavesQuantity: bid.leaves,
          ...contra,
        }),
      );
    }
  }

  private endDay(): void {
    this.phase = 'closed';
    this.closeAll(
      'expired',
      'auction_over',
      ({ asked }) => asked.timeInForce === 'opg' || asked.timeInForce === 'cls',
    );
    this.closeAll('expired', 'day_over', ({ asked }) => asked.timeInForce === 'day');
  }

  /** Every single trade is looked at, in order. */
  private trigger(): void {
    const queue: NaiveOrder[] = [];
    for (let turn = -1; turn < queue.length; turn += 1) {
      const next = queue[turn];
      if (next !== undefined) this.activate(next);
      for (const price of this.tradePrices.splice(0)) queue.push(...this.reachedBy(price));
    }
  }

  private reachedBy(price: number): NaiveOrder[] {
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

  private activate(order: NaiveOrder): void {
    const { stop: price, leaves: quantity } = order;
    this.out.push(report('triggered', order.asked.orderId, { side: side(order), price, quantity }));
    order.arrival = ++this.arrivals;
    if (this.phase === 'continuous') this.execute(order);
    else this.rest(order);
  }

  private withOrder(
    orderId: number,
    kind: 'cancel_rejected' | 'replace_rejected',
    act: (o: NaiveOrder) => void,
  ): void {
    const order = this.orders.find(({ asked }) => asked.orderId === orderId);
    if (order === undefined) this.out.push(report(kind, orderId, { reason: 'unknown_order' }));
    else act(order);
  }

  private closeAll(
    kind: 'canceled' | 'expired',
    reason: ReportReason,
    which: (order: NaiveOrder) => boolean,
  ): void {
    const chosen = this.orders.filter(which).sort((a, b) => a.arrival - b.arrival);
    for (const order of chosen) this.close(order, kind, reason);
  }

  private close(order: NaiveOrder, kind: 'canceled' | 'expired', reason: ReportReason): void {
    const rest = { side: side(order), price: order.limit, quantity: order.leaves, reason } as const;
    this.out.push(report(kind, order.asked.orderId, rest));
    this.forget(order);
  }

  private forget(order: NaiveOrder): void {
    this.orders = this.orders.filter((other) => other !== order);
  }
}
