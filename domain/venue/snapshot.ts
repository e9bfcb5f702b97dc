import type { OrderType, Side, TimeInForce, Trail } from '../order/terms.ts';
import type { BookOrder, Place, PriceLevel } from './book-order.ts';
import { BookState, type Grid } from './book-state.ts';
import type { SelfTradePrevention } from './new-order.ts';
import type { Phase } from './phase.ts';
import type { PriceLadder } from './price-ladder.ts';
import { eachInSlices, type Slices } from './slices.ts';

/** What a book knows besides its orders. */
export interface BookHead {
  readonly grid: Grid;
  readonly phase: Phase;
  readonly halted: boolean;
  readonly arrivals: number;
  readonly lastPrice?: number;
}

/** One working order as a snapshot keeps it. Absent numbers are 0. */
export interface WorkingOrder {
  readonly orderId: number;
  readonly account: number;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly orderQuantity: number;
  readonly leavesQuantity: number;
  readonly shownQuantity: number;
  readonly displayQuantity: number;
  readonly limitPrice: number;
  readonly stopPrice: number;
  readonly bestPrice: number;
  readonly expireAt: number;
  readonly postOnly: boolean;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly arrival: number;
  readonly place: Place;
  readonly trail?: Trail;
}

export function headOf({ grid, phase, halted, arrivals, lastPrice }: BookState): BookHead {
  const known = { grid, phase, halted, arrivals };
  return lastPrice === undefined ? known : { ...known, lastPrice };
}

/**
 * Every working order in the order of its queue: the order of this list *is* the priority. One at a time, so that a book
 * of a million orders can be written in chunks.
 */
export function* workingOrders(book: BookState): Generator<WorkingOrder> {
  for (const ladder of [book.bids, book.asks, book.buyStops, book.sellStops]) yield* ordersOn(ladder);
  yield* ordersAt(book.forClose);
}

/** The book that goes on exactly as the one the head and the orders were taken from. */
export function* restoringState(head: BookHead, orders: Iterable<WorkingOrder>): Slices<BookState> {
  const book = new BookState(head.grid, head.phase);
  yield* eachInSlices(orders, (kept) => putBack(book, kept));
  book.halted = head.halted;
  book.arrivals = head.arrivals;
  book.lastPrice = head.lastPrice;
  return book;
}

function* ordersOn(ladder: PriceLadder): Generator<WorkingOrder> {
  for (let level = ladder.best; level !== undefined; level = level.worse) yield* ordersAt(level);
}

function* ordersAt(level: PriceLevel): Generator<WorkingOrder> {
  for (let order = level.head; order !== undefined; order = order.next) yield toWorkingOrder(order);
}

function toWorkingOrder(order: BookOrder): WorkingOrder {
  const {
    level: _level,
    previous: _previous,
    next: _next,
    minimumQuantity: _minimum,
    trail,
    ...kept
  } = order;
  return trail === undefined ? kept : { ...kept, trail };
}

function putBack(book: BookState, { place, arrival, shownQuantity, ...kept }: WorkingOrder): void {
  const order: BookOrder = Object.assign(book.pool.take(), kept);
  book.admit(order);
  order.arrival = arrival;
  if (place === 'stops') book.waitForTrigger(order);
  else if (place === 'close') book.setAside(order);
  else book.restShowing(order, shownQuantity);
}
