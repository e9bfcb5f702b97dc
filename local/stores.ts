import type { Clock } from '../platform/clock/clock.ts';
import type { LocalFeed } from '../platform/event-store/feed.ts';
import { MemoryEventStore } from '../platform/event-store/memory.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import type { StoreTables } from '../platform/event-store/tables.ts';
import type { Random } from '../platform/random/random.ts';

/** Where an embedded cell keeps its log. */
export type StoreChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly folder: string }
  | { readonly kind: 'dynamodb'; readonly endpoint: string; readonly tables?: StoreTables };

export interface OpenStore {
  readonly store: EventStore;
  /** Only stores of this very process have one. */
  readonly feed?: LocalFeed;
  /** The SQLite store itself, for views that live in the same file. */
  readonly sqlite?: SqliteEventStore;
  close(): Promise<void>;
}

export async function openStore(choice: StoreChoice, clock: Clock, random: Random): Promise<OpenStore> {
  if (choice.kind === 'dynamodb') return openDynamoDb(choice, clock, random);
  if (choice.kind === 'sqlite') {
    const sqlite = new SqliteEventStore(choice.folder);
    return { store: sqlite, feed: sqlite, sqlite, close: () => sqlite.close() };
  }
  const store = new MemoryEventStore();
  return { store, feed: store, close: () => store.close() };
}

const localTables: StoreTables = { log: 'ordercell-log', items: 'ordercell-items' };

/** The AWS SDK takes as long to load as everything else together: only who asks for it waits for it. */
async function openDynamoDb(
  { endpoint, tables = localTables }: Extract<StoreChoice, { kind: 'dynamodb' }>,
  clock: Clock,
  random: Random,
): Promise<OpenStore> {
  const { createDynamoDbClient } = await import('../platform/event-store/dynamodb-client.ts');
  const { createTables } = await import('../platform/event-store/dynamodb-create-tables.ts');
  const { DynamoDbEventStore } = await import('../platform/event-store/dynamodb.ts');
  // DynamoDB Local takes any credentials; real ones never go to an endpoint that was typed in.
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = createDynamoDbClient({ endpoint, region: 'local', credentials });
  try {
    await createTables(client, tables);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
  }
  const store = new DynamoDbEventStore({ client, tables, clock, random });
  return {
    store,
    close: async () => {
      await store.close();
      client.destroy();
    },
  };
}
