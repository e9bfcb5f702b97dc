import * as z from 'zod/mini';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { statusOf, type Webhook } from '../../../domain/webhook/state.ts';
import { updateEvents } from '../../../platform/account-feed/update-shape.ts';
import { deliveryFaults, type DeliveryRecord, deliveryStatuses } from '../../../platform/webhooks/port.ts';
import { urlLengthMax } from '../../../platform/webhooks/receiver-url.ts';
import { describedAs } from '../door/described.ts';
import { optional } from '../door/fields.ts';
import { momentOrNull, momentText, opaqueId } from './values.ts';

const eventNames = z.array(z.enum(updateEvents)).check(z.minLength(1), z.maxLength(updateEvents.length));
const events = z.union([z.literal('all'), eventNames], {
  error: `"all", or a list of ${updateEvents.join(', ')}`,
});
const url = z.string().check(z.minLength(1), z.maxLength(urlLengthMax));

/** The body of `POST /v2/webhooks`. `events`: which updates; all of them when it is left out. */
export const createWebhookBody = z.strictObject({
  url,
  events: optional(events),
  active: optional(z.boolean()),
});

/** The body of `PATCH /v2/webhooks/{webhook_id}`: what is left out stays. */
export const changeWebhookBody = z.strictObject({
  url: optional(url),
  events: optional(events),
  active: optional(z.boolean()),
});

const shown = {
  id: opaqueId,
  url: z.string(),
  events: z.union([z.literal('all'), z.array(z.string())]),
  status: z.enum(['active', 'paused', 'suspended']),
  /** Only what comes after this number of the account's feed is told. */
  after: z.int().check(z.minimum(0)),
  secret_lost: z.boolean(),
  previous_secret_until: momentOrNull,
  suspended_at: momentOrNull,
  created_at: momentText,
  updated_at: momentText,
};

export const webhookSchema = z.strictObject(shown).register(z.globalRegistry, { id: 'Webhook' });
/** The secret is there once: in the answer that made it. */
export const webhookWithSecretSchema = z
  .strictObject({ ...shown, secret: z.optional(z.string()) })
  .register(z.globalRegistry, { id: 'WebhookWithSecret' });

/** `inForce`: what signs at this moment, of which no more is said than how many there are. */
export function webhookJson(webhook: Webhook, inForce: readonly string[]): z.infer<typeof webhookSchema> {
  const { webhookId, previous, suspended, createdAt, updatedAt } = webhook;
  const overlaps = previous !== undefined && inForce.length > 1;
  return {
    id: webhookId,
    url: webhook.url,
    events: webhook.events === 'all' ? 'all' : [...webhook.events],
    status: statusOf(webhook),
    after: webhook.after,
    secret_lost: inForce.length === 0,
    previous_secret_until: overlaps ? formatTimestamp(previous.until) : null,
    suspended_at: suspended ? formatTimestamp(suspended.at) : null,
    created_at: formatTimestamp(createdAt),
    updated_at: formatTimestamp(updatedAt),
  };
}

const pageMax = 100;
const limitHint = `a whole number from 1 to ${pageMax}`;
const limit = describedAs(
  z
    .pipe(z.string().check(z.regex(/^\d{1,3}$/, limitHint)), z.transform(Number))
    .check(z.refine((count) => count >= 1 && count <= pageMax, limitHint)),
  { type: 'integer', minimum: 1, maximum: pageMax },
);
const numberHint = 'the number of a delivery';
export const deliveryNumber = describedAs(
  z.pipe(z.string().check(z.regex(/^[1-9]\d{0,14}$/, numberHint)), z.transform(Number)),
  { type: 'integer', minimum: 1 },
);

/** The query of `GET /v2/webhooks/{webhook_id}/deliveries`. `before`: numbers below it, for the next page. */
export const deliveriesQuery = z.strictObject({
  status: z.optional(z.enum(deliveryStatuses)),
  before: z.optional(deliveryNumber),
  limit: z._default(limit, 50),
});

export const deliverySchema = z
  .strictObject({
    number: z.int().check(z.minimum(1)),
    event: z.string(),
    status: z.enum(deliveryStatuses),
    attempts: z.int().check(z.minimum(0)),
    last_error: z.nullable(z.enum(deliveryFaults)),
    last_status: z.nullable(z.int()),
    updated_at: momentText,
    next_try_at: momentOrNull,
  })
  .register(z.globalRegistry, { id: 'WebhookDelivery' });

export function deliveryJson(record: DeliveryRecord): z.infer<typeof deliverySchema> {
  const { number, event, status, attempts, fault, answered, at, nextAt } = record;
  return {
    number,
    event,
    status,
    attempts,
    last_error: fault ?? null,
    last_status: answered ?? null,
    updated_at: formatTimestamp(at),
    next_try_at: nextAt === undefined ? null : formatTimestamp(nextAt),
  };
}
