import * as z from 'zod/mini';
import { formatTimestamp } from '../../../domain/values/time.ts';
import type { FeedEntry } from '../../../platform/account-feed/port.ts';
import { updateEvents } from '../../../platform/account-feed/update-shape.ts';
import { orderJson, orderSchema } from './order-json.ts';
import { amountOrNull, idOrNull, momentText, opaqueId } from './values.ts';

/**
 * The body of a delivery to a webhook. `id` is the same on each try; `number` counts the updates of the account from 1 without gaps,
 * whichever of them a webhook wants. Prices and quantities are those of the execution the update is about.
 */
export const webhookMessageSchema = z
  .strictObject({
    id: opaqueId,
    account_id: opaqueId,
    number: z.int().check(z.minimum(1)),
    event: z.enum(updateEvents),
    at: momentText,
    order: orderSchema,
    execution_id: idOrNull,
    price: amountOrNull,
    qty: amountOrNull,
    position_qty: amountOrNull,
    previous_execution_id: idOrNull,
    reason: z.nullable(z.string()),
    text: z.nullable(z.string()),
  })
  .register(z.globalRegistry, { id: 'WebhookMessage' });

/** The same text for the same entry, also on a later try: its signature is of these very bytes. */
export function webhookBody(entry: FeedEntry, id: string): string {
  const { accountId, number, event, at, order, execution, positionQuantity, reason, text } = entry;
  const message: z.infer<typeof webhookMessageSchema> = {
    id,
    account_id: accountId,
    number,
    event,
    at: formatTimestamp(at),
    order: orderJson(order),
    execution_id: execution?.executionId ?? null,
    price: execution?.price ?? null,
    qty: execution?.quantity ?? null,
    position_qty: positionQuantity ?? null,
    previous_execution_id: execution?.previous?.executionId ?? null,
    reason: reason ?? null,
    text: text ?? null,
  };
  return JSON.stringify(message);
}
