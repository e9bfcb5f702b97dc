import type { Side, TimeInForce } from '../order/terms.ts';
import { assert } from '../values/assert.ts';
import { type BookOrder, OrderPool, PriceLevel } from './book-order.ts';
import { OrderIndex } from './order-index.ts';
import { PriceLadder } from './price-ladder.ts';
import type { CloseReason } from './reasons.ts';
import { ReportBuffer } from './report.ts';
import type { Phase } from './phase.ts';

/** Prices and quantities must be multiples of these. */
export interface Grid {
  readonly priceIncrement: number;
  readonly quantityIncrement: number;
}

/** Everything one book consists of, and the few moves that keep its parts in agreement. */
export class BookState {
  readonly bids = new PriceLadder('highest');
  readonly asks = new PriceLadder('lowest');
  /** Untriggered stops by stop price. A rising market reaches the lowest buy stop first, so that one is the best. */
  readonly buyStops = new PriceLadder('lowest');
  readonly sellStops = new PriceLadder('highest');
  /** Orders for the closing auction, aside until its call begins. */
  readonly forClose = new PriceLevel();
  readonly orders = new OrderIndex();
  readonly pool = new OrderPool();
  readonly reports = new ReportBuffer();
  readonly grid: Grid;
  phase: Phase;
  halted = false;
  arrivals = 0;
  /** All quantity the book works: the bound that keeps every sum of quantities exact. */
  openQuantity = 0;
  lastPrice: number | undefined = undefined;
  /** First price of the trades since triggers were last looked at. */
  firstPrice: number | undefined = undefined;
  stopCount = 0;
  readonly trailing = new Set<BookOrder>();
  /** No order expires before this moment. */
  earliestExpiry = Number.POSITIVE_INFINITY;

  constructor(grid: Grid, phase: Phase) {
    this.grid = grid;
    this.phase = phase;
  }

  side(side: Side): PriceLadder {
    return side === 'buy' ? this.bids : this.asks;
  }

  opposite(side: Side): PriceLadder {
    return side === 'buy' ? this.asks : this.bids;
  }

  stops(side: Side): PriceLadder {
    return side === 'buy' ? this.buyStops : this.sellStops;
  }

  /** Makes an accepted order known; where it waits is decided afterwards. */
  admit(order: BookOrder): void {
    order.arrival = this.arrive();
    this.openQuantity += order.leavesQuantity;
    this.setTime(order, order.timeInForce, order.expireAt);
    this.orders.add(order);
  }

  setTime(order: BookOrder, timeInForce: TimeInForce, expireAt: number): void {
    order.timeInForce = timeInForce;
    order.expireAt = expireAt;
    if (expireAt !== 0) this.earliestExpiry = Math.min(this.earliestExpiry, expireAt);
  }

  arrive(): number {
    this.arrivals += 1;
    return this.arrivals;
  }

  /** Puts what is left of an order on the book, behind everything at its price. */
  rest(order: BookOrder): void {
    this.restShowing(order, slice(order));
  }

  restShowing(order: BookOrder, shownQuantity: number): void {
    order.place = 'book';
    order.shownQuantity = shownQuantity;
    this.side(order.side).levelAt(order.limitPrice).append(order);
  }

  waitForTrigger(order: BookOrder): void {
    order.place = 'stops';
    order.shownQuantity = 0;
    this.stopCount += 1;
    if (order.orderType === 'trailing_stop') this.trailing.add(order);
    this.stops(order.side).levelAt(order.stopPrice).append(order);
  }

  /** Orders for the closing auction take no part in anything before its call. */
  setAside(order: BookOrder): void {
    order.place = 'close';
    order.shownQuantity = 0;
    this.forClose.append(order);
  }

  /** Takes a working order from where it waits; it stays known until `forget`. */
  unlink(order: BookOrder): void {
    this.leaveLevel(order);
    if (order.place !== 'stops') return;
    this.stopCount -= 1;
    if (order.orderType === 'trailing_stop') this.trailing.delete(order);
  }

  /** The part of `unlink` that an order needs which moves to another level. */
  leaveLevel(order: BookOrder): void {
    const { level } = order;
    assert(level !== undefined, 'an order that waits nowhere was unlinked');
    level.remove(order);
    if (level.head !== undefined || order.place === 'close') return;
    if (order.place === 'book') this.side(order.side).close(level);
    else this.stops(order.side).close(level);
  }

  /** The order is closed and waits nowhere: its number becomes free. */
  forget(order: BookOrder): void {
    this.openQuantity -= order.leavesQuantity;
    this.orders.remove(order);
    this.pool.giveBack(order);
  }

  /** Reports an order's end and forgets it; it must wait nowhere. */
  close(order: BookOrder, kind: 'canceled' | 'expired', reason: CloseReason): void {
    const report = this.reports.add(kind, order.orderId, order.side);
    report.price = order.limitPrice;
    report.quantity = order.leavesQuantity;
    report.reason = reason;
    this.forget(order);
  }
}

/** What an order shows of its leaves when it takes a place at the end of a queue. */
export function slice(order: BookOrder): number {
  const { displayQuantity, leavesQuantity } = order;
  return displayQuantity === 0 || displayQuantity > leavesQuantity ? leavesQuantity : displayQuantity;
}
