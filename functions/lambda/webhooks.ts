import { nameServers } from '../../platform/outgoing/resolve-name.ts';
import type { SecretRing } from '../../platform/secrets/port.ts';
import { createSecretsManagerClient } from '../../platform/secrets/secrets-manager-client.ts';
import { ringIn } from '../../platform/secrets/secrets-manager.ts';
import { DynamoDbDeliveryStore } from '../../platform/webhooks/dynamodb.ts';
import type { ComposeWebhooks } from '../compose-dependencies.ts';
import { composeWebhooks } from '../compose-webhooks.ts';
import { environmentNames } from '../environment.ts';
import { OutOfReach } from './out-of-reach.ts';
import { viewsTableOf } from './parts.ts';
import type { Part } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

/** Webhooks with what signs them. */
export const withWebhooks: Part = (surroundings) => webhooksWith(surroundings, ringOf(surroundings));

/** Where deliveries have got, for who signs nothing. */
export const withDeliveries: Part = (surroundings) => webhooksWith(surroundings, noRing);

const refuse = async (): Promise<never> => {
  throw new OutOfReach('the function has no right to the master secret');
};

const noRing: SecretRing = { newest: refuse, named: refuse };

function webhooksWith(surroundings: Surroundings, ring: SecretRing) {
  const deliveries = new DynamoDbDeliveryStore(viewsTableOf(surroundings));
  const parts = { deliveries, ring, resolve: nameServers(surroundings.clock) };
  const webhooks: ComposeWebhooks = (handler, around) =>
    composeWebhooks(handler, { ...around, webhooks: parts });
  return { webhooks };
}

function ringOf({ clock, setting }: Surroundings): SecretRing {
  const arn = setting(environmentNames.masterSecretArn);
  return ringIn({ client: createSecretsManagerClient(), arn, clock });
}
