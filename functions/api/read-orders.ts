import { orderStream } from '../../domain/order/effects.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { uuidV5 } from '../../platform/ids/uuid.ts';
import type { OrderQuery } from '../../platform/views/port.ts';
import type { Reaching } from '../dependencies.ts';
import type { TradingCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { orderByNameQuery, orderQuery } from './shapes/order-fields.ts';
import { historyJson } from './shapes/order-history.ts';
import { orderJson } from './shapes/order-json.ts';
import { orderListQuery } from './shapes/order-list-query.ts';
import { type Edge, ordersBeyond } from './shared/order-pages.ts';
import { legsOf, nested } from './shared/order-legs.ts';
import { findOrder, rowsOfStream } from './shared/order-lookup.ts';
import { futureRefusal } from './shared/past-account.ts';
import { ok, type Reply, refused } from './door/reply.ts';
import { type ApiRequest, parameter, query } from './door/request.ts';
import { type ApiFunction, trading } from './door/routes.ts';

type Needs = Reaching<'orders' | 'views'>;

type TradingRequest = ApiRequest<TradingCaller>;

/** An account's own orders: one of them from the log, lists from the views, which follow within moments. */
export const readOrders: ApiFunction<Needs> = (dependencies) => ({
  'GET /v2/orders': trading((request) => list(dependencies, request)),
  'GET /v2/orders:by_client_order_id': trading(async (request) => {
    const parsed = parse(orderByNameQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    return one(dependencies, request, uuidV5(request.caller.accountId, parsed.value.client_order_id));
  }),
  'GET /v2/orders/{order_id}': trading(async (request) => {
    const parsed = parse(orderQuery, query(request));
    if ('refusal' in parsed) return parsed.refusal;
    const id = parameter(request, 'order_id');
    const { as_of: asOf } = parsed.value;
    return asOf === undefined ? one(dependencies, request, id) : oneAsOf(dependencies, request, id, asOf);
  }),
  'GET /v2/orders/{order_id}/events': trading(async (request) => {
    const { deadline, caller } = request;
    const asked = { id: parameter(request, 'order_id'), accountId: caller.accountId };
    const found = await findOrder(dependencies, asked, deadline);
    if (!found) return refused('order_not_found');
    return ok(historyJson(await dependencies.store.read(orderStream(found.orderId), 1, deadline)));
  }),
});

async function one(dependencies: Needs, request: TradingRequest, id: string): Promise<Reply> {
  const { accountId } = request.caller;
  const found = await findOrder(dependencies, { id, accountId }, request.deadline);
  if (!found) return refused('order_not_found');
  const isNested = query(request)['nested'] === 'true';
  const legs = isNested ? await legsOf(dependencies, found.row, request.deadline) : undefined;
  return ok(orderJson(found.row, legs));
}

/** As the commits made by then show it; an id that came later was not there. */
async function oneAsOf(
  dependencies: Needs,
  request: TradingRequest,
  id: string,
  asOf: Timestamp,
): Promise<Reply> {
  const future = futureRefusal(dependencies, 'as_of', asOf);
  if (future) return future;
  const { accountId } = request.caller;
  const found = await findOrder(dependencies, { id, accountId }, request.deadline);
  if (!found) return refused('order_not_found');
  const commits = await dependencies.store.read(orderStream(found.orderId), 1, request.deadline);
  const rows = rowsOfStream(commits.filter(({ at }) => at <= asOf));
  const row = rows.find((known) => known.id === found.row.id);
  return row ? ok(orderJson(row)) : refused('order_not_found');
}

async function list(dependencies: Needs, request: TradingRequest): Promise<Reply> {
  const parsed = parse(orderListQuery, query(request));
  if ('refusal' in parsed) return parsed.refusal;
  const { value } = parsed;
  const { accountId } = request.caller;
  const edge = value.before_order_id ?? value.after_order_id;
  const at =
    edge === undefined ? undefined : await findOrder(dependencies, { id: edge, accountId }, request.deadline);
  if (edge !== undefined && !at) return refused('order_not_found');
  if (value.asset_class !== undefined && !value.asset_class.split(',').includes('us_equity')) return ok([]);
  const { status, direction, limit, symbols, side, after, until } = value;
  const asked: OrderQuery = {
    accountId,
    status,
    direction,
    limit,
    ...(symbols && { symbols }),
    ...(side && { side }),
    ...(after !== undefined && { after }),
    ...(until !== undefined && { until }),
  };
  const { deadline } = request;
  const rows = at
    ? await ordersBeyond(dependencies.views, asked, edgeOf(value, at.row), deadline)
    : await dependencies.views.orders(asked, deadline);
  if (value.nested !== 'true') return ok(rows.map((row) => orderJson(row)));
  const groups = await nested(dependencies, rows, deadline);
  return ok(groups.map(({ row, legs }) => orderJson(row, legs)));
}

function edgeOf(
  { after_order_id: after }: { readonly after_order_id?: string | undefined },
  row: Edge['row'],
): Edge {
  return { beyond: after === undefined ? 'before' : 'after', row };
}
