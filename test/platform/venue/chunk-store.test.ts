import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { MemoryChunkStore } from '../../../platform/venue/chunk-store.ts';
import { DynamoDbChunkStore } from '../../../platform/venue/chunk-store-dynamodb.ts';
import { SqliteChunkStore } from '../../../platform/venue/chunk-store-sqlite.ts';
import { chunkStoreContract } from '../../contract/chunk-store.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';

chunkStoreContract('memory', { open: async () => new MemoryChunkStore() });

const folder = mkdtempSync(join(tmpdir(), 'ordercell-chunks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let opened = 0;
let sqlite: SqliteEventStore | undefined;
chunkStoreContract('SQLite', {
  open: async () => {
    opened += 1;
    sqlite = new SqliteEventStore(join(folder, String(opened)));
    return new SqliteChunkStore(sqlite);
  },
  close: async () => sqlite?.close(),
});

await onDynamoDb('DynamoDB Local', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  chunkStoreContract('DynamoDB', {
    open: async () => {
      const { items } = await newTables(client);
      return new DynamoDbChunkStore({ client, table: items, clock: systemClock, random: systemRandom });
    },
  });
});
