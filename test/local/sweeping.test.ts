import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { StoreChoice } from '../../local/stores.ts';
import { startTestCell } from '../support/cell.ts';
import { localClient, newTables, onDynamoDb } from '../support/on-dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-sweeping-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A cell in which an order was placed, and what its sweep finds a minute later: then, and once more. */
async function swept(store: StoreChoice) {
  const cell = await startTestCell({ store });
  try {
    await cell.place();
    await cell.cell.views.drained();
    cell.clock.set('2026-11-23T15:01:00Z');
    const names = cell.cell.dependencies.consumers.consumers.map(({ name }) => name);
    return { names, first: await cell.cell.sweeper.run(), second: await cell.cell.sweeper.run() };
  } finally {
    await cell.stop();
  }
}

async function looksAfterAll(store: StoreChoice) {
  const { names, first, second } = await swept(store);
  expect(first.map(({ consumer }) => consumer)).toEqual(names);
  for (const report of [...first, ...second]) expect(report).toMatchObject({ parked: 0, isComplete: true });
  expect(first.find(({ consumer }) => consumer.startsWith('views'))?.streams).toBeGreaterThan(0);
  return { first, second };
}

test('the sweep looks after every consumer of a cell in memory, and at nothing twice', async () => {
  const { second } = await looksAfterAll({ kind: 'memory' });
  expect(second.map(({ streams }) => streams)).toEqual(second.map(() => 0));
});

test('the same on one machine', async () => {
  const { second } = await looksAfterAll({ kind: 'sqlite', folder });
  expect(second.map(({ streams }) => streams)).toEqual(second.map(() => 0));
});

await onDynamoDb('a cell on DynamoDB', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  test('is swept too', async () => {
    await looksAfterAll({ kind: 'dynamodb', endpoint, tables: await newTables(client) });
  });
});
