import { formatTimestamp, type Timestamp } from '../../../domain/values/time.ts';
import type { OrderRow } from '../../../platform/views/order-row.ts';
import { assetId } from '../shared/assets.ts';

function when(at: Timestamp | undefined): string | null {
  return at === undefined ? null : formatTimestamp(at);
}

/** An order as the Trading API v2 shows it: every documented field, numbers as text, null where there is nothing. */
export function orderJson(row: OrderRow) {
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
    order_class: 'simple',
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
    reject_reason: row.refusal?.reason ?? null,
  };
}
