import * as z from 'zod/mini';
import type { WantedEvents, WebhookCommand } from '../../domain/webhook/commands.ts';
import { webhook as decider } from '../../domain/webhook/decide.ts';
import { effects, observe } from '../../domain/webhook/effects.ts';
import type {
  WebhookChanged,
  WebhookCreated,
  WebhookDenied,
  WebhookEvent,
  WebhookSecretRotated,
} from '../../domain/webhook/events.ts';
import type { WebhookState } from '../../domain/webhook/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import { accountId, count, text, timestamp } from './value-schemas.ts';

const events: z.ZodMiniType<WantedEvents> = z.union([z.literal('all'), z.array(text)]);

const readers: Readers<WebhookEvent> = {
  WebhookCreated: [
    as(
      'WebhookCreated',
      exactly<WebhookCreated['data']>()({
        webhookId: text,
        accountId,
        url: text,
        events,
        active: z.boolean(),
        after: count,
        secretFrom: text,
      }),
    ),
  ],
  WebhookDenied: [
    as(
      'WebhookDenied',
      exactly<WebhookDenied['data']>()({
        accountId,
        reason: z.literal('maximum_webhooks'),
        limit: text,
        observed: text,
      }),
    ),
  ],
  WebhookChanged: [
    as(
      'WebhookChanged',
      exactly<WebhookChanged['data']>()({
        url: z.exactOptional(text),
        events: z.exactOptional(events),
        active: z.exactOptional(z.boolean()),
      }),
    ),
  ],
  WebhookSecretRotated: [
    as(
      'WebhookSecretRotated',
      exactly<WebhookSecretRotated['data']>()({
        rotation: count,
        secretFrom: text,
        previousUntil: timestamp,
      }),
    ),
  ],
  WebhookSuspended: [as('WebhookSuspended', z.strictObject({ number: count }))],
  WebhookDeleted: [as('WebhookDeleted', z.strictObject({}))],
};

/** One webhook per stream. The fingerprint is raised by the rule beside `order`. */
export const webhook: Aggregate<WebhookCommand, WebhookState, WebhookEvent> = {
  ...decider,
  kind: 'webhook',
  fingerprint: 'webhook-1',
  upcast: upcastWith(readers),
  effects,
  observe,
};
