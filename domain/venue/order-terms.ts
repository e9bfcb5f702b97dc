import { type Terms, worstPrice } from '../order/terms.ts';
import { assert } from '../values/assert.ts';
import type { OrderInput } from './book-input.ts';
import type { NewOrder, ReplaceOrder } from './new-order.ts';

type NewInput = Extract<OrderInput, { input: 'new' }>;

/** An order as the book takes it: its protection limit stands for the limit of an order without one. */
export function newOrderOf(orderId: number, account: number, input: NewInput): NewOrder {
  const { side, terms, selfTradePrevention } = input;
  const { orderType, timeInForce, orderQuantity, stopPrice, trail, expireAt } = terms;
  const { postOnly, minimumQuantity, displayQuantity } = terms;
  return {
    orderId,
    account,
    side,
    orderType,
    timeInForce,
    quantity: orderQuantity,
    limitPrice: limitOf(terms),
    selfTradePrevention,
    ...(stopPrice !== undefined && { stopPrice }),
    ...(trail && { trail }),
    ...(expireAt !== undefined && { expireAt }),
    ...(postOnly && { postOnly }),
    ...(minimumQuantity !== undefined && { minimumQuantity }),
    ...(displayQuantity !== undefined && { displayQuantity }),
  };
}

/** Only what is not as it was: naming the trigger of an order that was triggered long ago would be a change of it. */
export function replaceOrderOf(orderId: number, terms: Terms, previous: Terms): ReplaceOrder {
  const { orderQuantity, stopPrice, trail, timeInForce, expireAt } = terms;
  const isOtherTime = timeInForce !== previous.timeInForce || expireAt !== previous.expireAt;
  return {
    orderId,
    quantity: orderQuantity,
    limitPrice: limitOf(terms),
    ...(stopPrice !== undefined && stopPrice !== previous.stopPrice && { stopPrice }),
    ...(trail && JSON.stringify(trail) !== JSON.stringify(previous.trail) && { trail }),
    ...(isOtherTime && { timeInForce, expireAt: expireAt ?? 0 }),
  };
}

function limitOf(terms: Terms): number {
  const worst = worstPrice(terms);
  assert(worst !== undefined, 'an order has a limit or a protection price');
  return worst;
}
