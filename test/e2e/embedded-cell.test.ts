import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Cell, startCell } from '../../local/cell.ts';
import type { StoreChoice } from '../../local/stores.ts';
import { newKeyId, newSecret } from '../../platform/keys/secret.ts';
import { configWith } from '../support/cell.ts';
import { localClient, newTables, onDynamoDb } from '../support/on-dynamodb.ts';
import { cellSuite } from './cell-suite.ts';
import { operate, type Target } from './target.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-'));
const running: Cell[] = [];
afterAll(async () => {
  for (const cell of running) await cell.stop();
  rmSync(folder, { recursive: true, force: true });
});

const webhooks = { allowHttp: true, allowedNetworks: ['127.0.0.0/8'], ports: 'any' };

async function started(store: StoreChoice): Promise<Target> {
  const cell = await startCell({ store, port: 0, config: configWith({ webhooks }) });
  running.push(cell);
  const administrator = cell.newKeys?.find(({ role }) => role === 'administrator');
  if (!administrator) throw new TypeError('the store is not new');
  const at = { address: cell.address, administrator };
  return {
    ...at,
    cell: 'local',
    stream: `${cell.address}/stream`,
    elsewhere: {
      cell: 'us-1',
      address: 'https://us-1.example.com',
      key: { keyId: newKeyId('us-1'), secret: newSecret() },
      answers: false,
    },
    patienceMs: 20_000,
    changeConfig: async (changes) => {
      await operate(at, 'PATCH /v1/config', { body: { changes, reason: 'an exercise' } });
    },
  };
}

cellSuite('the embedded cell on SQLite', () => started({ kind: 'sqlite', folder }));
await onDynamoDb('on DynamoDB Local', (endpoint) => {
  cellSuite('the embedded cell on DynamoDB', async () => {
    const tables = await newTables(localClient(endpoint));
    return started({ kind: 'dynamodb', endpoint, tables });
  });
});
