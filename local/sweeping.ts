import { notSwept } from '../functions/schedules/sweep.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import { type Places, Sweeper } from '../platform/consumer/sweeper.ts';
import type { WrittenStreams } from '../platform/event-store/written-streams.ts';
import type { OpenStore } from './stores.ts';

/** Looks after every consumer of this process. Its places are kept beside the consumers' own. */
export async function openSweeper(open: OpenStore, dependencies: Dependencies): Promise<Sweeper> {
  const { clock, consumers, telemetry } = dependencies;
  return new Sweeper({
    ...(await writtenIn(open, dependencies)),
    consumers: () => consumers.consumers,
    clock,
    onFailure: notSwept(telemetry),
  });
}

interface Written {
  readonly source: WrittenStreams;
  readonly places: Places;
}

async function writtenIn(open: OpenStore, { clock, random }: Dependencies): Promise<Written> {
  if (open.kind !== 'dynamodb') return { source: open.store, places: open.store };
  const { writtenInDynamoDb } = await import('../functions/compose-dynamodb-sweep.ts');
  return writtenInDynamoDb({ ...open, clock, random });
}
