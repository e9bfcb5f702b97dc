import type { LinkedRequest } from '../../../domain/order/linked.ts';
import type { RequestedChange, RequestedTerms, Side } from '../../../domain/order/terms.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';

type Body = Readonly<Record<string, unknown>>;

interface Wish {
  readonly symbol: string;
  readonly side: Side;
  readonly requested: RequestedTerms;
  readonly linked?: LinkedRequest | undefined;
}

/** What a client writes into `POST /v2/orders`. */
export function placingBody({ symbol, side, requested, linked }: Wish): Body {
  const { orderType, timeInForce, quantity, limitPrice, stopPrice, trailPrice, trailPercent, expireAt } =
    requested;
  return {
    symbol,
    side,
    type: orderType,
    time_in_force: timeInForce,
    qty: quantity,
    ...(limitPrice !== undefined && { limit_price: limitPrice }),
    ...(stopPrice !== undefined && { stop_price: stopPrice }),
    ...(trailPrice !== undefined && { trail_price: trailPrice }),
    ...(trailPercent !== undefined && { trail_percent: trailPercent }),
    ...(expireAt !== undefined && { expires_at: formatTimestamp(expireAt) }),
    ...(linked && linkedBody(linked, limitPrice)),
  };
}

function linkedBody(linked: LinkedRequest, limitPrice: string | undefined): Body {
  const profit = 'takeProfit' in linked ? linked.takeProfit.limitPrice : limitPrice;
  const hasProfit = linked.class === 'oco' || 'takeProfit' in linked;
  return {
    order_class: linked.class,
    ...(hasProfit && { take_profit: { limit_price: profit } }),
    ...('stopLoss' in linked && { stop_loss: { stop_price: linked.stopLoss.stopPrice } }),
  };
}

/** What a client writes into `PATCH /v2/orders/{order_id}`. */
export function replacingBody({ quantity, limitPrice, timeInForce }: RequestedChange): Body {
  return {
    ...(quantity !== undefined && { qty: quantity }),
    ...(limitPrice !== undefined && { limit_price: limitPrice }),
    ...(timeInForce !== undefined && { time_in_force: timeInForce }),
  };
}
