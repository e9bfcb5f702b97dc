import type { FeedReader } from '../platform/account-feed/port.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { HotConfig } from '../platform/hot-config/port.ts';
import type { ResolveName } from '../platform/outgoing/resolve-name.ts';
import type { Random } from '../platform/random/random.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { SecretRing } from '../platform/secrets/port.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import { Deliverer } from '../platform/webhooks/deliverer.ts';
import { Dispatcher } from '../platform/webhooks/dispatcher.ts';
import type { DeliveryStore } from '../platform/webhooks/port.ts';
import { Subscriptions, type WebhookHandler } from '../platform/webhooks/subscriptions.ts';
import type { Webhooks } from '../platform/webhooks/webhooks.ts';
import { webhookBody } from './api/shapes/webhook-message.ts';

/** What differs between deployables. */
export interface WebhookParts {
  readonly deliveries: DeliveryStore;
  readonly ring: SecretRing;
  readonly resolve: ResolveName;
}

interface Around {
  readonly store: EventStore;
  readonly accountFeed: FeedReader;
  readonly config: HotConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly webhooks: WebhookParts;
}

/** Whoever starts the dispatcher stops it. */
export function composeWebhooks(handler: WebhookHandler, around: Around): Webhooks {
  const { store, accountFeed, config, clock, random, telemetry, webhooks } = around;
  const subscriptions = new Subscriptions(handler, store);
  const common = { subscriptions, accountFeed, clock };
  const deliverer = new Deliverer({
    ...common,
    ...webhooks,
    bodyOf: webhookBody,
    config,
    random,
    telemetry,
  });
  const { deliveries, ring } = webhooks;
  return {
    subscriptions,
    deliveries,
    ring,
    dispatcher: new Dispatcher({
      ...common,
      deliverer,
      onFailure: (error, webhookId) =>
        telemetry.log.error('a webhook was not looked at, trying again', error, { webhookId }),
    }),
  };
}
