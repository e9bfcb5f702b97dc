import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { createViewsTable } from '../../../platform/views/dynamodb-create-table.ts';
import { DynamoDbDeliveryStore } from '../../../platform/webhooks/dynamodb.ts';
import { newLine } from '../../../platform/webhooks/line.ts';
import { MemoryDeliveryStore } from '../../../platform/webhooks/memory.ts';
import { deliveryFile, SqliteDeliveryStore } from '../../../platform/webhooks/sqlite.ts';
import { deliveryStoreContract } from '../../contract/webhook-deliveries.ts';
import { anId } from '../../support/commits.ts';
import { localClient, onDynamoDb } from '../../support/on-dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

deliveryStoreContract('Memory', async () => new MemoryDeliveryStore());
deliveryStoreContract('SQLite', async () => SqliteDeliveryStore.open(folder));

await onDynamoDb('DynamoDB Local', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  deliveryStoreContract('DynamoDB', async () => {
    const table = `views-${process.pid}-${Date.now()}-${anId()}`;
    await createViewsTable(client, table);
    return new DynamoDbDeliveryStore({ client, table, clock: systemClock, random: systemRandom });
  });
});

test('what SQLite was told is there after it was closed, and a broken file is made anew', async () => {
  const own = mkdtempSync(join(folder, 'own-'));
  const first = SqliteDeliveryStore.open(own);
  await first.advance(newLine('w', 7), []);
  first.close();
  const second = SqliteDeliveryStore.open(own);
  expect(await second.line('w')).toMatchObject({ finished: 7, revision: 1 });
  second.close();
  writeFileSync(
    join(own, deliveryFile),
    'not a database at all, but long enough to be taken for one'.repeat(100),
  );
  const third = SqliteDeliveryStore.open(own);
  expect(await third.line('w')).toBeUndefined();
  third.close();
});
