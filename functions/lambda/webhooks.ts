import { webhook } from '../../platform/aggregates/webhook.ts';
import { nameServers } from '../../platform/outgoing/resolve-name.ts';
import type { SecretRing } from '../../platform/secrets/port.ts';
import { createSecretsManagerClient } from '../../platform/secrets/secrets-manager-client.ts';
import { ringIn } from '../../platform/secrets/secrets-manager.ts';
import { DynamoDbDeliveryStore } from '../../platform/webhooks/dynamodb.ts';
import { composeWebhooks } from '../compose-webhooks.ts';
import type { Reach } from '../dependencies.ts';
import { environmentNames } from '../environment.ts';
import { OutOfReach } from './out-of-reach.ts';
import { viewsTableOf } from './parts.ts';
import type { Standing } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

/** Webhooks with what signs them. */
export function withWebhooks(on: Standing, feed: Pick<Reach, 'accountFeed'>) {
  return webhooksWith(on, feed, ringOf(on.surroundings));
}

/** Where deliveries have got, for who signs nothing. */
export function withDeliveries(on: Standing, feed: Pick<Reach, 'accountFeed'>) {
  return webhooksWith(on, feed, noRing);
}

const refuse = async (): Promise<never> => {
  throw new OutOfReach('the function has no right to the master secret');
};

const noRing: SecretRing = { newest: refuse, named: refuse };

function webhooksWith(
  { ground, handlerOf, surroundings }: Standing,
  feed: Pick<Reach, 'accountFeed'>,
  ring: SecretRing,
) {
  const deliveries = new DynamoDbDeliveryStore(viewsTableOf(surroundings));
  const parts = { deliveries, ring, resolve: nameServers(ground.clock) };
  return { webhooks: composeWebhooks(handlerOf(webhook), { ...ground, ...feed, webhooks: parts }) };
}

function ringOf({ clock, setting }: Surroundings): SecretRing {
  const arn = setting(environmentNames.masterSecretArn);
  return ringIn({ client: createSecretsManagerClient(), arn, clock });
}
