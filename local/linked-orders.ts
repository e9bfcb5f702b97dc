import {
  type LinkedOrders,
  type LinkedOrdersParts,
  linkOrdersInMemory,
  linkOrdersInSqlite,
} from '../functions/compose-linked-orders.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import type { Parking } from '../platform/consumer/port.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import type { OpenStore } from './stores.ts';

/** What one order's end does to another happens in this very process, and is attended to like every consumer. */
export async function startLinkedOrders(
  open: OpenStore,
  dependencies: Dependencies,
  parking: Parking,
  running: AsyncDisposableStack,
): Promise<LinkedOrders> {
  const links = await openLinkedOrders(open, dependencies, parking);
  running.defer(() => links.stop());
  await links.start();
  for (const one of links.attended) dependencies.consumers.add(one);
  return links;
}

async function openLinkedOrders(
  open: OpenStore,
  dependencies: Dependencies,
  parking: Parking,
): Promise<LinkedOrders> {
  const { random, telemetry } = dependencies;
  const parts: LinkedOrdersParts = { dependencies, parking, alarms: alarmsOf(telemetry) };
  switch (open.kind) {
    case 'memory':
      return linkOrdersInMemory(open.store, parts);
    case 'sqlite':
      return linkOrdersInSqlite(open.store, parts);
    case 'dynamodb': {
      const { linkOrdersInDynamoDb } = await import('../functions/compose-dynamodb-linked-orders.ts');
      return linkOrdersInDynamoDb({ ...open, random }, parts);
    }
  }
}

function alarmsOf({ log, metrics }: Telemetry): LinkedOrdersParts['alarms'] {
  const parked = metrics.counter('commits_parked', {});
  return {
    onFailure: (error) => log.error('linked orders not looked at, trying again', error),
    onParked: (consumer, { stream, version, error }) => {
      parked.add();
      log.error('the turn of an exit was parked: what its entry bought has no exit', new Error(error), {
        consumer,
        stream,
        version,
      });
    },
  };
}
