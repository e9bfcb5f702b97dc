import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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

export interface LocalDynamoDb {
  readonly client: DynamoDBClient;
  readonly connection: typeof localAccess & { readonly endpoint: string };
  readonly logTable: string;
  readonly viewsTable: string;
}

export interface OpenStore {
  readonly store: EventStore;
  /** Only stores of this very process have one. */
  readonly feed?: LocalFeed;
  /** The SQLite store itself, for views that live in the same file. */
  readonly sqlite?: SqliteEventStore;
  /** The DynamoDB the store is in, for views in a table beside it. */
  readonly dynamoDb?: LocalDynamoDb;
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

/** DynamoDB Local takes any credentials; real ones never go to an endpoint that was typed in. */
const localAccess = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** The AWS SDK takes as long to load as everything else together: only who asks for it waits for it. */
async function openDynamoDb(
  { endpoint, tables = localTables }: Extract<StoreChoice, { kind: 'dynamodb' }>,
  clock: Clock,
  random: Random,
): Promise<OpenStore> {
  const { createDynamoDbClient } = await import('../platform/event-store/dynamodb-client.ts');
  const { createTables } = await import('../platform/event-store/dynamodb-create-tables.ts');
  const { createViewsTable } = await import('../platform/views/dynamodb-create-table.ts');
  const { DynamoDbEventStore } = await import('../platform/event-store/dynamodb.ts');
  const connection = { endpoint, ...localAccess };
  const client = createDynamoDbClient(connection);
  const viewsTable = `${tables.log}-views`;
  await unlessThere(createTables(client, tables));
  await unlessThere(createViewsTable(client, viewsTable));
  const store = new DynamoDbEventStore({ client, tables, clock, random });
  return {
    store,
    dynamoDb: { client, connection, logTable: tables.log, viewsTable },
    close: async () => {
      await store.close();
      client.destroy();
    },
  };
}

async function unlessThere(creating: Promise<void>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
  }
}
