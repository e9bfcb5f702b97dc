import * as z from 'zod/mini';
import { askedSchema } from '../../shapes/approval-json.ts';
import { evidenceSchema } from '../../shapes/evidence-json.ts';
import { historySchema } from '../../shapes/order-history.ts';
import { orderSchema } from '../../shapes/order-json.ts';
import { reconciliationSchema } from '../../shapes/reconcile-json.ts';
import { executionBody, reportBody } from '../../shapes/report-fields.ts';
import { reportedSchema } from '../../shapes/report-replies.ts';
import { opaqueId } from '../../shapes/values.ts';
import type { Descriptions } from '../description.ts';
import { askingRefusals, reportRefusals } from '../refusals.ts';

const accountedOrder = z
  .extend(orderSchema, { account_id: opaqueId })
  .register(z.globalRegistry, { id: 'AccountedOrder' });

export const venueRoutes: Descriptions = {
  'POST /v1/orders/{order_id}/executions': {
    summary: 'Report an execution',
    body: executionBody,
    idempotencyKey: 'required',
    answers: { 200: reportedSchema, 202: askedSchema },
    refusals: [...reportRefusals, ...askingRefusals, 'idempotency_key_missing'],
  },
  'POST /v1/orders/{order_id}/reports': {
    summary: 'Report whatever a venue can say about an order',
    body: reportBody,
    idempotencyKey: 'required',
    answers: { 200: reportedSchema, 202: askedSchema },
    refusals: [...reportRefusals, ...askingRefusals, 'idempotency_key_missing'],
  },
  'GET /v1/orders/{order_id}': {
    summary: 'Read any order',
    answers: { 200: accountedOrder },
    refusals: ['order_unknown'],
  },
  'GET /v1/orders/{order_id}/events': {
    summary: 'Read the history of any order',
    answers: { 200: historySchema },
    refusals: ['order_unknown'],
  },
  'GET /v1/orders/{order_id}/evidence': {
    summary: 'Export everything the log says of an order, to be checked without the cell',
    answers: { 200: evidenceSchema },
    refusals: ['order_unknown', 'evidence_too_large'],
  },
  'GET /v1/reconcile': {
    summary: 'Compare every total with what the log says',
    answers: { 200: reconciliationSchema },
    refusals: [],
  },
};
