import type { Dependencies } from '../functions/dependencies.ts';
import { Sweeper } from '../platform/consumer/sweeper.ts';
import type { WrittenStreams } from '../platform/event-store/written-streams.ts';
import type { OpenStore } from './stores.ts';

/** Looks after every consumer of this process. Where the log is local, its places are kept beside the consumers' own. */
export async function openSweeper(open: OpenStore, dependencies: Dependencies): Promise<Sweeper> {
  const { clock, consumers, telemetry } = dependencies;
  return new Sweeper({
    source: await writtenIn(open, dependencies),
    ...(open.kind !== 'dynamodb' && { places: open.store }),
    consumers: () => consumers.consumers,
    clock,
    onFailure: (consumer, error) => telemetry.log.error('not swept, trying again', error, { consumer }),
  });
}

async function writtenIn(open: OpenStore, { clock, random }: Dependencies): Promise<WrittenStreams> {
  if (open.kind !== 'dynamodb') return open.store;
  const { DynamoDbWrittenStreams } = await import('../platform/event-store/dynamodb-written.ts');
  return new DynamoDbWrittenStreams({ client: open.client, table: open.logTable, clock, random });
}
