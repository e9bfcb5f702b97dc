import * as z from 'zod/mini';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { currencies } from '../../../domain/values/money.ts';
import {
  type Activity,
  type CashActivity,
  type FillActivity,
  type ShareActivity,
} from '../../../platform/views/activity.ts';
import { orderStatus } from './order-json.ts';
import { dateText, decimalText, momentText, opaqueId } from './values.ts';

export const fillSchema = z
  .strictObject({
    id: opaqueId,
    activity_type: z.literal('FILL'),
    transaction_time: momentText,
    type: z.enum(['fill', 'partial_fill', 'trade_bust', 'trade_correct']),
    price: decimalText,
    qty: decimalText,
    side: z.enum(['buy', 'sell']),
    symbol: z.string(),
    leaves_qty: decimalText,
    order_id: opaqueId,
    cum_qty: decimalText,
    order_status: orderStatus,
    execution_id: opaqueId,
    previous_execution_id: z.nullable(opaqueId),
    previous_qty: z.nullable(decimalText),
    previous_price: z.nullable(decimalText),
  })
  .register(z.globalRegistry, { id: 'TradeActivity' });

const moved = {
  id: opaqueId,
  date: dateText,
  created_at: momentText,
  status: z.literal('executed'),
  transfer_id: opaqueId,
};

export const cashSchema = z
  .strictObject({
    ...moved,
    activity_type: z.enum(['CSD', 'CSW']),
    net_amount: decimalText,
    currency: z.enum(currencies),
  })
  .register(z.globalRegistry, { id: 'CashActivity' });

export const sharesSchema = z
  .strictObject({
    ...moved,
    activity_type: z.literal('JNLS'),
    net_amount: z.literal('0'),
    symbol: z.string(),
    qty: decimalText,
  })
  .register(z.globalRegistry, { id: 'ShareActivity' });

export const activitySchema = z.union([fillSchema, cashSchema, sharesSchema]);
export type ActivityJson = z.infer<typeof activitySchema>;

/** What moved an account's cash or shares, as the Trading API v2 shows it; what a bust or a correction undid stays in the list. */
export function activityJson(activity: Activity): ActivityJson {
  if (activity.type === 'FILL') return fillJson(activity);
  return activity.type === 'JNLS' ? sharesJson(activity) : cashJson(activity);
}

function fillJson(fill: FillActivity): z.infer<typeof fillSchema> {
  return {
    id: fill.id,
    activity_type: fill.type,
    transaction_time: formatTimestamp(fill.at),
    type: fill.change,
    price: fill.price,
    qty: fill.quantity,
    side: fill.side,
    symbol: fill.symbol,
    leaves_qty: fill.leavesQuantity,
    order_id: fill.orderId,
    cum_qty: fill.cumulativeQuantity,
    order_status: fill.orderStatus,
    // Ours, beside what Alpaca documents.
    execution_id: fill.executionId,
    previous_execution_id: fill.previous?.executionId ?? null,
    previous_qty: fill.previous?.quantity ?? null,
    previous_price: fill.previous?.price ?? null,
  };
}

function movedJson({ id, at, transferId }: CashActivity | ShareActivity) {
  const moment = formatTimestamp(at);
  return {
    id,
    date: moment.slice(0, 10),
    created_at: moment,
    status: 'executed' as const,
    transfer_id: transferId,
  };
}

function cashJson(cash: CashActivity): z.infer<typeof cashSchema> {
  const { type, netAmount, currency } = cash;
  return { ...movedJson(cash), activity_type: type, net_amount: netAmount, currency };
}

function sharesJson(shares: ShareActivity): z.infer<typeof sharesSchema> {
  const { type, symbol, quantity } = shares;
  return { ...movedJson(shares), activity_type: type, net_amount: '0', symbol, qty: quantity };
}
