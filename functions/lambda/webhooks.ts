import { deadlineIn, defaultCallMs } from '../../platform/deadline/deadline.ts';
import { nameServers } from '../../platform/outgoing/resolve-name.ts';
import type { MasterSecret } from '../../platform/secrets/port.ts';
import { createSecretsManagerClient } from '../../platform/secrets/secrets-manager-client.ts';
import { secretFrom } from '../../platform/secrets/secrets-manager.ts';
import { DynamoDbDeliveryStore } from '../../platform/webhooks/dynamodb.ts';
import type { ComposeWebhooks } from '../compose-dependencies.ts';
import { composeWebhooks } from '../compose-webhooks.ts';
import { environmentNames } from '../environment.ts';
import { OutOfReach } from './out-of-reach.ts';
import { viewsTableOf } from './parts.ts';
import type { Part } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

/** Webhooks with what signs them. */
export const withWebhooks: Part = async (surroundings) =>
  webhooksWith(surroundings, await secretOf(surroundings));

/** Where deliveries have got, for who signs nothing. */
export const withDeliveries: Part = (surroundings) => webhooksWith(surroundings, noSecret);

const noSecret: MasterSecret = {
  fingerprint: '',
  derive: () => {
    throw new OutOfReach('the function has no right to the master secret');
  },
};

function webhooksWith(surroundings: Surroundings, secret: MasterSecret) {
  const deliveries = new DynamoDbDeliveryStore(viewsTableOf(surroundings));
  const parts = { deliveries, secret, resolve: nameServers(surroundings.clock) };
  const webhooks: ComposeWebhooks = (handler, around) =>
    composeWebhooks(handler, { ...around, webhooks: parts });
  return { webhooks };
}

function secretOf({ clock, setting }: Surroundings): Promise<MasterSecret> {
  const arn = setting(environmentNames.masterSecretArn);
  return secretFrom({ client: createSecretsManagerClient(), arn, clock }, deadlineIn(defaultCallMs, clock));
}
