import { assert } from '../values/assert.ts';
import type { BookOrder, PriceLevel } from './book-order.ts';
import type { BookState } from './book-state.ts';
import { PRICE_MAX } from './bounds.ts';
import { enter } from './entry.ts';

export function hasTrigger({ orderType }: BookOrder): boolean {
  return orderType === 'stop' || orderType === 'stop_limit' || orderType === 'trailing_stop';
}

/** A stop that the last price has already reached is triggered at once, as if that trade came after it. */
export function enterStop(book: BookState, order: BookOrder): void {
  if (order.trail !== undefined) order.stopPrice = trailedStop(order);
  if (book.lastPrice !== undefined && isReached(order, book.lastPrice)) activate(book, order);
  else book.waitForTrigger(order);
}

/** A trailing stop starts at the last price; without one, at the first trade it sees. */
export function startTrail(book: BookState, order: BookOrder): void {
  order.bestPrice = book.lastPrice ?? (order.side === 'sell' ? 0 : PRICE_MAX);
}

/** Below the highest price since it came for a sell, above the lowest for a buy. A part of a tick is not waited for. */
function trailedStop(order: BookOrder): number {
  const distance = trailDistance(order);
  return order.side === 'sell' ? Math.max(0, order.bestPrice - distance) : order.bestPrice + distance;
}

function trailDistance({ trail, bestPrice }: BookOrder): number {
  assert(trail !== undefined, 'a trailing stop has a trail');
  if (trail.by === 'price') return trail.ticks;
  return Math.max(1, Math.floor((bestPrice * trail.hundredths) / 10_000));
}

/**
 * Triggers what the trades since the last call have reached, and what the triggered orders reach in turn. Trades of one
 * incoming order only move one way, so their first and last price stand for all between. At one price the stop price
 * reached first comes first, then the earlier arrival; a triggered order then takes its place as a new arrival.
 */
export function runTriggers(book: BookState): void {
  if (book.firstPrice === undefined) return;
  const triggered: BookOrder[] = [];
  collect(book, triggered);
  for (const order of triggered) {
    activate(book, order);
    collect(book, triggered);
  }
}

function collect(book: BookState, triggered: BookOrder[]): void {
  const { firstPrice, lastPrice } = book;
  if (firstPrice === undefined || lastPrice === undefined) return;
  book.firstPrice = undefined;
  if (book.stopCount === 0) return;
  takeReached(book, firstPrice, triggered);
  if (lastPrice !== firstPrice) takeReached(book, lastPrice, triggered);
}

function takeReached(book: BookState, price: number, triggered: BookOrder[]): void {
  for (const order of book.trailing) follow(book, order, price);
  for (const ladder of [book.buyStops, book.sellStops]) {
    let level = ladder.best;
    while (level?.head !== undefined && isReached(level.head, price)) {
      for (const order of byArrival(level)) {
        book.unlink(order);
        triggered.push(order);
      }
      level = ladder.best;
    }
  }
}

/** Moves a trailing stop when the market has moved its way. Costs a look at every trailing stop per new price. */
function follow(book: BookState, order: BookOrder, price: number): void {
  const improved = order.side === 'sell' ? price > order.bestPrice : price < order.bestPrice;
  if (!improved) return;
  book.leaveLevel(order);
  order.bestPrice = price;
  order.stopPrice = trailedStop(order);
  book.stops(order.side).levelAt(order.stopPrice).append(order);
}

function isReached(order: BookOrder, price: number): boolean {
  return order.side === 'buy' ? price >= order.stopPrice : price <= order.stopPrice;
}

function byArrival(level: PriceLevel): BookOrder[] {
  const orders: BookOrder[] = [];
  for (let order = level.head; order !== undefined; order = order.next) orders.push(order);
  return orders.sort((a, b) => a.arrival - b.arrival);
}

function activate(book: BookState, order: BookOrder): void {
  const report = book.reports.add('triggered', order.orderId, order.side);
  report.price = order.stopPrice;
  report.quantity = order.leavesQuantity;
  order.arrival = book.arrive();
  enter(book, order);
}
