import { orderStream } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { OrderState } from '../../domain/order/state.ts';
import type { RequestedTerms } from '../../domain/order/terms.ts';
import { accountId, clientOrderId, orderId } from '../../domain/values/ids.ts';
import type { Outcome } from '../../platform/command-handler/outcome.ts';
import { uuidV5 } from '../../platform/ids/uuid.ts';
import { rowFromState } from '../../platform/views/order-row.ts';
import type { Dependencies } from '../dependencies.ts';
import { symbolOf } from './shared/assets.ts';
import { refusedBy } from './shared/outcomes.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { type PlaceOrderBody, placeOrderBody } from './shapes/order-fields.ts';
import { orderJson } from './shapes/order-json.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { RulesDesk } from './shared/trading-rules.ts';

/** Takes an order in: checks it, holds what it needs, and makes it durable before it answers. */
export const placeOrder: ApiFunction = (dependencies) => {
  const desk = new RulesDesk(dependencies);
  return {
    'POST /v2/orders': trading(async (request) => {
      const parsed = parse(placeOrderBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      const body = parsed.value;
      const { accountId: account } = request.caller;
      const symbol = symbolOf(body.symbol, dependencies.config.current().config);
      const { rules, config, epoch } = await desk.inForce(
        { accountId: account, symbol, side: body.side },
        request.deadline,
      );
      const content = { symbol, side: body.side, requested: requestedTerms(body), ...strategyOf(body) };
      const name = nameOf(body, request, dependencies);
      const id = uuidV5(account, name);
      const outcome = await dependencies.orders.handle(
        orderStream(id),
        {
          do: 'place',
          orderId: orderId(id),
          accountId: accountId(account),
          clientOrderId: clientOrderId(name),
          ...content,
          rules,
        },
        contextOf(request, { key: commandKey(name, content), config, epoch, expectNew: true }),
      );
      const reused = body.client_order_id === undefined ? 'idempotency_key_reused' : 'client_order_id_reused';
      return replyTo(outcome, reused, () => desk.forget(account));
    }),
  };
};

/** The client's own id; or one that follows from its Idempotency-Key, so that a retry meets the first order; or a new one. */
function nameOf(body: PlaceOrderBody, request: ApiRequest<TradingCaller>, { random }: Dependencies): string {
  if (body.client_order_id !== undefined) return body.client_order_id;
  const key = idempotencyKey(request);
  return uuidV5(request.caller.accountId, key === undefined ? random.id() : `idempotency-key ${key}`);
}

function strategyOf({ strategy_id: strategyId }: PlaceOrderBody) {
  return strategyId === undefined ? {} : { strategyId };
}

function requestedTerms(body: PlaceOrderBody): RequestedTerms {
  return {
    orderType: body.type,
    timeInForce: body.time_in_force,
    quantity: body.qty,
    ...(body.limit_price !== undefined && { limitPrice: body.limit_price }),
    ...(body.stop_price !== undefined && { stopPrice: body.stop_price }),
    ...(body.trail_price !== undefined && { trailPrice: body.trail_price }),
    ...(body.trail_percent !== undefined && { trailPercent: body.trail_percent }),
    ...(body.expires_at !== undefined && { expireAt: body.expires_at }),
  };
}

function replyTo(
  outcome: Outcome<OrderState, OrderEvent>,
  reused: 'client_order_id_reused' | 'idempotency_key_reused',
  onMoved: () => void,
): Reply {
  if (outcome.outcome === 'key-reused' || outcome.outcome === 'unchanged') {
    return refused(reused);
  }
  const { state, commit } = outcome;
  const reply = state.kind === 'denied' ? refusedBy(state.denial) : accepted(state, commit.version);
  if (state.kind === 'denied' && state.denial.reason === 'account_moved') onMoved();
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}

function accepted(state: OrderState, version: number): Reply {
  const row = rowFromState(state, version);
  if (!row) throw new TypeError('an order that was just placed has one row');
  return ok(orderJson(row));
}
