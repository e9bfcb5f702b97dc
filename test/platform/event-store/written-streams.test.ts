import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import { writtenInDynamoDb } from '../../../functions/compose-dynamodb-sweep.ts';
import { createStreamsClient } from '../../../platform/change-feed/dynamodb-streams-api.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { DynamoDbWrittenStreams } from '../../../platform/event-store/dynamodb-written.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { lastOfEach, writtenPageMax } from '../../../platform/event-store/written-streams.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { createViewsTable } from '../../../platform/views/dynamodb-create-table.ts';
import { writtenStreamsContract } from '../../contract/written-streams.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-written-'));
afterAll(() => rmSync(folder, { recursive: true }));

writtenStreamsContract('memory', async () => {
  const store = new MemoryEventStore();
  return { store, written: store, close: () => store.close() };
});

let opened = 0;
writtenStreamsContract('SQLite', async () => {
  opened += 1;
  const store = new SqliteEventStore(join(folder, String(opened)));
  return { store, written: store, close: () => store.close() };
});

await onDynamoDb('DynamoDB', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const streams = createStreamsClient({ endpoint, region: 'local', credentials });
  afterAll(() => streams.destroy());
  const around = { client, streams, clock: systemClock, random: systemRandom };

  writtenStreamsContract('the feed, then a part of all', async () => {
    const tables = await newTables(client);
    const { source } = writtenInDynamoDb({ ...around, logTable: tables.log, viewsTable: 'none' });
    return {
      store: new DynamoDbEventStore({ ...around, tables }),
      written: source,
      close: async () => undefined,
    };
  });

  test('places are kept, each under its name', async () => {
    const { log } = await newTables(client);
    await createViewsTable(client, `${log}-views`);
    const { places } = writtenInDynamoDb({ ...around, logTable: log, viewsTable: `${log}-views` });
    expect(await places.cursor('sweep-views')).toBeUndefined();
    await places.saveCursor('sweep-views', '{"a":"1"}');
    await places.saveCursor('sweep-risk', '{"a":"2"}');
    expect(await places.cursor('sweep-views')).toBe('{"a":"1"}');
  });

  writtenStreamsContract('a scan in rounds', async () => {
    const tables = await newTables(client);
    return {
      store: new DynamoDbEventStore({ ...around, tables }),
      written: new DynamoDbWrittenStreams({ ...around, table: tables.log }),
      close: async () => undefined,
    };
  });
});

test('a page of nothing but young commits is the last, however many there are', () => {
  const rows = Array.from({ length: writtenPageMax }, (_, index) => ({
    sequence: 8 + index,
    stream: `order-${index}`,
    version: 1,
    at: 1_001,
  }));
  expect(lastOfEach(rows, 7, timestamp(1_000))).toEqual({ heads: [], place: '7', isLast: true });
});
