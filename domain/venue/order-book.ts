import type { Side } from '../order/terms.ts';
import { type Equilibrium, equilibrium } from './auction-price.ts';
import type { BookOrder } from './book-order.ts';
import { BookState, type Grid } from './book-state.ts';
import { refuseReplace, reinsert, replace } from './changes.ts';
import { enter } from './entry.ts';
import type { NewOrder, ReplaceOrder } from './new-order.ts';
import type { Phase } from './phase.ts';
import type { RejectReason } from './reasons.ts';
import type { ReportBuffer, ReportKind } from './report.ts';
import { beginCall, endCall, endDay, expireDay, expireDue, inOrderOfArrival } from './session.ts';
import { type BookHead, headOf, restoringState, type WorkingOrder, workingOrders } from './snapshot.ts';
import type { Slices } from './slices.ts';
import { enterStop, hasTrigger, runTriggers, startTrail } from './stops.ts';
import { refuseNew, refusePrice, refuseQuantity } from './validation.ts';

export interface OrderBookOptions {
  readonly grid?: Grid;
  readonly phase?: Phase;
}

const unitGrid: Grid = { priceIncrement: 1, quantityIncrement: 1 };

export interface DepthLevel {
  readonly price: number;
  readonly quantity: number;
}

/**
 * The order book of one instrument: price, then time. Deterministic: the same commands give the same reports, whatever
 * the clock, the machine or the run. Every command appends to `reports`; the caller clears it when it has read them.
 */
export class OrderBook {
  readonly #state: BookState;

  private constructor(state: BookState) {
    this.#state = state;
  }

  static open({ grid = unitGrid, phase = 'closed' }: OrderBookOptions = {}): OrderBook {
    return new OrderBook(new BookState(grid, phase));
  }

  /** From a snapshot: what `head` and `workingOrders` gave, in that order. */
  static *restoring(head: BookHead, orders: Iterable<WorkingOrder>): Slices<OrderBook> {
    return new OrderBook(yield* restoringState(head, orders));
  }

