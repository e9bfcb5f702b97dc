import { assert } from '../values/assert.ts';
import { uncross } from './auction.ts';
import type { Equilibrium } from './auction-price.ts';
import type { BookOrder } from './book-order.ts';
import type { BookState } from './book-state.ts';
import { hasOwnLimit } from './entry.ts';
import type { CloseReason } from './reasons.ts';
import { runTriggers } from './stops.ts';

/** From the closing call on, orders for the closing auction take part, in the order in which they came. */
export function beginCall(book: BookState, phase: 'opening_call' | 'closing_call'): void {
  book.phase = phase;
  if (phase === 'opening_call') return;
  for (let order = book.forClose.head; order !== undefined; order = book.forClose.head) {
    book.unlink(order);
    book.rest(order);
  }
}

/**
 * Ends the call with its auction: an opening goes over into continuous trading, a closing ends the day. Stops that the
 * auction price reaches come last, so after a close they wait with everything else for the next opening.
 */
export function endCall(book: BookState, referencePrice: number): readonly Equilibrium[] {
  assert(
    book.phase === 'opening_call' || book.phase === 'closing_call',
    'an auction was run outside its call',
  );
  assert(!book.halted, 'an auction was run during a halt');
  const opening = book.phase === 'opening_call';
  const rounds = uncross(book, referencePrice);
  expireWhere(book, 'auction_over', (order) => order.timeInForce === 'opg' || isUnlimited(order));
  if (opening) book.phase = 'continuous';
  else endDay(book);
  runTriggers(book);
  return rounds;
}

/** The end of the trading day: orders for the day and for its auctions expire, with or without a closing auction. */
export function endDay(book: BookState): void {
  book.phase = 'closed';
  expireWhere(book, 'auction_over', ({ timeInForce }) => timeInForce === 'opg' || timeInForce === 'cls');
  expireDay(book);
}

export function expireDay(book: BookState): void {
  expireWhere(book, 'day_over', ({ timeInForce }) => timeInForce === 'day');
}

/** Good-till-date orders whose moment has come. Looks at nothing while none can be due. */
export function expireDue(book: BookState, now: number): void {
  if (now < book.earliestExpiry) return;
  expireWhere(book, 'date_reached', ({ expireAt }) => expireAt !== 0 && expireAt <= now);
  book.earliestExpiry = Number.POSITIVE_INFINITY;
  for (const { expireAt } of book.orders.values()) {
    if (expireAt !== 0 && expireAt < book.earliestExpiry) book.earliestExpiry = expireAt;
  }
}

/** A market order on the book after its auction: only a protection limit, so it may not stay. */
function isUnlimited(order: BookOrder): boolean {
  return order.place === 'book' && !hasOwnLimit(order);
}

function expireWhere(book: BookState, reason: CloseReason, chosen: (order: BookOrder) => boolean): void {
  for (const order of inOrderOfArrival(book, chosen)) {
    book.unlink(order);
    book.close(order, 'expired', reason);
  }
}

export function inOrderOfArrival(
  book: BookState,
  chosen: (order: BookOrder) => boolean,
): readonly BookOrder[] {
  const orders: BookOrder[] = [];
  for (const order of book.orders.values()) if (chosen(order)) orders.push(order);
  return orders.sort((a, b) => a.arrival - b.arrival);
}
