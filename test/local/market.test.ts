import { afterEach, expect, test } from 'vitest';
import { unhurried } from '../../platform/deadline/deadline.ts';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import type { CellOptions } from '../../local/cell.ts';
import { Desk } from '../functions/api/desk.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';

let cell: TestCell | undefined;

afterEach(async () => {
  await cell?.stop();
  cell = undefined;
});

/** A cell whose instruments trade in its own book, and ten shares of ALFA for the second account to sell. */
async function openMarket(options: Partial<CellOptions> = {}) {
  const open = await startTestCell({ venue: 'internal', ...options });
  cell = open;
  const desk = new Desk(open);
  const [buyer, seller] = [open.key('first'), open.key('second')];
  const shares = { direction: 'INCOMING', symbol: 'ALFA', qty: '100' };
  const moved = await open.ask(open.key('administrator'), `POST /v1/accounts/${seller.accountId}/transfers`, {
    body: shares,
    headers: { 'idempotency-key': 'shares' },
  });
  expect(moved.status).toBeLessThan(300);
  const settled = () => open.cell.market?.drained();
  const order = async (id: unknown, key = buyer) => {
    await settled();
    return (await open.ask(key, `GET /v2/orders/${String(id)}`)).body;
  };
  const account = async (key: typeof buyer) => (await open.ask(key, 'GET /v2/account')).body;
  return { open, desk, buyer, seller, order, account, settled };
}

test('two clients trade with each other, and every cent and share is where it belongs', async () => {
  const { open, buyer, seller, order, account, settled } = await openMarket();
  const before = { buyer: await account(buyer), seller: await account(seller) };
  const sale = await open.place({ side: 'sell', qty: '20', limit_price: '99.50' }, seller);
  await settled();
  const purchase = await open.place({ qty: '15', limit_price: '100' }, buyer);
  expect(await order(purchase.body['id'])).toMatchObject({
    status: 'filled',
    filled_qty: '15',
    filled_avg_price: '99.5',
  });
  expect(await order(sale.body['id'], seller)).toMatchObject({
    status: 'partially_filled',
    filled_qty: '15',
  });
  const [position] = (await open.ask(buyer, 'GET /v2/positions')).list;
  expect(position).toMatchObject({ symbol: 'ALFA', qty: '15', avg_entry_price: '99.5' });
  const paid = Number(before.buyer['cash']) - Number((await account(buyer))['cash']);
  const got = Number((await account(seller))['cash']) - Number(before.seller['cash']);
  const fees = await feesOf(open);
  expect(Math.round((paid - got) * 100)).toBe(fees);
  expect(await reconcile(open.cell.dependencies.store)).toMatchObject({ findings: [] });
});

/** Minor units of fees on all executions in the log. */
async function feesOf(open: TestCell): Promise<number> {
  const { sums } = await reconcile(open.cell.dependencies.store);
  const usd = sums.find(({ asset }) => asset === 'USD');
  return Math.round(Number(usd?.amounts.fees ?? 0) * 100);
}

test('the last trade becomes the reference price', async () => {
  const { open, buyer, seller, settled } = await openMarket();
  await open.place({ side: 'sell', qty: '1', limit_price: '99.50' }, seller);
  await settled();
  await open.place({ qty: '1', limit_price: '100' }, buyer);
  await settled();
  await open.cell.market?.stop();
  const { body } = await open.ask(open.key('administrator'), 'GET /v1/instruments/ALFA/reference-price');
  expect(body).toMatchObject({ price: '99.5', source: 'venue' });
});

test('a connector may not report on an order that is in our own book', async () => {
  const { open, desk, order } = await openMarket();
  const placed = await open.place();
  const answer = await desk.report(String(placed.body['id']), { report: 'accept', venue_order_id: 'V1' });
  expect(answer).toMatchObject({ status: 403, body: { reason: 'order_of_another_venue' } });
  expect(await order(placed.body['id'])).toMatchObject({ status: 'new' });
});

test("a bust of one order does not undo another order's trade", async () => {
  const { open, desk, buyer, seller, order, settled } = await openMarket();
  await open.place({ side: 'sell', qty: '10', limit_price: '99.50' }, seller);
  await settled();
  const purchase = await open.place({ qty: '10', limit_price: '100' }, buyer);
  await settled();
  const commits = await open.cell.dependencies.store.read(
    `order-${String(purchase.body['id'])}`,
    1,
    unhurried,
  );
  const execution = commits.flatMap(({ events }) => events).find(({ type }) => type === 'OrderExecuted');
  const resting = await open.place({ qty: '1', limit_price: '99' }, buyer);
  await settled();
  const asked = await desk.ask(
    `POST /v1/orders/${String(resting.body['id'])}/reports`,
    { report: 'bust', execution_id: execution?.data['executionId'] },
    'bust-other',
  );
  expect(asked).toMatchObject({ status: 422, body: { reason: 'execution_unknown' } });
  await settled();
  expect(await order(purchase.body['id'])).toMatchObject({ status: 'filled', filled_qty: '10' });
});

test('an operator and a second person bust a trade, and both sides have what they had', async () => {
  const { open, desk, buyer, seller, order, account, settled } = await openMarket();
  const before = { buyer: await account(buyer), seller: await account(seller) };
  const sale = await open.place({ side: 'sell', qty: '10', limit_price: '99.50' }, seller);
  await settled();
  const purchase = await open.place({ qty: '10', limit_price: '100' }, buyer);
  await settled();
  const id = String(purchase.body['id']);
  const commits = await open.cell.dependencies.store.read(`order-${id}`, 1, unhurried);
  const execution = commits.flatMap(({ events }) => events).find(({ type }) => type === 'OrderExecuted');
  const asked = await desk.ask(
    `POST /v1/orders/${id}/reports`,
    {
      report: 'bust',
      execution_id: execution?.data['executionId'],
    },
    'bust-1',
  );
  const done = await desk.second(`POST /v1/approvals/${desk.approvalId(asked.body)}/approve`);
  expect(done).toMatchObject({ status: 200, body: { outcome: 'applied', events: ['ExecutionBusted'] } });
  await settled();
  expect(await order(id)).toMatchObject({ status: 'canceled', filled_qty: '0' });
  expect(await order(sale.body['id'], seller)).toMatchObject({ status: 'canceled', filled_qty: '0' });
  expect((await account(buyer))['cash']).toBe(before.buyer['cash']);
  expect((await account(seller))['cash']).toBe(before.seller['cash']);
  expect(await reconcile(open.cell.dependencies.store)).toMatchObject({ findings: [] });
});
