import * as z from 'zod/mini';
import {
  changeWebhookBody,
  createWebhookBody,
  deliveriesQuery,
  deliverySchema,
  webhookSchema,
  webhookWithSecretSchema,
} from '../../shapes/webhook-json.ts';
import type { Descriptions } from '../description.ts';

export const webhookRoutes: Descriptions = {
  'POST /v2/webhooks': {
    summary: 'Have updates of the account’s orders sent to an address',
    body: createWebhookBody,
    idempotencyKey: 'optional',
    answers: { 201: webhookWithSecretSchema },
    refusals: ['maximum_webhooks', 'idempotency_key_reused', 'webhook_not_found'],
  },
  'GET /v2/webhooks': {
    summary: 'The account’s webhooks',
    answers: { 200: z.array(webhookSchema) },
    refusals: [],
  },
  'GET /v2/webhooks/{webhook_id}': {
    summary: 'A webhook',
    answers: { 200: webhookSchema },
    refusals: ['webhook_not_found'],
  },
  'PATCH /v2/webhooks/{webhook_id}': {
    summary: 'Change, pause or resume a webhook',
    body: changeWebhookBody,
    bodyMayBeLeftOut: true,
    answers: { 200: webhookSchema },
    refusals: ['webhook_not_found'],
  },
  'DELETE /v2/webhooks/{webhook_id}': {
    summary: 'Delete a webhook and what is known of its deliveries',
    answers: { 204: 'nothing' },
    refusals: ['webhook_not_found'],
  },
  'POST /v2/webhooks/{webhook_id}/rotate-secret': {
    summary: 'Make another signing secret; the one before signs beside it for a while',
    idempotencyKey: 'optional',
    answers: { 200: webhookWithSecretSchema },
    refusals: ['webhook_not_found', 'idempotency_key_reused'],
  },
  'GET /v2/webhooks/{webhook_id}/deliveries': {
    summary: 'What became of the latest deliveries to a webhook, the newest first',
    query: deliveriesQuery,
    answers: { 200: z.array(deliverySchema) },
    refusals: ['webhook_not_found'],
  },
  'POST /v2/webhooks/{webhook_id}/deliveries/{number}/redeliver': {
    summary: 'Deliver an update once more',
    answers: { 202: deliverySchema },
    refusals: ['webhook_not_found', 'delivery_not_found'],
  },
};
