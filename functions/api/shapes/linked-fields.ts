import * as z from 'zod/mini';
import { type LinkedRequest, orderClasses } from '../../../domain/order/linked.ts';
import { clientOrderId, orderId } from '../../../domain/values/ids.ts';
import { legNameOf } from '../../../platform/ids/derived-ids.ts';
import { uuidV5 } from '../../../platform/ids/uuid.ts';
import { decimal, optional } from '../door/fields.ts';

/** The fields of `POST /v2/orders` that make it several orders. */
export const linkedFields = {
  order_class: optional(z.enum(['simple', '', ...orderClasses])),
  take_profit: optional(z.strictObject({ limit_price: decimal })),
  stop_loss: optional(z.strictObject({ stop_price: decimal, limit_price: optional(decimal) })),
};

export interface LinkedFields {
  readonly order_class?: 'simple' | '' | 'bracket' | 'oto' | 'oco' | undefined;
  readonly take_profit?: { readonly limit_price: string } | undefined;
  readonly stop_loss?: { readonly stop_price: string; readonly limit_price?: string | undefined } | undefined;
}

interface Checked extends LinkedFields {
  readonly type: string;
  readonly time_in_force: string;
  readonly limit_price?: string | undefined;
  readonly post_only?: boolean | undefined;
  readonly display_qty?: string | undefined;
}

interface Mistake {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is linked wrongly, by the field to change; nothing when all is well. */
export function linkedMistakes(body: Checked): readonly Mistake[] {
  const { order_class: named = 'simple', take_profit: takeProfit, stop_loss: stopLoss } = body;
  const mistakes: Mistake[] = [];
  const mistake = (field: string, message: string) => mistakes.push({ path: [field], message });
  if (named === 'simple' || named === '') {
    const goesWith = 'goes with order_class bracket, oto or oco';
    if (takeProfit) mistake('take_profit', goesWith);
    if (stopLoss) mistake('stop_loss', goesWith);
    return mistakes;
  }
  const wanted = `order_class ${named} has a take_profit and a stop_loss`;
  if (named === 'oto' && takeProfit && stopLoss)
    mistake('stop_loss', 'order_class oto has one of take_profit and stop_loss');
  else if (named === 'oto' && !takeProfit && !stopLoss)
    mistake('take_profit', 'or stop_loss: order_class oto has one of them');
  else if (named !== 'oto' && !takeProfit) mistake('take_profit', wanted);
  else if (named !== 'oto' && !stopLoss) mistake('stop_loss', wanted);
  if (body.time_in_force !== 'day' && body.time_in_force !== 'gtc')
    mistake('time_in_force', 'linked orders are day or gtc');
  // When the stop takes over, the order at the venue must trade at once, all of it.
  if (body.post_only === true) mistake('post_only', 'not for linked orders');
  if (body.display_qty !== undefined) mistake('display_qty', 'not for linked orders');
  if (named === 'oco' && body.type !== 'limit')
    mistake('type', 'order_class oco has type limit: its take profit');
  if (named !== 'oco' && body.type === 'trailing_stop')
    mistake('type', 'the entry of linked orders is no trailing_stop');
  if (
    named === 'oco' &&
    takeProfit &&
    (body.limit_price ?? takeProfit.limit_price) !== takeProfit.limit_price
  )
    mistake('limit_price', 'for order_class oco the one of take_profit, or left out');
  return mistakes;
}

/** The legs, with the names and ids they have for ever: they follow from the name of the order they come with. */
export function linkedRequest(
  { order_class: named, take_profit: takeProfit, stop_loss: stopLoss }: LinkedFields,
  accountId: string,
  name: string,
): LinkedRequest | undefined {
  const leg = (which: 'take_profit' | 'stop_loss') => {
    const legName = legNameOf(accountId, name, which);
    return { orderId: orderId(uuidV5(accountId, legName)), clientOrderId: clientOrderId(legName) };
  };
  const profit = takeProfit && { ...leg('take_profit'), limitPrice: takeProfit.limit_price };
  const stop = stopLoss && {
    ...leg('stop_loss'),
    stopPrice: stopLoss.stop_price,
    ...(stopLoss.limit_price !== undefined && { limitPrice: stopLoss.limit_price }),
  };
  if (named === 'bracket' && profit && stop) return { class: 'bracket', takeProfit: profit, stopLoss: stop };
  if (named === 'oco' && stop) return { class: 'oco', stopLoss: stop };
  if (named === 'oto' && profit) return { class: 'oto', takeProfit: profit };
  return named === 'oto' && stop ? { class: 'oto', stopLoss: stop } : undefined;
}
