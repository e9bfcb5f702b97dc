import * as z from 'zod/mini';
import { orderByNameQuery, orderQuery, placeOrderBody, replaceOrderBody } from '../../shapes/order-fields.ts';
import { historySchema } from '../../shapes/order-history.ts';
import { orderSchema } from '../../shapes/order-json.ts';
import { orderListQuery } from '../../shapes/order-list-query.ts';
import { refusalSchema } from '../../shapes/refusal-json.ts';
import { tradeEventsQuery } from '../../shapes/trade-event-query.ts';
import { tradeUpdateSchema } from '../../shapes/trade-update-json.ts';
import { opaqueId } from '../../shapes/values.ts';
import type { Descriptions } from '../description.ts';
import { requestRefusals, tradingRefusals } from '../refusals.ts';

const canceled = z
  .strictObject({ id: opaqueId, status: z.int(), body: z.optional(refusalSchema) })
  .register(z.globalRegistry, { id: 'CanceledOrder' });

export const orderRoutes: Descriptions = {
  'POST /v2/orders': {
    summary: 'Place an order',
    body: placeOrderBody,
    idempotencyKey: 'optional',
    answers: { 200: orderSchema },
    refusals: [
      ...tradingRefusals,
      'client_order_id_reused',
      'idempotency_key_reused',
      'client_order_id_taken',
    ],
  },
  'GET /v2/events/trades': {
    summary: 'Hear what happens to the orders of the account, as server-sent events',
    query: tradeEventsQuery,
    streams: true,
    answers: { 200: tradeUpdateSchema },
    refusals: ['too_many_streams'],
  },
  'PATCH /v2/orders/{order_id}': {
    summary: 'Ask the venue to replace the terms of an order',
    body: replaceOrderBody,
    idempotencyKey: 'optional',
    answers: { 200: orderSchema },
    refusals: [
      ...tradingRefusals,
      ...requestRefusals,
      'client_order_id_taken',
      'replace_changes_nothing',
      'field_not_replaceable',
    ],
  },
  'DELETE /v2/orders/{order_id}': {
    summary: 'Ask the venue to cancel an order',
    idempotencyKey: 'optional',
    answers: { 204: 'nothing' },
    refusals: requestRefusals,
  },
  'DELETE /v2/orders': {
    summary: 'Ask the venue to cancel every open order',
    idempotencyKey: 'optional',
    answers: { 207: z.array(canceled) },
    refusals: [],
  },
  'GET /v2/orders': {
    summary: 'List orders',
    query: orderListQuery,
    answers: { 200: z.array(orderSchema) },
    refusals: ['order_not_found'],
  },
  'GET /v2/orders:by_client_order_id': {
    summary: 'Read an order by its client order id',
    query: orderByNameQuery,
    answers: { 200: orderSchema },
    refusals: ['order_not_found'],
  },
  'GET /v2/orders/{order_id}': {
    summary: 'Read an order',
    query: orderQuery,
    answers: { 200: orderSchema },
    refusals: ['order_not_found'],
  },
  'GET /v2/orders/{order_id}/events': {
    summary: 'Read the history of an order',
    answers: { 200: historySchema },
    refusals: ['order_not_found'],
  },
};
