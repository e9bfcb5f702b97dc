import { assert } from '../values/assert.ts';
import type { BookOrder, PriceLevel } from './book-order.ts';
import { type BookState, slice } from './book-state.ts';
import { meetsItself, preventSelfTrade } from './self-trade.ts';

/** Trades an incoming order against the book by price, then time, until nothing is left or nothing is in reach. */
export function match(book: BookState, incoming: BookOrder): void {
  const ladder = book.opposite(incoming.side);
  while (incoming.leavesQuantity > 0) {
    const level = ladder.best;
    if (level === undefined || !reaches(incoming, level.price)) return;
    const resting = level.head;
    assert(resting !== undefined, 'a level on the ladder has an order');
    if (meetsItself(incoming, resting)) preventSelfTrade(book, incoming, resting);
    else trade(book, incoming, resting);
  }
}

export function reaches(order: BookOrder, price: number): boolean {
  return order.side === 'buy' ? price <= order.limitPrice : price >= order.limitPrice;
}

/** At the resting order's price, as much as both can. */
function trade(book: BookState, incoming: BookOrder, resting: BookOrder): void {
  const { level } = resting;
  assert(level !== undefined, 'a resting order is on a level');
  const quantity = Math.min(incoming.leavesQuantity, resting.shownQuantity);
  incoming.leavesQuantity -= quantity;
  level.reduce(resting, resting.leavesQuantity - quantity, resting.shownQuantity - quantity);
  book.openQuantity -= quantity * 2;
  noteTrade(book, level.price);
  const report = book.reports.add('traded', resting.orderId, resting.side);
  report.price = level.price;
  report.quantity = quantity;
  report.leavesQuantity = resting.leavesQuantity;
  report.contraOrderId = incoming.orderId;
  report.contraLeavesQuantity = incoming.leavesQuantity;
  if (resting.shownQuantity === 0) settleResting(book, level, resting);
}

export function noteTrade(book: BookState, price: number): void {
  book.firstPrice ??= price;
  book.lastPrice = price;
}

/** A resting order whose shown part is used up is filled, or shows its next slice at the end of the queue. */
function settleResting(book: BookState, level: PriceLevel, resting: BookOrder): void {
  if (resting.leavesQuantity === 0) {
    book.unlink(resting);
    book.forget(resting);
    return;
  }
  level.remove(resting);
  resting.shownQuantity = slice(resting);
  level.append(resting);
}
