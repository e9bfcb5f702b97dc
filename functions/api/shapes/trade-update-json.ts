import * as z from 'zod/mini';
import { formatTimestamp } from '../../../domain/values/time.ts';
import type { FeedEntry } from '../../../platform/account-feed/port.ts';
import { updateEvents } from '../../../platform/account-feed/update.ts';
import { orderJson, orderSchema } from './order-json.ts';
import { decimalText, momentText, opaqueId } from './values.ts';

/** What the streams say of an order, as Alpaca's `trade_updates` and trade events do. Beside an execution: which, and how many shares there are then. */
export const tradeUpdateSchema = z
  .strictObject({
    event: z.enum(updateEvents),
    event_id: z.string().check(z.regex(/^[1-9]\d*$/)),
    at: momentText,
    timestamp: momentText,
    order: orderSchema,
    execution_id: z.optional(opaqueId),
    price: z.optional(decimalText),
    qty: z.optional(decimalText),
    position_qty: z.optional(decimalText),
    previous_execution_id: z.optional(opaqueId),
    previous_price: z.optional(decimalText),
    previous_qty: z.optional(decimalText),
    reason: z.optional(z.string()),
    text: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: 'TradeUpdate' });

export function tradeUpdateJson(entry: FeedEntry): z.infer<typeof tradeUpdateSchema> {
  const { reason, text, positionQuantity } = entry;
  return {
    event: entry.event,
    event_id: String(entry.number),
    at: formatTimestamp(entry.time),
    timestamp: formatTimestamp(entry.at),
    order: orderJson(entry.order),
    ...executionFields(entry),
    ...(positionQuantity !== undefined && { position_qty: positionQuantity }),
    ...(reason !== undefined && { reason }),
    ...(text !== undefined && { text }),
  };
}

function executionFields({ execution }: FeedEntry) {
  if (!execution) return {};
  const { executionId, price, quantity, previous } = execution;
  return {
    execution_id: executionId,
    price,
    qty: quantity,
    ...(previous && {
      previous_execution_id: previous.executionId,
      previous_price: previous.price,
      previous_qty: previous.quantity,
    }),
  };
}
