import { orderStream } from '../../domain/order/effects.ts';
import { requestId } from '../../domain/values/ids.ts';
import { cancelsAtOnce } from '../../platform/cancelling/cancel-open-orders.ts';
import { openOrders } from '../../platform/cancelling/open-orders.ts';
import type { Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { type FoundOrder, findOrder } from './shared/order-lookup.ts';
import { originalOf } from './shared/original-id.ts';
import { refusedBy } from './shared/outcomes.ts';
import { noContent, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';

type Needs = Reaching<'orders' | 'views'>;

type TradingRequest = ApiRequest<TradingCaller>;

/** Asks the venue to cancel; an order it has not seen yet is canceled at once. */
export const cancelOrders: ApiFunction<Needs> = (dependencies) => ({
  'DELETE /v2/orders/{order_id}': trading((request) =>
    cancelById(dependencies, request, parameter(request, 'order_id')),
  ),
  'DELETE /v2/orders': trading((request) => cancelAll(dependencies, request)),
});

async function cancelById(dependencies: Needs, request: TradingRequest, id: string): Promise<Reply> {
  const { accountId } = request.caller;
  const found = await findOrder(dependencies, { id, accountId }, request.deadline);
  return found ? cancel(dependencies, request, found) : refused('order_not_found');
}

async function cancel(dependencies: Needs, request: TradingRequest, found: FoundOrder): Promise<Reply> {
  const key = idempotencyKey(request);
  const outcome = await dependencies.orders.handle(
    orderStream(found.orderId),
    {
      do: 'request-cancel',
      requestId: requestId(key ?? dependencies.random.id()),
      reason: 'requested',
      ...originalOf(found),
    },
    contextOf(request, {
      config: dependencies.config.current().version,
      ...(key !== undefined && { key: commandKey(key, { cancel: found.row.id }) }),
    }),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const rejected =
    outcome.outcome !== 'unchanged' && outcome.events.find((event) => event.type === 'CancelRejected');
  const reply = rejected ? refusedBy(rejected.data) : noContent;
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}

/** Every order the lists know to be open, each answered for itself, as Alpaca does: 207 with a status for each. */
async function cancelAll(dependencies: Needs, request: TradingRequest): Promise<Reply> {
  const { accountId } = request.caller;
  const answers: { id: string; status: number; body?: unknown }[] = [];
  for await (const rows of openOrders(dependencies.views, { accountId }, request.deadline)) {
    for (let from = 0; from < rows.length; from += cancelsAtOnce) {
      const batch = rows.slice(from, from + cancelsAtOnce).map(async ({ id, status: state }) => {
        const isAsked = state === 'pending_cancel';
        const { status, body } = isAsked ? noContent : await cancelById(dependencies, request, id);
        answers.push({ id, status: status === 204 ? 200 : status, ...(body !== undefined && { body }) });
      });
      await Promise.all(batch);
    }
  }
  return { status: 207, body: answers };
}
