import { webhook } from '../../platform/aggregates/webhook.ts';
import { deadlineIn, defaultCallMs } from '../../platform/deadline/deadline.ts';
import { nameServers } from '../../platform/outgoing/resolve-name.ts';
import type { MasterSecret } from '../../platform/secrets/port.ts';
import { createSecretsManagerClient } from '../../platform/secrets/secrets-manager-client.ts';
import { secretFrom } from '../../platform/secrets/secrets-manager.ts';
import { DynamoDbDeliveryStore } from '../../platform/webhooks/dynamodb.ts';
import { composeWebhooks } from '../compose-webhooks.ts';
import type { Reach } from '../dependencies.ts';
import { environmentNames } from '../environment.ts';
import { OutOfReach } from './out-of-reach.ts';
import { viewsTableOf } from './parts.ts';
import type { Standing } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

/** Webhooks with what signs them. */
export async function withWebhooks(on: Standing, feed: Pick<Reach, 'accountFeed'>) {
  return webhooksWith(on, feed, await secretOf(on.surroundings));
}

/** Where deliveries have got, for who signs nothing. */
export function withDeliveries(on: Standing, feed: Pick<Reach, 'accountFeed'>) {
  return webhooksWith(on, feed, noSecret);
}

const noSecret: MasterSecret = {
  fingerprint: '',
  derive: () => {
    throw new OutOfReach('the function has no right to the master secret');
  },
};

function webhooksWith(
  { ground, handlerOf, surroundings }: Standing,
  feed: Pick<Reach, 'accountFeed'>,
  secret: MasterSecret,
) {
  const deliveries = new DynamoDbDeliveryStore(viewsTableOf(surroundings));
  const parts = { deliveries, secret, resolve: nameServers(ground.clock) };
  return { webhooks: composeWebhooks(handlerOf(webhook), { ...ground, ...feed, webhooks: parts }) };
}

function secretOf({ clock, setting }: Surroundings): Promise<MasterSecret> {
  const arn = setting(environmentNames.masterSecretArn);
  return secretFrom({ client: createSecretsManagerClient(), arn, clock }, deadlineIn(defaultCallMs, clock));
}
