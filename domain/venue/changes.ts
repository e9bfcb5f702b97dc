import type { BookOrder } from './book-order.ts';
import type { BookState } from './book-state.ts';
import { OPEN_QUANTITY_MAX } from './bounds.ts';
import { enter } from './entry.ts';
import type { ReplaceOrder } from './new-order.ts';
import type { RejectReason } from './reasons.ts';
import { enterStop } from './stops.ts';
import { refusePrice, refuseQuantity, refuseTrail, wouldTrade } from './validation.ts';

/** The first rule a replace breaks; a refused replace leaves the order as it was. */
export function refuseReplace(
  book: BookState,
  order: BookOrder,
  change: ReplaceOrder,
): RejectReason | undefined {
  if (book.halted) return 'halted';
  const { quantity = order.orderQuantity, limitPrice = order.limitPrice } = change;
  return (
    refuseQuantity(book, quantity) ??
    refusePrice(book, limitPrice) ??
    refuseTriggerChange(book, order, change) ??
    refuseTimeChange(order, change) ??
    (order.postOnly && limitPrice !== order.limitPrice && wouldTrade(book, { side: order.side, limitPrice })
      ? 'would_trade'
      : undefined) ??
    (quantity - order.orderQuantity > OPEN_QUANTITY_MAX - book.openQuantity ? 'book_full' : undefined)
  );
}

function refuseTriggerChange(
  book: BookState,
  order: BookOrder,
  { stopPrice, trail }: ReplaceOrder,
): RejectReason | undefined {
  if (stopPrice === undefined && trail === undefined) return undefined;
  const trails = order.orderType === 'trailing_stop';
  if (order.place !== 'stops' || (stopPrice !== undefined && trails) || (trail !== undefined && !trails)) {
    return 'terms_conflict';
  }
  return trail === undefined ? refusePrice(book, stopPrice ?? 0) : refuseTrail(trail);
}

function refuseTimeChange(
  order: BookOrder,
  { timeInForce, expireAt }: ReplaceOrder,
): RejectReason | undefined {
  if (timeInForce === undefined) return undefined;
  const stays = mayStay(order.timeInForce) && mayStay(timeInForce);
  return stays && (timeInForce === 'gtd') === Boolean(expireAt) ? undefined : 'terms_conflict';
}

function mayStay(timeInForce: BookOrder['timeInForce']): boolean {
  return timeInForce === 'day' || timeInForce === 'gtc' || timeInForce === 'gtd';
}

/** Applies an accepted replace. Only less quantity on otherwise equal terms keeps the order's place in its queue. */
export function replace(book: BookState, order: BookOrder, change: ReplaceOrder): void {
  const { quantity = order.orderQuantity, limitPrice = order.limitPrice } = change;
  const executed = order.orderQuantity - order.leavesQuantity;
  const leavesQuantity = Math.max(0, quantity - executed);
  const sameTerms =
    limitPrice === order.limitPrice &&
    (change.stopPrice ?? order.stopPrice) === order.stopPrice &&
    change.trail === undefined &&
    change.timeInForce === undefined;
  if (leavesQuantity > 0 && leavesQuantity <= order.leavesQuantity && sameTerms) {
    reduceInPlace(book, order, leavesQuantity);
    return;
  }
  book.unlink(order);
  setQuantities(book, order, leavesQuantity);
  order.limitPrice = limitPrice;
  order.stopPrice = change.stopPrice ?? order.stopPrice;
  order.trail = change.trail ?? order.trail;
  if (change.timeInForce !== undefined) book.setTime(order, change.timeInForce, change.expireAt ?? 0);
  reportReplaced(book, order);
  if (leavesQuantity === 0) book.forget(order);
  else enterAgain(book, order);
}

/** Cancel and new entry in one step: the leaves become `quantity`, and the order queues as a new arrival. */
export function reinsert(book: BookState, order: BookOrder, quantity: number, limitPrice: number): void {
  book.unlink(order);
  setQuantities(book, order, quantity);
  order.limitPrice = limitPrice;
  reportReplaced(book, order);
  enterAgain(book, order);
}

function reduceInPlace(book: BookState, order: BookOrder, leavesQuantity: number): void {
  const withdrawn = order.leavesQuantity - leavesQuantity;
  order.orderQuantity -= withdrawn;
  book.openQuantity -= withdrawn;
  order.level?.reduce(order, leavesQuantity, Math.min(order.shownQuantity, leavesQuantity));
  reportReplaced(book, order);
}

function setQuantities(book: BookState, order: BookOrder, leavesQuantity: number): void {
  const added = leavesQuantity - order.leavesQuantity;
  order.orderQuantity += added;
  order.leavesQuantity = leavesQuantity;
  book.openQuantity += added;
}

function reportReplaced(book: BookState, order: BookOrder): void {
  const report = book.reports.add('replaced', order.orderId, order.side);
  report.price = order.limitPrice;
  report.quantity = order.orderQuantity;
  report.leavesQuantity = order.leavesQuantity;
}

function enterAgain(book: BookState, order: BookOrder): void {
  order.arrival = book.arrive();
  if (order.place === 'stops') enterStop(book, order);
  else enter(book, order);
}
