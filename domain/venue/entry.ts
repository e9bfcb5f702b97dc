import { tradable } from './available.ts';
import type { BookOrder } from './book-order.ts';
import type { BookState } from './book-state.ts';
import { match } from './matching.ts';
import type { CloseReason } from './reasons.ts';
import { isImmediate } from './validation.ts';

/** Brings an accepted order without an open trigger to the market, as the phase has it. */
export function enter(book: BookState, order: BookOrder): void {
  if (order.timeInForce === 'cls' && book.phase !== 'closing_call') book.setAside(order);
  else if (book.phase === 'continuous') execute(book, order);
  else book.rest(order);
}

function execute(book: BookState, order: BookOrder): void {
  const needed = order.timeInForce === 'fok' ? order.leavesQuantity : order.minimumQuantity;
  if (needed > 0 && tradable(book, order) < needed) {
    book.close(order, 'canceled', order.timeInForce === 'fok' ? 'not_fillable' : 'below_minimum');
    return;
  }
  match(book, order);
  if (order.leavesQuantity === 0) book.forget(order);
  else if (canRest(order)) book.rest(order);
  else book.close(order, 'canceled', remainderReason(book, order));
}

/** Only a client's own limit may stay on the book in continuous trading; a protection limit only bounds. */
function canRest(order: BookOrder): boolean {
  return hasOwnLimit(order) && !isImmediate(order);
}

export function hasOwnLimit({ orderType }: BookOrder): boolean {
  return orderType === 'limit' || orderType === 'stop_limit';
}

function remainderReason(book: BookState, order: BookOrder): CloseReason {
  if (hasOwnLimit(order)) return 'immediate_remainder';
  return book.opposite(order.side).best === undefined ? 'no_liquidity' : 'protection_limit';
}
