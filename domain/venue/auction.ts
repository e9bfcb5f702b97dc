import { type Equilibrium, equilibrium } from './auction-price.ts';
import type { BookOrder } from './book-order.ts';
import { type BookState, slice } from './book-state.ts';
import { noteTrade } from './matching.ts';
import { meetsItself, preventSelfTrade } from './self-trade.ts';

/**
 * Trades everything that crosses at one price, by price, then time. When self-trade prevention took orders away on
 * meeting, what is left may cross again and gets a price of its own; every round removes an order, so rounds end.
 */
export function uncross(book: BookState, referencePrice: number): readonly Equilibrium[] {
  const rounds: Equilibrium[] = [];
  for (;;) {
    const found = equilibrium(book, referencePrice);
    if (found === undefined) return rounds;
    rounds.push(found);
    pairAll(book, found.price);
  }
}

function pairAll(book: BookState, price: number): void {
  for (;;) {
    const bid = book.bids.best?.head;
    const ask = book.asks.best?.head;
    if (bid === undefined || ask === undefined || bid.limitPrice < price || ask.limitPrice > price) return;
    const [later, earlier] = bid.arrival > ask.arrival ? [bid, ask] : [ask, bid];
    if (meetsItself(later, earlier)) preventSelfTrade(book, later, earlier);
    else pair(book, bid, ask, price);
  }
}

function pair(book: BookState, bid: BookOrder, ask: BookOrder, price: number): void {
  const quantity = Math.min(bid.leavesQuantity, ask.leavesQuantity);
  const report = book.reports.add('auction_traded', bid.orderId, 'buy');
  report.price = price;
  report.quantity = quantity;
  report.leavesQuantity = bid.leavesQuantity - quantity;
  report.contraOrderId = ask.orderId;
  report.contraLeavesQuantity = ask.leavesQuantity - quantity;
  book.openQuantity -= quantity * 2;
  noteTrade(book, price);
  take(book, bid, quantity);
  take(book, ask, quantity);
}

/** In an auction the whole order trades with its own time, hidden part included; what stays shows a slice again. */
function take(book: BookState, order: BookOrder, quantity: number): void {
  const leavesQuantity = order.leavesQuantity - quantity;
  order.level?.reduce(order, leavesQuantity, Math.min(leavesQuantity, slice(order)));
  if (leavesQuantity > 0) return;
  book.unlink(order);
  book.forget(order);
}
