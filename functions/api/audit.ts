import { orderStream } from '../../domain/order/effects.ts';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import type { Reaching } from '../dependencies.ts';
import { historyJson } from './shapes/order-history.ts';
import { orderJson } from './shapes/order-json.ts';
import { findOrder } from './shared/order-lookup.ts';
import { ok, refused } from './door/reply.ts';
import { parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';

type Needs = Reaching<'orders'>;

/** What operators and auditors may see of any account: an order, how it came about, and whether every total follows from the log. */
export const audit: ApiFunction<Needs> = (dependencies) => ({
  'GET /v1/orders/{order_id}': operating(async (request) => {
    const found = await findOrder(dependencies, { id: parameter(request, 'order_id') }, request.deadline);
    return found
      ? ok({ account_id: found.row.accountId, ...orderJson(found.row) })
      : refused('order_unknown');
  }),
  'GET /v1/orders/{order_id}/events': operating(async (request) => {
    const found = await findOrder(dependencies, { id: parameter(request, 'order_id') }, request.deadline);
    if (!found) return refused('order_unknown');
    return ok(historyJson(await dependencies.store.read(orderStream(found.orderId), 1, request.deadline)));
  }),
  'GET /v1/reconcile': operating(async ({ deadline }) => {
    const { store, clock, telemetry } = dependencies;
    const reconciled = await reconcile(store, { deadline, clock });
    if (reconciled.differences > 0)
      telemetry.metrics.counter('reconcile_differences', {}).add(reconciled.differences);
    return ok(reconciled);
  }),
});
