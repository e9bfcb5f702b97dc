import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Clock } from '../platform/clock/clock.ts';
import { syncFolder } from '../platform/disk/durable-file.ts';
import { databaseFiles } from '../platform/event-store/data-folder.ts';
import type { DynamoDbEventStore } from '../platform/event-store/dynamodb.ts';
import { MemoryEventStore } from '../platform/event-store/memory.ts';
import { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import type { StoreTables } from '../platform/event-store/tables.ts';
import type { Random } from '../platform/random/random.ts';

/** Where an embedded cell keeps its log. */
export type StoreChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly folder: string }
  | { readonly kind: 'dynamodb'; readonly endpoint: string; readonly tables?: StoreTables };

interface Closing {
  /** Throws `StoreFull` while a disk of our own has no room. */
  checkRoom(): Promise<void>;
  close(): Promise<void>;
}

const alwaysRoom = () => Promise.resolve();

export interface OnDynamoDb extends Closing {
  readonly kind: 'dynamodb';
  readonly store: DynamoDbEventStore;
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly logTable: string;
  readonly itemsTable: string;
  readonly viewsTable: string;
}

/** The open store, with what its views need to know of where it is. */
export type OpenStore =
  | (Closing & { readonly kind: 'memory'; readonly store: MemoryEventStore })
  | (Closing & { readonly kind: 'sqlite'; readonly store: SqliteEventStore })
  | OnDynamoDb;

export async function openStore(choice: StoreChoice, clock: Clock, random: Random): Promise<OpenStore> {
  if (choice.kind === 'dynamodb') return openDynamoDb(choice, clock, random);
  if (choice.kind === 'sqlite') {
    const sqlite = new SqliteEventStore(ownersOnly(choice.folder));
    const files = databaseFiles.map((file) => join(choice.folder, file)).filter((file) => existsSync(file));
    for (const file of files) chmodSync(file, 0o600);
    return {
      kind: 'sqlite',
      store: sqlite,
      checkRoom: () => sqlite.checkRoom(),
      close: () => sqlite.close(),
    };
  }
  const store = new MemoryEventStore();
  return { kind: 'memory', store, checkRoom: alwaysRoom, close: () => store.close() };
}

/** There can be no data folder of that name. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable';
}

const unusable: Readonly<Record<string, string>> = {
  EEXIST: 'is a file, not a folder',
  ENOTDIR: 'lies in a file, not in a folder',
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'lies on a disk that nobody may write',
};

/** Undefined: it is there already. Throws `DataFolderUnusable`. */
function madeFolder(folder: string): string | undefined {
  try {
    const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return made;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why = unusable[code];
    if (why === undefined) throw cause;
    throw new DataFolderUnusable(`the data folder ${folder} ${why}; choose another with --data`, { cause });
  }
}

/** Makes a folder that nobody else may look into; one that is there already is as its owner wants it. */
function ownersOnly(folder: string): string {
  const made = madeFolder(folder);
  if (made === undefined) return folder;
  // A folder whose name is lost with the power takes everything in it along.
  for (let path = resolve(folder); path.length >= made.length; path = dirname(path))
    syncFolder(dirname(path));
  return folder;
}

const localTables: StoreTables = { log: 'ordercell-log', items: 'ordercell-items' };

/** DynamoDB Local takes any credentials; real ones never go to an endpoint that was typed in. */
const localAccess = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/** The AWS SDK takes as long to load as everything else together: only who asks for it waits for it. */
async function openDynamoDb(
  { endpoint, tables = localTables }: Extract<StoreChoice, { kind: 'dynamodb' }>,
  clock: Clock,
  random: Random,
): Promise<OnDynamoDb> {
  const { createStreamsClient } = await import('../platform/change-feed/dynamodb-streams-api.ts');
  const { createDynamoDbClient } = await import('../platform/event-store/dynamodb-client.ts');
  const { createTables } = await import('../platform/event-store/dynamodb-create-tables.ts');
  const { DynamoDbEventStore: Store } = await import('../platform/event-store/dynamodb.ts');
  const { createViewsTable } = await import('../platform/views/dynamodb-create-table.ts');
  const client = createDynamoDbClient({ endpoint, ...localAccess });
  const streams = createStreamsClient({ endpoint, ...localAccess });
  const viewsTable = `${tables.log}-views`;
  await createTables(client, tables);
  await createViewsTable(client, viewsTable);
  const store = new Store({ client, tables, clock, random });
  const close = async () => {
    await store.close();
    client.destroy();
    streams.destroy();
  };
  return {
    kind: 'dynamodb',
    store,
    client,
    streams,
    logTable: tables.log,
    itemsTable: tables.items,
    viewsTable,
    checkRoom: alwaysRoom,
    close,
  };
}
