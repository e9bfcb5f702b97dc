import * as z from 'zod/mini';
import { orderClasses } from '../../../domain/order/linked.ts';
import { orderTypes, timesInForce } from '../../../domain/order/terms.ts';
import { isReason, reasons } from '../../../domain/risk/reasons.ts';
import { formatTimestamp, type Timestamp } from '../../../domain/values/time.ts';
import type { OrderRow } from '../../../platform/views/order-row.ts';
import { assetId } from '../shared/assets.ts';
import { amountOrNull, decimalText, idOrNull, momentOrNull, momentText, opaqueId } from './values.ts';

const statuses = [
  'new',
  'partially_filled',
  'filled',
  'done_for_day',
  'canceled',
  'expired',
  'replaced',
  'pending_cancel',
  'pending_replace',
  'accepted',
  'held',
  'pending_new',
  'stopped',
  'rejected',
  'suspended',
  'calculated',
] as const;

export const orderStatus = z.enum(statuses);

/** What an order looks like from outside. */
const orderFields = {
  id: opaqueId,
  client_order_id: opaqueId,
  created_at: momentText,
  updated_at: momentText,
  submitted_at: momentText,
  filled_at: momentOrNull,
  expired_at: momentOrNull,
  expires_at: momentOrNull,
  canceled_at: momentOrNull,
  failed_at: momentOrNull,
  replaced_at: momentOrNull,
  replaced_by: idOrNull,
  replaces: idOrNull,
  asset_id: opaqueId,
  symbol: z.string(),
  asset_class: z.literal('us_equity'),
  notional: z.null(),
  qty: decimalText,
  filled_qty: decimalText,
  filled_avg_price: amountOrNull,
  order_class: z.enum(['simple', ...orderClasses]),
  order_type: z.enum(orderTypes),
  type: z.enum(orderTypes),
  side: z.enum(['buy', 'sell']),
  position_intent: z.enum(['buy_to_open', 'sell_to_close']),
  time_in_force: z.enum(timesInForce),
  limit_price: amountOrNull,
  stop_price: amountOrNull,
  status: orderStatus,
  extended_hours: z.literal(false),
  trail_percent: amountOrNull,
  trail_price: amountOrNull,
  hwm: z.null(),
  ratio_qty: z.null(),
  subtag: z.null(),
  source: z.null(),
  strategy_id: idOrNull,
  post_only: z.boolean(),
  min_qty: amountOrNull,
  display_qty: amountOrNull,
  reject_reason: z.nullable(z.enum(Object.keys(reasons).filter(isReason))),
};

const legSchema = z
  .strictObject({ ...orderFields, legs: z.null() })
  .register(z.globalRegistry, { id: 'Leg' });

/** What an order looks like from outside. `legs`: the orders that came with it, where they were asked for. */
export const orderSchema = z
  .strictObject({ ...orderFields, legs: z.nullable(z.array(legSchema)) })
  .register(z.globalRegistry, { id: 'Order' });

function when(at: Timestamp | undefined): string | null {
  return at === undefined ? null : formatTimestamp(at);
}

/** An order as the Trading API v2 shows it: every documented field, numbers as text, null where there is nothing. */
export function orderJson(row: OrderRow, legs?: readonly OrderRow[]): z.infer<typeof orderSchema> {
  return { ...legJson(row), legs: legs && legs.length > 0 ? legs.map(legJson) : null };
}

function legJson(row: OrderRow): z.infer<typeof legSchema> {
  const submittedAt = formatTimestamp(row.submittedAt);
  return {
    id: row.id,
    client_order_id: row.clientOrderId,
    created_at: submittedAt,
    updated_at: row.updatedAt === row.submittedAt ? submittedAt : formatTimestamp(row.updatedAt),
    submitted_at: submittedAt,
    filled_at: when(row.filledAt),
    expired_at: when(row.expiredAt),
    expires_at: when(row.expireAt),
    canceled_at: when(row.canceledAt),
    failed_at: when(row.failedAt),
    replaced_at: when(row.replacedAt),
    replaced_by: row.replacedBy ?? null,
    replaces: row.replaces ?? null,
    asset_id: assetId(row.symbol),
    symbol: row.symbol,
    asset_class: 'us_equity',
    notional: null,
    qty: row.quantity,
    filled_qty: row.filledQuantity,
    filled_avg_price: row.filledAveragePrice ?? null,
    order_class: row.orderClass ?? 'simple',
    order_type: row.orderType,
    type: row.orderType,
    side: row.side,
    position_intent: row.side === 'buy' ? 'buy_to_open' : 'sell_to_close',
    time_in_force: row.timeInForce,
    limit_price: row.limitPrice ?? null,
    stop_price: row.stopPrice ?? null,
    status: row.status,
    extended_hours: false,
    legs: null,
    trail_percent: row.trailPercent ?? null,
    trail_price: row.trailPrice ?? null,
    hwm: null,
    ratio_qty: null,
    subtag: null,
    source: null,
    // Ours, beside what Alpaca documents.
    strategy_id: row.strategyId ?? null,
    post_only: row.postOnly ?? false,
    min_qty: row.minimumQuantity ?? null,
    display_qty: row.displayQuantity ?? null,
    reject_reason: row.refusal?.reason ?? null,
  };
}
