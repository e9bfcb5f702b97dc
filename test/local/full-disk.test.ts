import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { type Answer, startTestCell, type TestCell } from '../support/cell.ts';
import { type SmallDisk, smallDisk } from '../support/small-disk.ts';

/** More than whatever is left in pages and files that are there already can hold. */
const attemptsMax = 3_000;

let disk: SmallDisk;
let cell: TestCell;
beforeEach(async () => {
  disk = smallDisk();
  cell = await startTestCell({ store: { kind: 'sqlite', folder: disk.folder } });
});
afterEach(async () => {
  await cell.stop();
  disk.remove();
});

function database(ofCell: TestCell) {
  const { store } = ofCell.cell.dependencies;
  if (!(store instanceof SqliteEventStore)) throw new TypeError('the cell is not on SQLite');
  return store.database;
}

/** Places orders until one is refused for want of room; gives those that were acknowledged, and the refusal. */
async function placeUntilFull(): Promise<{
  readonly acknowledged: readonly string[];
  readonly refused: Answer;
}> {
  const acknowledged: string[] = [];
  for (let n = 0; n < attemptsMax; n++) {
    const answer = await cell.place({ client_order_id: `order-${n}`, qty: '1', limit_price: '99' });
    if (answer.status === 503) return { acknowledged, refused: answer };
    expect(answer.status).toBeLessThan(500);
    if (answer.status === 200) acknowledged.push(`order-${n}`);
  }
  throw new Error('the disk never became full');
}

async function readiness(): Promise<readonly [number, unknown]> {
  const answer = await fetch(`${cell.address}/readyz`);
  return [answer.status, await answer.json()];
}

const byClientOrderId = (id: string) =>
  cell.ask(cell.key('first'), `GET /v2/orders:by_client_order_id?client_order_id=${id}`);

test('a full disk stops the cell taking orders, says so, loses nothing, and is over when there is room', async () => {
  expect((await cell.place({ client_order_id: 'before' })).status).toBe(200);
  disk.fill(database(cell));
  const { acknowledged, refused } = await placeUntilFull();
  expect(refused.body).toMatchObject({ reason: 'storage_full' });
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await readiness()).toEqual([503, { status: 'not ready', reason: 'storage_full' }]);
  const scraped = await (await fetch(`${cell.address}/metrics`)).text();
  expect(scraped).toContain('ordercell_store_full 1');
  expect(scraped).toMatch(/ordercell_group_commit_failures_total\{cause="full"\} [1-9]/);
  expect((await byClientOrderId('before')).status).toBe(200);
  expect((await byClientOrderId(`order-${acknowledged.length}`)).status).toBe(404);

  disk.free(database(cell));
  expect(await readiness()).toEqual([200, { status: 'ready' }]);
  const again = { client_order_id: `order-${acknowledged.length}`, qty: '1', limit_price: '99' };
  const first = await cell.place(again);
  expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([200, null]);
  expect((await cell.place(again)).body['id']).toBe(first.body['id']);

  await cell.stop();
  const keys = cell;
  const restarted = await startTestCell({ store: { kind: 'sqlite', folder: disk.folder } });
  const found = await Promise.all(
    ['before', ...acknowledged, again.client_order_id].map((id) =>
      restarted.ask(keys.key('first'), `GET /v2/orders:by_client_order_id?client_order_id=${id}`),
    ),
  );
  const reconciled = await restarted.ask(keys.key('administrator'), 'GET /v1/reconcile');
  await restarted.stop();
  expect(found.map(({ status }) => status)).toEqual(found.map(() => 200));
  expect(reconciled.status).toBe(200);
  expect(reconciled.body).toMatchObject({ findings: [] });
});
