import type { WebhookParts } from '../functions/compose-webhooks.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import { type Clock, systemClock } from '../platform/clock/clock.ts';
import { nameServers, type ResolveName } from '../platform/outgoing/resolve-name.ts';
import { type Random, systemRandom } from '../platform/random/random.ts';
import { passingSecret } from '../platform/secrets/derived.ts';
import { fixedRing } from '../platform/secrets/ring.ts';
import { openSecretFile } from '../platform/secrets/secret-file.ts';
import { MemoryDeliveryStore } from '../platform/webhooks/memory.ts';
import { attendedWebhooks } from '../platform/webhooks/redelivery.ts';
import { SqliteDeliveryStore } from '../platform/webhooks/sqlite.ts';
import type { OpenStore, StoreChoice } from './stores.ts';

interface WebhookOptions {
  readonly store: StoreChoice;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly resolve?: ResolveName;
}

/**
 * Where deliveries are kept, and the master secrets: in the data folder where there is one. Without one they end with the process,
 * and webhooks that outlive it, as on DynamoDB, wait for their secrets to be rotated. Throws `SecretUnreadable`.
 */
export async function openWebhookParts(
  open: OpenStore,
  { store, clock = systemClock, random = systemRandom, resolve = nameServers(clock) }: WebhookOptions,
  running: AsyncDisposableStack,
): Promise<WebhookParts> {
  if (store.kind === 'sqlite') {
    const ring = fixedRing(openSecretFile(store.folder));
    const deliveries = running.adopt(SqliteDeliveryStore.open(store.folder), (file) => file.close());
    return { deliveries, ring, resolve };
  }
  const ring = fixedRing([passingSecret()]);
  if (open.kind !== 'dynamodb') return { deliveries: new MemoryDeliveryStore(), ring, resolve };
  const { DynamoDbDeliveryStore } = await import('../platform/webhooks/dynamodb.ts');
  const { client, viewsTable: table } = open;
  return { deliveries: new DynamoDbDeliveryStore({ client, table, clock, random }), ring, resolve };
}

/** Delivers for as long as the cell runs; what is being tried when it stops is finished first. */
export async function startWebhooks(
  dependencies: Dependencies,
  running: AsyncDisposableStack,
): Promise<void> {
  const { webhooks, consumers } = dependencies;
  consumers.addOther(attendedWebhooks(dependencies));
  running.defer(() => webhooks.dispatcher.stop());
  await webhooks.dispatcher.start();
}
