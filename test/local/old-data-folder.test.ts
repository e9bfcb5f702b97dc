import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataFolderFormat } from '../../platform/event-store/data-folder.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';

/** What a cell of the first release left behind, and what it answered before it was stopped. */
const recorded = join(import.meta.dirname, '../fixtures/data-folder-1');

interface Expected {
  readonly first: { readonly keyId: string; readonly secret: string };
  readonly administrator: { readonly keyId: string; readonly secret: string };
  readonly account: Record<string, unknown>;
  readonly orders: readonly { readonly client_order_id: string }[];
  readonly positions: readonly unknown[];
}

const expected = JSON.parse(readFileSync(join(recorded, 'expected.json'), 'utf8')) as Expected;
const key = (of: Expected['first']) => ({ name: '', role: '', ...of });

let folder: string;
let cell: TestCell;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-old-'));
  const database = new DatabaseSync(join(folder, 'ordercell.db'));
  database.exec(readFileSync(join(recorded, 'ordercell.sql'), 'utf8'));
  database.close();
  cell = await startTestCell({ store: { kind: 'sqlite', folder } });
});
afterEach(async () => {
  await cell.stop();
  rmSync(folder, { recursive: true });
});

test('a data folder of the first release is opened, answers as it did then, and takes orders', async () => {
  await cell.cell.views.drained();
  const first = key(expected.first);
  const { body: account } = await cell.ask(first, 'GET /v2/account');
  const { list: orders } = await cell.ask(first, 'GET /v2/orders?status=all');
  const { list: positions } = await cell.ask(first, 'GET /v2/positions');
  expect(account).toMatchObject(expected.account);
  expect(orders).toMatchObject(expected.orders);
  expect(positions).toMatchObject(expected.positions);
  const { body: reconciled } = await cell.ask(key(expected.administrator), 'GET /v1/reconcile');
  expect(reconciled).toMatchObject({ findings: [] });

  const again = await cell.place({ client_order_id: 'filled' }, first);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect((await cell.place({ client_order_id: 'new' }, first)).status).toBe(200);
});

test('it is of the present format then, so that the first release would refuse it', async () => {
  await cell.stop();
  const database = new DatabaseSync(join(folder, 'ordercell.db'));
  const format = database.prepare("SELECT value FROM meta WHERE name = 'format'").get();
  database.close();
  expect(format).toEqual({ value: String(dataFolderFormat) });
});
