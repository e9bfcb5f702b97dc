import { assert, unreachable } from '../values/assert.ts';
import type { BookOrder } from './book-order.ts';
import type { BookState } from './book-state.ts';

export function meetsItself(incoming: BookOrder, resting: BookOrder): boolean {
  return (
    incoming.account !== 0 && incoming.account === resting.account && incoming.selfTradePrevention !== 'none'
  );
}

/**
 * Acts when an order has met one of its own account, and not before: what lies further back in the book is untouched.
 * Leaves the incoming order with nothing when it is not to go on.
 */
export function preventSelfTrade(book: BookState, incoming: BookOrder, resting: BookOrder): void {
  const mode = incoming.selfTradePrevention;
  switch (mode) {
    case 'cancel_resting':
      withdraw(book, resting, resting.leavesQuantity);
      return;
    case 'cancel_incoming':
      withdraw(book, incoming, incoming.leavesQuantity);
      return;
    case 'cancel_both':
      withdraw(book, resting, resting.leavesQuantity);
      withdraw(book, incoming, incoming.leavesQuantity);
      return;
    case 'decrement': {
      const quantity = Math.min(resting.leavesQuantity, incoming.leavesQuantity);
      withdraw(book, resting, quantity);
      withdraw(book, incoming, quantity);
      return;
    }
    case 'none':
      assert(false, 'an order without self-trade prevention met itself');
      return;
    default:
      unreachable(mode);
  }
}

/** An order on the book leaves it when nothing is left; an incoming one is forgotten by whoever brought it in. */
function withdraw(book: BookState, order: BookOrder, quantity: number): void {
  const { level } = order;
  const leavesQuantity = order.leavesQuantity - quantity;
  if (leavesQuantity === 0 && level !== undefined) {
    book.unlink(order);
    book.close(order, 'canceled', 'self_trade');
    return;
  }
  const report = book.reports.add(leavesQuantity === 0 ? 'canceled' : 'reduced', order.orderId, order.side);
  report.price = order.limitPrice;
  report.quantity = quantity;
  report.leavesQuantity = leavesQuantity;
  report.reason = 'self_trade';
  order.orderQuantity -= quantity;
  book.openQuantity -= quantity;
  if (level === undefined) order.leavesQuantity = leavesQuantity;
  else level.reduce(order, leavesQuantity, Math.min(order.shownQuantity, leavesQuantity));
}
