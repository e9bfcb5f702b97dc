import type { Trail } from '../order/terms.ts';
import type { BookOrder } from './book-order.ts';
import type { BookState } from './book-state.ts';
import { OPEN_QUANTITY_MAX, ORDERS_MAX, PRICE_MAX } from './bounds.ts';
import type { NewOrder } from './new-order.ts';
import type { RejectReason } from './reasons.ts';

/** The first rule a new order breaks. The order of the checks is fixed: `RejectReason` lists it. */
export function refuseNew(book: BookState, order: NewOrder): RejectReason | undefined {
  if (book.orders.get(order.orderId) !== undefined) return 'duplicate_order';
  return (
    refuseNow(book, order) ??
    refuseQuantity(book, order.quantity) ??
    refusePrice(book, order.limitPrice) ??
    refuseTerms(book, order) ??
    (order.postOnly === true && wouldTrade(book, order) ? 'would_trade' : refuseSize(book, order.quantity))
  );
}

/** Session and halt. */
function refuseNow(book: BookState, order: NewOrder): RejectReason | undefined {
  if (book.halted) return 'halted';
  const { timeInForce } = order;
  if (timeInForce === 'ioc' || timeInForce === 'fok')
    return book.phase === 'continuous' ? undefined : 'not_continuous';
  const openingToCome = book.phase === 'closed' || book.phase === 'opening_call';
  return timeInForce === 'opg' && !openingToCome ? 'opening_over' : undefined;
}

export function refuseQuantity(book: BookState, quantity: number): RejectReason | undefined {
  if (!Number.isSafeInteger(quantity) || quantity <= 0) return 'quantity_out_of_range';
  return quantity % book.grid.quantityIncrement === 0 ? undefined : 'off_quantity_grid';
}

export function refusePrice(book: BookState, price: number): RejectReason | undefined {
  if (!Number.isSafeInteger(price) || price < 0 || price > PRICE_MAX) return 'price_out_of_range';
  return price % book.grid.priceIncrement === 0 ? undefined : 'off_price_grid';
}

/** Combinations that contradict themselves. A plain limit order passes with one look. */
function refuseTerms(book: BookState, order: NewOrder): RejectReason | undefined {
  const { orderType, timeInForce } = order;
  if ((timeInForce === 'gtd') !== (order.expireAt !== undefined)) return 'terms_conflict';
  if (order.postOnly === true && (orderType !== 'limit' || isImmediate(order))) return 'terms_conflict';
  return refuseTrigger(book, order) ?? refuseMinimum(order) ?? refuseDisplay(book, order);
}

function refuseTrigger(book: BookState, order: NewOrder): RejectReason | undefined {
  const { orderType, stopPrice, trail } = order;
  const stops = orderType === 'stop' || orderType === 'stop_limit';
  const trails = orderType === 'trailing_stop';
  if (stops !== (stopPrice !== undefined)) return stops ? 'trigger_missing' : 'terms_conflict';
  if (trails !== (trail !== undefined)) return trails ? 'trigger_missing' : 'terms_conflict';
  if (!stops && !trails) return undefined;
  if (isImmediate(order) || order.timeInForce === 'opg' || order.timeInForce === 'cls')
    return 'terms_conflict';
  if (stopPrice !== undefined) return refusePrice(book, stopPrice);
  return trail === undefined ? 'trigger_missing' : refuseTrail(trail);
}

export function refuseTrail(trail: Trail): RejectReason | undefined {
  const distance = trail.by === 'price' ? trail.ticks : trail.hundredths;
  const most = trail.by === 'price' ? PRICE_MAX : 10_000;
  return Number.isSafeInteger(distance) && distance > 0 && distance <= most
    ? undefined
    : 'price_out_of_range';
}

function refuseMinimum({ minimumQuantity, quantity, timeInForce }: NewOrder): RejectReason | undefined {
  if (minimumQuantity === undefined) return undefined;
  if (timeInForce !== 'ioc') return 'terms_conflict';
  const fits = Number.isSafeInteger(minimumQuantity) && minimumQuantity > 0 && minimumQuantity <= quantity;
  return fits ? undefined : 'quantity_out_of_range';
}

function refuseDisplay(book: BookState, order: NewOrder): RejectReason | undefined {
  const { displayQuantity, orderType } = order;
  if (displayQuantity === undefined) return undefined;
  const rests = (orderType === 'limit' || orderType === 'stop_limit') && !isImmediate(order);
  return rests ? refuseQuantity(book, displayQuantity) : 'terms_conflict';
}

/** Whether a post-only order would find somebody to trade with. Nobody does before continuous trading. */
export function wouldTrade(book: BookState, order: Pick<BookOrder, 'side' | 'limitPrice'>): boolean {
  const best = book.opposite(order.side).best;
  if (best === undefined || book.phase !== 'continuous') return false;
  return order.side === 'buy' ? best.price <= order.limitPrice : best.price >= order.limitPrice;
}

/** The bounds of the book itself; `added` is the quantity that comes on top. */
export function refuseSize(book: BookState, added: number): RejectReason | undefined {
  return book.orders.size >= ORDERS_MAX || added > OPEN_QUANTITY_MAX - book.openQuantity
    ? 'book_full'
    : undefined;
}

export function isImmediate({ timeInForce }: Pick<NewOrder, 'timeInForce'>): boolean {
  return timeInForce === 'ioc' || timeInForce === 'fok';
}
