import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DynamoDbEventStore } from '../../platform/event-store/dynamodb.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { systemRandom } from '../../platform/random/random.ts';
import type { StoreChoice } from '../../local/stores.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';
import { Desk } from '../support/desk.ts';
import { dyingAt } from '../support/dying-store.ts';
import { execution } from '../support/order.ts';
import { localClient, newTables, onDynamoDb } from '../support/on-dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-reports-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An order that is placed, and reported on by a process that is killed between recording the report and applying it. */
async function killedBetween(choice: StoreChoice, open: () => EventStore) {
  const first = await startTestCell({ store: choice });
  const client = first.key('first');
  const administrator = first.key('administrator');
  const id = String((await first.place()).body['id']);
  await first.stop();
  const store = open();
  await expect(new Desk(dyingAt('order', store)).report(id, execution('e-1', 4))).rejects.toThrow('killed');
  await store.close();
  return {
    id,
    shown: async (cell: TestCell) => {
      const order = await cell.ask(client, `GET /v2/orders/${id}`);
      const history = await cell.ask(client, `GET /v2/orders/${id}/events`);
      const reconciled = await cell.ask(administrator, 'GET /v1/reconcile');
      return [order.body['filled_qty'], history.list.length, reconciled.body['differences']];
    },
  };
}

async function finishesOnce(choice: StoreChoice, open: () => EventStore): Promise<void> {
  const { shown } = await killedBetween(choice, open);
  for (const _start of ['first', 'second']) {
    const cell = await startTestCell({ store: choice });
    await cell.cell.reports.drained();
    expect(await shown(cell)).toEqual(['4', 2, 0]);
    await cell.stop();
  }
}

describe('a report that was recorded and not applied when the process was killed', () => {
  test('is in the order after the next start, once, on SQLite', async () => {
    const data = join(folder, 'cell');
    await finishesOnce({ kind: 'sqlite', folder: data }, () => new SqliteEventStore(data));
  });

  test('is applied by a cell in memory that comes upon it', async () => {
    const cell = await startTestCell();
    const { store } = cell.cell.dependencies;
    const id = String((await cell.place()).body['id']);
    await expect(new Desk(dyingAt('order', store)).report(id, execution('e-1', 4))).rejects.toThrow('killed');
    await cell.cell.reports.drained();
    const order = await cell.ask(cell.key('first'), `GET /v2/orders/${id}`);
    expect(order.body['filled_qty']).toBe('4');
    await cell.stop();
  });
});

await onDynamoDb('a report that was recorded and not applied, on DynamoDB', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());

  test('is in the order after the next start, once', async () => {
    const tables = await newTables(client);
    const around = { client, tables, clock: systemClock, random: systemRandom };
    await finishesOnce({ kind: 'dynamodb', endpoint, tables }, () => new DynamoDbEventStore(around));
  });
});
