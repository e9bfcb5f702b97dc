import { orderStream } from '../../domain/order/effects.ts';
import type { RequestedChange } from '../../domain/order/terms.ts';
import { clientOrderId, orderId, requestId } from '../../domain/values/ids.ts';
import { uuidV5 } from '../../platform/ids/uuid.ts';
import type { Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { type ReplaceOrderBody, replaceOrderBody } from './shapes/order-fields.ts';
import { orderJson } from './shapes/order-json.ts';
import { type FoundOrder, findOrder } from './shared/order-lookup.ts';
import { originalOf } from './shared/original-id.ts';
import { refusedBy } from './shared/outcomes.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';
import { RulesDesk } from './shared/trading-rules.ts';

type Needs = Reaching<'killSwitch' | 'orders' | 'prices'>;

type TradingRequest = ApiRequest<TradingCaller>;

/** Asks the venue to replace an order's terms. Answers with the new order, as Alpaca does: it has an id of its own and `replaces` the old. */
export const replaceOrder: ApiFunction<Needs> = (dependencies) => {
  const desk = new RulesDesk(dependencies);
  return {
    'PATCH /v2/orders/{order_id}': trading(async (request) => {
      const parsed = parse(replaceOrderBody, request.body);
      if ('refusal' in parsed) return parsed.refusal;
      const { accountId } = request.caller;
      const asked = { id: parameter(request, 'order_id'), accountId };
      const found = await findOrder(dependencies, asked, request.deadline);
      if (!found) return refused('order_not_found');
      return replace({ dependencies, desk }, request, found, parsed.value);
    }),
  };
};

async function replace(
  { dependencies, desk }: { readonly dependencies: Needs; readonly desk: RulesDesk },
  request: TradingRequest,
  found: FoundOrder,
  body: ReplaceOrderBody,
): Promise<Reply> {
  const { accountId } = request.caller;
  const { symbol, side, strategyId } = found.row;
  const subject = { accountId, symbol, side, ...(strategyId !== undefined && { strategyId }) };
  const ordered = found.state.kind === 'order' ? found.state.contract : undefined;
  const { rules, config, epoch } = await desk.inForce(subject, request.deadline, ordered);
  const change = changeOf(body);
  const key = body.client_order_id ?? idempotencyKey(request);
  const name = body.client_order_id ?? uuidV5(accountId, key ?? dependencies.random.id());
  const replacementId = orderId(uuidV5(accountId, name));
  const outcome = await dependencies.orders.handle(
    orderStream(found.orderId),
    {
      do: 'request-replace',
      requestId: requestId(name),
      replacementId,
      clientOrderId: clientOrderId(name),
      ...originalOf(found),
      change,
      rules,
    },
    contextOf(request, {
      config,
      epoch,
      ...(key !== undefined && { key: commandKey(key, { replace: found.row.id, name, change }) }),
    }),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  if (outcome.outcome === 'unchanged') return refused('replace_changes_nothing');
  const rejected = outcome.events.find((event) => event.type === 'ReplaceRejected');
  const reply = rejected
    ? refusedBy(rejected.data)
    : await shown(dependencies, { id: replacementId, accountId }, request);
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}

async function shown(
  dependencies: Needs,
  asked: { readonly id: string; readonly accountId: string },
  { deadline }: TradingRequest,
): Promise<Reply> {
  const found = await findOrder(dependencies, asked, deadline);
  return found ? ok(orderJson(found.row)) : refused('order_not_found');
}

function changeOf(body: ReplaceOrderBody): RequestedChange {
  return {
    ...(body.qty !== undefined && { quantity: body.qty }),
    ...(body.time_in_force !== undefined && { timeInForce: body.time_in_force }),
    ...(body.limit_price !== undefined && { limitPrice: body.limit_price }),
    ...(body.stop_price !== undefined && { stopPrice: body.stop_price }),
    ...(body.trail !== undefined && { trail: body.trail }),
    ...(body.expires_at !== undefined && { expireAt: body.expires_at }),
  };
}
