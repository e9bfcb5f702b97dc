import type { BookOrder } from './book-order.ts';
import type { BookState } from './book-state.ts';
import { reaches } from './matching.ts';
import type { PriceLevel } from './price-level.ts';
import { meetsItself } from './self-trade.ts';

/**
 * How much an incoming order would trade if it went in now, up to `enough`. Looks without touching: an order that needs
 * more than there is must leave no trace, so its own account's orders only count as what would happen on meeting them.
 */
export function tradable(book: BookState, incoming: BookOrder, enough: number): number {
  let total = 0;
  let level = book.opposite(incoming.side).best;
  while (level !== undefined && total < enough && reaches(incoming, level.price)) {
    const own = firstOwn(level, incoming);
    if (own === undefined) total += level.leavesQuantity;
    else if (incoming.selfTradePrevention === 'cancel_resting') total += othersAt(level, incoming);
    else return total + shownBefore(level, own);
    level = level.worse;
  }
  return total;
}

function firstOwn(level: PriceLevel, incoming: BookOrder): BookOrder | undefined {
  if (incoming.account === 0 || incoming.selfTradePrevention === 'none') return undefined;
  let order = level.head;
  while (order !== undefined && !meetsItself(incoming, order)) order = order.next;
  return order;
}

function othersAt(level: PriceLevel, incoming: BookOrder): number {
  let total = 0;
  for (let order = level.head; order !== undefined; order = order.next) {
    if (!meetsItself(incoming, order)) total += order.leavesQuantity;
  }
  return total;
}

/** Hidden quantity queues behind everything shown, so it does not come before an order of the own account. */
function shownBefore(level: PriceLevel, own: BookOrder): number {
  let total = 0;
  for (let order = level.head; order !== undefined && order !== own; order = order.next)
    total += order.shownQuantity;
  return total;
}
