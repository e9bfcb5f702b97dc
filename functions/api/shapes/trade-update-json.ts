import * as z from 'zod';
import { formatTimestamp } from '../../../domain/values/time.ts';
import type { FeedEntry } from '../../../platform/account-feed/port.ts';
import { updateEvents } from '../../../platform/account-feed/update.ts';
import { orderJson, orderSchema } from './order-json.ts';
import { decimalText, momentText, opaqueId } from './values.ts';

/** What the streams say of an order, as Alpaca's `trade_updates` and trade events do. Beside an execution: which, and how many shares there are then. */
export const tradeUpdateSchema = z
  .strictObject({
    event: z.enum(updateEvents),
    event_id: z.string().regex(/^[1-9]\d*$/),
    at: momentText,
    timestamp: momentText,
    order: orderSchema,
    execution_id: opaqueId.optional(),
    price: decimalText.optional(),
    qty: decimalText.optional(),
    position_qty: decimalText.optional(),
    previous_execution_id: opaqueId.optional(),
    previous_price: decimalText.optional(),
    previous_qty: decimalText.optional(),
    reason: z.string().optional(),
    text: z.string().optional(),
  })
  .meta({ id: 'TradeUpdate' });

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
