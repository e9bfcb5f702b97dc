import { accountItem, amount } from '../../domain/account/holdings.ts';
import { orderStream } from '../../domain/order/effects.ts';
import { requestId } from '../../domain/values/ids.ts';
import { cancelsAtOnce } from '../../platform/cancelling/cancel-open-orders.ts';
import { openOrders } from '../../platform/cancelling/open-orders.ts';
import { remainingMs } from '../../platform/deadline/deadline.ts';
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

/** Looks again this often for orders that the lists do not have yet, and then goes on. */
const looksMax = 12;
const pauseMs = 250;

interface Answered {
  readonly id: string;
  readonly status: number;
  readonly body?: unknown;
}

/**
 * Every open order, each answered for itself, as Alpaca does: 207 with a status for each. The lists may lack the last ones for a moment; how
 * many there are the account says.
 */
async function cancelAll(dependencies: Needs, request: TradingRequest): Promise<Reply> {
  const { store, clock } = dependencies;
  const account = await store.readItem(accountItem(request.caller.accountId), request.deadline);
  const open = account ? amount(account, 'openOrders') : 0;
  const answers = new Map<string, Answered>();
  for (let look = 1; ; look += 1) {
    await cancelListed(dependencies, request, answers);
    const asked = [...answers.values()].filter(({ status }) => status === 200).length;
    const hasTime = remainingMs(request.deadline, clock) > pauseMs * looksMax;
    if (asked >= open || look >= looksMax || !hasTime) return { status: 207, body: [...answers.values()] };
    await clock.sleep(pauseMs);
  }
}

/** What was answered for is not asked again. */
async function cancelListed(
  dependencies: Needs,
  request: TradingRequest,
  answers: Map<string, Answered>,
): Promise<void> {
  const { accountId } = request.caller;
  for await (const listed of openOrders(dependencies.views, { accountId }, request.deadline)) {
    const rows = listed.filter(({ id }) => !answers.has(id));
    for (let from = 0; from < rows.length; from += cancelsAtOnce) {
      const batch = rows.slice(from, from + cancelsAtOnce).map(async ({ id, status: state }) => {
        const isAsked = state === 'pending_cancel';
        const { status, body } = isAsked ? noContent : await cancelById(dependencies, request, id);
        answers.set(id, { id, status: status === 204 ? 200 : status, ...(body !== undefined && { body }) });
      });
      await Promise.all(batch);
    }
  }
}