  head(): BookHead {
    return headOf(this.#state);
  }

  /** In the order of priority, one at a time; the book must not change meanwhile. */
  workingOrders(): Iterable<WorkingOrder> {
    return workingOrders(this.#state);
  }

  get reports(): ReportBuffer {
    return this.#state.reports;
  }

  get phase(): Phase {
    return this.#state.phase;
  }

  get halted(): boolean {
    return this.#state.halted;
  }

  get lastPrice(): number | undefined {
    return this.#state.lastPrice;
  }

  /** Working orders, untriggered stops included. */
  get orderCount(): number {
    return this.#state.orders.size;
  }

  /** The leaves of all working orders. */
  get openQuantity(): number {
    return this.#state.openQuantity;
  }

  place(request: NewOrder): void {
    const book = this.#state;
    const refused = refuseNew(book, request);
    if (refused !== undefined) {
      this.#refuse('rejected', request, refused);
      return;
    }
    const order = fillIn(book.pool.take(), request);
    book.admit(order);
    const report = book.reports.add('accepted', order.orderId, order.side);
    report.price = order.limitPrice;
    report.quantity = order.orderQuantity;
    report.leavesQuantity = order.leavesQuantity;
    if (order.trail !== undefined) startTrail(book, order);
    if (hasTrigger(order)) enterStop(book, order);
    else enter(book, order);
    runTriggers(book);
  }

  cancel(orderId: number): void {
    const order = this.#working('cancel_rejected', orderId);
    if (order !== undefined) this.#cancel(order);
  }

  /** Less quantity on otherwise equal terms keeps priority; any other replace loses it. */
  replace(change: ReplaceOrder): void {
    const order = this.#working('replace_rejected', change.orderId);
    if (order === undefined) return;
    const refused = refuseReplace(this.#state, order, change);
    if (refused !== undefined) {
      this.#refuse('replace_rejected', order, refused);
      return;
    }
    replace(this.#state, order, change);
    runTriggers(this.#state);
  }

  /**
   * Cancel and new entry in one step, always without priority: the leaves become `quantity`, whatever was executed
   * before. This is how recorded flows modify; clients use `replace`.
   */
  reinsert(orderId: number, quantity: number, limitPrice: number): void {
    const book = this.#state;
    const order = this.#working('replace_rejected', orderId);
    if (order === undefined) return;
    const refused = refuseQuantity(book, quantity) ?? refusePrice(book, limitPrice);
    if (refused !== undefined) {
      this.#refuse('replace_rejected', order, refused);
      return;
    }
    reinsert(book, order, quantity, limitPrice);
    runTriggers(book);
  }

  /** Cancels what an account works here, or everything. In order of arrival; also possible during a halt. */
  cancelAll(account?: number): void {
    const mine = (order: BookOrder): boolean => account === undefined || order.account === account;
    for (const order of inOrderOfArrival(this.#state, mine)) this.#cancel(order);
  }

  /** Orders gather from here to the auction. */
  beginCall(phase: 'opening_call' | 'closing_call'): void {
    beginCall(this.#state, phase);
  }

  /** Runs the auction that ends a call, which must not be halted. More than one round only where self-trade prevention took orders away. */
  endCall(referencePrice: number): readonly Equilibrium[] {
    return endCall(this.#state, referencePrice);
  }

  /** What the auction would do now; undefined while nothing crosses. */
  indicative(referencePrice: number): Equilibrium | undefined {
    return equilibrium(this.#state, referencePrice);
  }

  endDay(): void {
    endDay(this.#state);
  }

  /** Orders for the day expire, in whatever phase the book is: for markets that never close. */
  expireDay(): void {
    expireDay(this.#state);
  }

  /**
   * So much of what the order had executed was undone (or, below zero, more was): the order quantity is less by it, so that what it
   * still works stays the same. False when the order does not work here any more.
   */
  reduceExecuted(orderId: number, quantity: number): boolean {
    const order = this.#state.orders.get(orderId);
    if (order !== undefined) order.orderQuantity -= quantity;
    return order !== undefined;
  }

  isWorking(orderId: number): boolean {
    return this.#state.orders.get(orderId) !== undefined;
  }

  /** No order expires by its date before this moment. */
  get earliestExpiry(): number {
    return this.#state.earliestExpiry;
  }

  /** Expires good-till-date orders due at `now`. */
  expire(now: number): void {
    expireDue(this.#state, now);
  }

  /** During a halt only cancels are taken. */
  halt(): void {
    this.#state.halted = true;
  }

  resume(): void {
    this.#state.halted = false;
  }

  /** The best `levelsMax` prices of a side with the quantity they show. */
  depth(side: Side, levelsMax: number): readonly DepthLevel[] {
    const levels: DepthLevel[] = [];
    let level = this.#state.side(side).best;
    while (level !== undefined && levels.length < levelsMax) {
      levels.push({ price: level.price, quantity: level.shownQuantity });
      level = level.worse;
    }
    return levels;
  }

  #working(kind: 'cancel_rejected' | 'replace_rejected', orderId: number): BookOrder | undefined {
    const order = this.#state.orders.get(orderId);
    if (order === undefined) this.#refuse(kind, { orderId, side: 'buy' }, 'unknown_order');
    return order;
  }

  #cancel(order: BookOrder): void {
    this.#state.unlink(order);
    this.#state.close(order, 'canceled', 'requested');
  }

  #refuse(
    kind: ReportKind,
    order: { readonly orderId: number; readonly side: Side },
    reason: RejectReason,
  ): void {
    this.#state.reports.add(kind, order.orderId, order.side).reason = reason;
  }
}

function fillIn(order: BookOrder, request: NewOrder): BookOrder {
  order.orderId = request.orderId;
  order.account = request.account ?? 0;
  order.side = request.side;
  order.orderType = request.orderType;
  order.timeInForce = request.timeInForce;
  order.orderQuantity = request.quantity;
  order.leavesQuantity = request.quantity;
  order.shownQuantity = 0;
  order.displayQuantity = request.displayQuantity ?? 0;
  order.minimumQuantity = request.minimumQuantity ?? 0;
  order.limitPrice = request.limitPrice;
  order.stopPrice = request.stopPrice ?? 0;
  order.trail = request.trail;
  // The order is pooled: it may have trailed before.
  order.bestPrice = 0;
  order.expireAt = request.expireAt ?? 0;
  order.postOnly = request.postOnly ?? false;
  order.selfTradePrevention = request.selfTradePrevention ?? 'none';
  return order;
}
