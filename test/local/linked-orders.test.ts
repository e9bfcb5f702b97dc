import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { systemContext } from '../../local/system-context.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';
import { Desk } from '../support/desk.ts';
import { accept, execution } from '../support/order.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-linked-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bracket = {
  order_class: 'bracket',
  time_in_force: 'gtc',
  take_profit: { limit_price: '110' },
  stop_loss: { stop_price: '96' },
};

type Json = Record<string, unknown>;
const legsOf = (body: Json) => body['legs'] as readonly Json[];

async function settled(cell: TestCell): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await cell.cell.market?.drained();
    await cell.cell.linkedOrders.drained();
  }
}

async function read(cell: TestCell, id: unknown): Promise<Json> {
  return (await cell.ask(cell.key('first'), `GET /v2/orders/${String(id)}`)).body;
}

async function agrees(cell: TestCell): Promise<void> {
  const { body } = await cell.ask(cell.key('administrator'), 'GET /v1/reconcile');
  expect(body['differences']).toBe(0);
}

/** Another account sells, or buys, what the first one wants. */
function meets(cell: TestCell, side: 'buy' | 'sell', qty: string, limit: string) {
  return cell.place({ side, qty, limit_price: limit }, cell.key('second'));
}

async function marketAt(cell: TestCell, price: string): Promise<void> {
  const { prices, clock } = cell.cell.dependencies;
  await prices.set('ALFA', price, 'venue', systemContext('test', clock));
  await settled(cell);
}

test('a bracket trades through in our own book: entry, part of the profit, and the stop for the rest', async () => {
  const cell = await startTestCell({ venue: 'internal' });
  const other = cell.key('second').accountId;
  await cell.ask(cell.key('administrator'), `POST /v1/accounts/${other}/transfers`, {
    body: { direction: 'INCOMING', symbol: 'ALFA', qty: '10' },
    headers: { 'idempotency-key': 'shares' },
  });
  const { body } = await cell.place(bracket);
  const [profit, stop] = legsOf(body);
  await meets(cell, 'sell', '10', '100');
  await settled(cell);
  expect(await read(cell, body['id'])).toMatchObject({ status: 'filled' });
  expect(await read(cell, profit?.['id'])).toMatchObject({ status: 'new', qty: '10' });
  await marketAt(cell, '105');
  await meets(cell, 'buy', '4', '110');
  await settled(cell);
  expect(await read(cell, stop?.['id'])).toMatchObject({ status: 'held', qty: '6' });
  await marketAt(cell, '96');
  expect(await read(cell, profit?.['id'])).toMatchObject({ status: 'canceled', filled_qty: '4' });
  expect(await read(cell, stop?.['id'])).toMatchObject({ status: 'new', qty: '6' });
  await meets(cell, 'buy', '6', '95.5');
  await settled(cell);
  expect(await read(cell, stop?.['id'])).toMatchObject({ status: 'filled', filled_qty: '6' });
  await agrees(cell);
  await cell.stop();
});

test('an exit whose entry was filled while its consumer was dead comes to life with the next start, once', async () => {
  const data = join(folder, 'killed');
  const first = await startTestCell({ store: { kind: 'sqlite', folder: data } });
  const { body } = await first.place(bracket);
  const client = first.key('first');
  await first.stop();
  const store = new SqliteEventStore(data);
  const desk = new Desk(store);
  for (const report of [accept, execution('e-1', 10)]) await desk.report(String(body['id']), report);
  await store.close();
  const history: number[] = [];
  for (const _start of ['first', 'second']) {
    const cell = await startTestCell({ store: { kind: 'sqlite', folder: data }, newKeys: true });
    await settled(cell);
    const leg = await cell.ask(client, `GET /v2/orders/${String(legsOf(body)[0]?.['id'])}`);
    expect(leg.body).toMatchObject({ status: 'pending_new', qty: '10' });
    const events = await cell.ask(client, `GET /v2/orders/${String(legsOf(body)[0]?.['id'])}/events`);
    history.push(events.list.length);
    await agrees(cell);
    await cell.stop();
  }
  expect(history).toEqual([2, 2]);
});
