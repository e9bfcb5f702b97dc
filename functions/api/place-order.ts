import type { RequestedTerms } from '../../domain/order/terms.ts';
import { uuidV5 } from '../../platform/ids/uuid.ts';
import type { Reaching } from '../dependencies.ts';
import { symbolOf } from './shared/assets.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { linkedRequest } from './shapes/linked-fields.ts';
import { type PlaceOrderBody, placeOrderBody } from './shapes/order-fields.ts';
import { type ApiRequest, idempotencyKey } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { Placement } from './shared/placement.ts';

type Needs = Reaching<'killSwitch' | 'orders' | 'prices'>;

/** Takes an order in: checks it, holds what it needs, and makes it durable before it answers. */
export const placeOrder: ApiFunction<Needs> = (dependencies) => {
  const placement = new Placement(dependencies);
  return {
    'POST /v2/orders': trading(async (request) => {
      const parsed = parse(placeOrderBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      const body = parsed.value;
      const symbol = symbolOf(body.symbol, dependencies.config.current().config);
      const name = nameOf(body, request, dependencies);
      const linked = linkedRequest(body, request.caller.accountId, name);
      const content = {
        symbol,
        side: body.side,
        requested: requestedTerms(body),
        ...strategyOf(body),
        ...(linked && { linked }),
      };
      const reused = body.client_order_id === undefined ? 'idempotency_key_reused' : 'client_order_id_reused';
      return placement.place(request, { name, content, meant: content, reused });
    }),
  };
};

/** The client's own id; or one that follows from its Idempotency-Key, so that a retry meets the first order; or a new one. */
function nameOf(body: PlaceOrderBody, request: ApiRequest<TradingCaller>, { random }: Needs): string {
  if (body.client_order_id !== undefined) return body.client_order_id;
  const key = idempotencyKey(request);
  return uuidV5(request.caller.accountId, key === undefined ? random.id() : `idempotency-key ${key}`);
}

function strategyOf({ strategy_id: strategyId }: PlaceOrderBody) {
  return strategyId === undefined ? {} : { strategyId };
}

/** The take profit of a pair alone is the order itself. */
function requestedTerms(body: PlaceOrderBody): RequestedTerms {
  const limitPrice = body.order_class === 'oco' ? body.take_profit?.limit_price : body.limit_price;
  return {
    orderType: body.type,
    timeInForce: body.time_in_force,
    quantity: body.qty,
    ...(limitPrice !== undefined && { limitPrice }),
    ...(body.post_only === true && { postOnly: true }),
    ...(body.min_qty !== undefined && { minimumQuantity: body.min_qty }),
    ...(body.display_qty !== undefined && { displayQuantity: body.display_qty }),
    ...(body.stop_price !== undefined && { stopPrice: body.stop_price }),
    ...(body.trail_price !== undefined && { trailPrice: body.trail_price }),
    ...(body.trail_percent !== undefined && { trailPercent: body.trail_percent }),
    ...(body.expires_at !== undefined && { expireAt: body.expires_at }),
  };
}
