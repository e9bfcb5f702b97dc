import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { startTestCell } from '../support/cell.ts';
import { localClient, newTables, onDynamoDb } from '../support/on-dynamodb.ts';
import { officialAccountSuite } from './official-client-account.ts';
import { officialLinkedSuite } from './official-client-linked.ts';
import { officialClientSuite } from './official-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

officialClientSuite('a cell in memory', startTestCell);
officialAccountSuite('a cell in memory', startTestCell);
officialClientSuite('a cell over SQLite', () => startTestCell({ store: { kind: 'sqlite', folder } }));
officialAccountSuite('a cell over SQLite', () =>
  startTestCell({ store: { kind: 'sqlite', folder: join(folder, 'account') } }),
);
officialLinkedSuite('a cell in memory', startTestCell);
officialLinkedSuite('a cell over SQLite', () =>
  startTestCell({ store: { kind: 'sqlite', folder: join(folder, 'linked') } }),
);
await onDynamoDb('on DynamoDB Local', (endpoint) => {
  officialClientSuite('a cell over DynamoDB', async () => {
    const tables = await newTables(localClient(endpoint));
    return startTestCell({ store: { kind: 'dynamodb', endpoint, tables } });
  });
  officialAccountSuite('a cell over DynamoDB', async () => {
    const tables = await newTables(localClient(endpoint));
    return startTestCell({ store: { kind: 'dynamodb', endpoint, tables } });
  });
  officialLinkedSuite('a cell over DynamoDB', async () => {
    const tables = await newTables(localClient(endpoint));
    return startTestCell({ store: { kind: 'dynamodb', endpoint, tables } });
  });
});
