import type { OrderType, Side, TimeInForce, Trail } from '../order/terms.ts';
import type { SelfTradePrevention } from './new-order.ts';

/** Where a working order is kept: on the book, among the stops, or aside until the closing call. */
export type Place = 'book' | 'stops' | 'close';

/**
 * One working order inside the book. Pooled and mutated, so it never leaves `domain/venue`: what others learn of it
 * they learn from reports. An absent number is 0. What every trade and cancel touches comes first, for the processor's cache.
 */
export class BookOrder {
  orderId = 0;
  leavesQuantity = 0;
  /** The part of the leaves that may trade before the order goes to the end of its queue. */
  shownQuantity = 0;
  level: PriceLevel | undefined = undefined;
  previous: BookOrder | undefined = undefined;
  next: BookOrder | undefined = undefined;
  side: Side = 'buy';
  place: Place = 'book';
  limitPrice = 0;
  account = 0;
  selfTradePrevention: SelfTradePrevention = 'none';
  orderType: OrderType = 'limit';
  timeInForce: TimeInForce = 'gtc';
  /** FIX OrderQty (38): executed and open together. */
  orderQuantity = 0;
  /** FIX DisplayQty (1138): size of each shown slice; 0 shows everything. */
  displayQuantity = 0;
  minimumQuantity = 0;
  stopPrice = 0;
  trail: Trail | undefined = undefined;
  /** The best price since a trailing stop arrived: highest for a sell, lowest for a buy. */
  bestPrice = 0;
  expireAt = 0;
  postOnly = false;
  /** Position among all arrivals: the later of two orders has the higher one. */
  arrival = 0;
}

/** Reuses the objects of closed orders, so that a steady flow allocates none. */
export class OrderPool {
  #free: BookOrder | undefined = undefined;

  take(): BookOrder {
    const order = this.#free;
    if (order === undefined) return new BookOrder();
    this.#free = order.next;
    order.next = undefined;
    return order;
  }

  giveBack(order: BookOrder): void {
    order.previous = undefined;
    order.level = undefined;
    order.next = this.#free;
    this.#free = order;
  }
}

/** The orders waiting at one price, first come first served. */
export class PriceLevel {
  price = 0;
  /** Sorts levels of one ladder from worst to best. */
  key = 0;
  leavesQuantity = 0;
  shownQuantity = 0;
  head: BookOrder | undefined = undefined;
  tail: BookOrder | undefined = undefined;
  better: PriceLevel | undefined = undefined;
  worse: PriceLevel | undefined = undefined;

  append(order: BookOrder): void {
    order.level = this;
    this.leavesQuantity += order.leavesQuantity;
    this.shownQuantity += order.shownQuantity;
    const tail = this.tail;
    order.previous = tail;
    order.next = undefined;
    this.tail = order;
    if (tail === undefined) this.head = order;
    else tail.next = order;
  }

  remove(order: BookOrder): void {
    this.leavesQuantity -= order.leavesQuantity;
    this.shownQuantity -= order.shownQuantity;
    const { previous, next } = order;
    if (previous === undefined) this.head = next;
    else previous.next = next;
    if (next === undefined) this.tail = previous;
    else next.previous = previous;
    order.level = undefined;
  }

  /** Takes executed or withdrawn quantity off an order that stays where it is in the queue. */
  reduce(order: BookOrder, leavesQuantity: number, shownQuantity: number): void {
    this.leavesQuantity -= order.leavesQuantity - leavesQuantity;
    this.shownQuantity -= order.shownQuantity - shownQuantity;
    order.leavesQuantity = leavesQuantity;
    order.shownQuantity = shownQuantity;
  }
}
