import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VenueChoice } from '../../local/cell.ts';
import type { DemoKey } from '../../local/demo.ts';
import { readSeed } from '../../local/seed.ts';
import { unhurried } from '../../platform/deadline/deadline.ts';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import { SessionPass } from '../../platform/sessions/session-pass.ts';
import { type Answer, configWith, startTestCell, type TestCell } from '../support/cell.ts';
import { eventually } from '../support/eventually.ts';

type Entry = Readonly<Record<string, unknown>>;

let folder: string;
let cell: TestCell;
let [buyer, seller, operator, colleague]: DemoKey[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-config-changes-'));
  await start();
  [buyer, seller, operator] = [cell.key('first'), cell.key('second'), cell.key('administrator')];
  colleague = await cell.issue({ role: 'operator', person_id: 'colleague' });
});
afterEach(async () => {
  await cell.stop();
  rmSync(folder, { recursive: true });
});

async function start(venue: VenueChoice = 'internal'): Promise<void> {
  cell = await startTestCell({ store: { kind: 'sqlite', folder }, venue, config: configWith({}) });
}

async function restart(venue?: VenueChoice): Promise<void> {
  await settled();
  await cell.stop();
  await start(venue);
}

async function settled(): Promise<void> {
  await cell.cell.market?.drained();
}

/** Asked by one person and, where it takes two, approved by another. */
async function byTwo(route: string, body: Entry): Promise<Answer> {
  const headers = { 'idempotency-key': cell.cell.dependencies.random.id() };
  const asked = await cell.ask(operator, route, { body, headers });
  if (asked.status !== 202) return asked;
  const { id } = asked.body['approval'] as { readonly id: string };
  return cell.ask(colleague, `POST /v1/approvals/${id}/approve`);
}

async function configure(changes: Entry): Promise<void> {
  expect(await byTwo('PATCH /v1/config', { changes, reason: 'a test' })).toMatchObject({ status: 200 });
}

/** ALFA with other terms, or taken out of the config. */
async function changeAlfa(terms: Entry | 'removed'): Promise<void> {
  const { instruments } = readSeed().config as { readonly instruments: readonly Entry[] };
  const changed = instruments.flatMap((one) => {
    if (one['symbol'] !== 'ALFA') return [one];
    return terms === 'removed' ? [] : [{ ...one, ...terms }];
  });
  await configure({ instruments: changed });
}

/** By hand, in the file. Gives what is wrong with it. */
async function edited(terms: Entry): Promise<readonly unknown[]> {
  const file = join(folder, 'config.json');
  const document = JSON.parse(readFileSync(file, 'utf8'));
  Object.assign(
    document.instruments.find(({ symbol }: Entry) => symbol === 'ALFA'),
    terms,
  );
  writeFileSync(file, JSON.stringify(document));
  const { config } = cell.cell.dependencies;
  return eventually(() => {
    const { error } = config.status();
    if (!error) throw new Error('nobody has looked at it yet');
    return error.issues;
  });
}

async function place(terms: Entry, key = buyer): Promise<string> {
  const placed = await cell.place(terms, key);
  expect(placed).toMatchObject({ status: 200 });
  await settled();
  return String(placed.body['id']);
}

async function order(id: string, key = buyer): Promise<Entry> {
  await settled();
  return (await cell.ask(key, `GET /v2/orders/${id}`)).body;
}

async function giveShares(): Promise<void> {
  const shares = { direction: 'INCOMING', symbol: 'ALFA', qty: '100' };
  expect(await byTwo(`POST /v1/accounts/${seller?.accountId}/transfers`, shares)).toMatchObject({
    status: 200,
  });
}

/** Ten shares of ALFA at 99.50. */
async function trade(): Promise<{ readonly sale: string; readonly purchase: string }> {
  await giveShares();
  const sale = await place({ side: 'sell', limit_price: '99.50' }, seller);
  return { sale, purchase: await place({}) };
}

async function executionOf(id: string): Promise<unknown> {
  const commits = await cell.cell.dependencies.store.read(`order-${id}`, 1, unhurried);
  const execution = commits.flatMap(({ events }) => events).find(({ type }) => type === 'OrderExecuted');
  return execution?.data['executionId'];
}

async function bust(id: string): Promise<Answer> {
  const said = { report: 'bust', execution_id: await executionOf(id) };
  return byTwo(`POST /v1/orders/${id}/reports`, said);
}

/** In shares and dollars: what no account has of what the others gave. */
async function outstanding(): Promise<readonly unknown[]> {
  const { findings, sums } = await reconcile(cell.cell.dependencies.store);
  expect(findings).toEqual([]);
  return sums.filter(({ amounts }) => Number(amounts.clearing) !== 0);
}

test('an order in the book of an instrument that was taken out is canceled, also after a restart', async () => {
  const id = await place({ limit_price: '99', time_in_force: 'gtc' });
  await changeAlfa('removed');
  await restart();
  expect(await cell.ask(buyer, `DELETE /v2/orders/${id}`)).toMatchObject({ status: 204 });
  expect(await order(id)).toMatchObject({ status: 'canceled' });
  expect((await cell.ask(buyer, 'GET /v2/account')).body).toMatchObject({ buying_power: '1000000.00' });
});

test('orders of an instrument that was taken out end in their time', async () => {
  const dated = await place({ limit_price: '99', time_in_force: 'gtd', expires_at: '2026-11-23T18:00:00Z' });
  const day = await place({ limit_price: '98' });
  const good = await place({ limit_price: '97', time_in_force: 'gtc' });
  await changeAlfa('removed');
  await cell.cell.views.drained();
  await restart();
  cell.clock.set('2026-11-24T15:00:00Z');
  await new SessionPass(cell.cell.dependencies).run(cell.deadline());
  expect(await order(dated)).toMatchObject({ status: 'expired' });
  expect(await order(day)).toMatchObject({ status: 'expired' });
  expect(await order(good)).toMatchObject({ status: 'new' });
});

test('a cancel that was asked while the instrument traded elsewhere is answered once it trades here', async () => {
  await changeAlfa({ venue: 'XNYS' });
  const id = await place({ limit_price: '99', time_in_force: 'gtc' });
  expect(await cell.ask(buyer, `DELETE /v2/orders/${id}`)).toMatchObject({ status: 204 });
  expect(await order(id)).toMatchObject({ status: 'pending_cancel' });
  await changeAlfa({ venue: 'internal' });
  await cell.cell.views.drained();
  await restart();
  await eventually(async () => expect(await order(id)).toMatchObject({ status: 'canceled' }));
});

test('an order that was placed while the instrument traded elsewhere enters once it trades here', async () => {
  await changeAlfa({ venue: 'XNYS' });
  const id = await place({ limit_price: '99', time_in_force: 'gtc' });
  const canceled = await place({ limit_price: '99', time_in_force: 'gtc' });
  await changeAlfa({ venue: 'internal' });
  expect(await cell.ask(buyer, `DELETE /v2/orders/${canceled}`)).toMatchObject({ status: 204 });
  await cell.cell.views.drained();
  expect(await order(id)).toMatchObject({ status: 'pending_new' });
  await new SessionPass(cell.cell.dependencies).run(cell.deadline());
  await settled();
  expect(await order(id)).toMatchObject({ status: 'new' });
  expect(await order(canceled)).toMatchObject({ status: 'canceled' });
});

test('a trade in an instrument that was taken out is busted on both sides, also after a restart', async () => {
  const { sale, purchase } = await trade();
  await changeAlfa('removed');
  await restart();
  expect(await bust(purchase)).toMatchObject({ status: 200, body: { events: ['ExecutionBusted'] } });
  expect(await order(purchase)).toMatchObject({ filled_qty: '0' });
  expect(await order(sale, seller)).toMatchObject({ filled_qty: '0' });
  expect(await outstanding()).toEqual([]);
});

test("a connector that still has one order here does not undo another order's trade of our own book", async () => {
  const connector = await cell.issue({ role: 'venue', venue_id: 'XNYS', person_id: 'connector' });
  const says = (id: string, body: Entry) =>
    cell.ask(connector, `POST /v1/orders/${id}/reports`, {
      body,
      headers: { 'idempotency-key': cell.cell.dependencies.random.id() },
    });
  await changeAlfa({ venue: 'XNYS' });
  const elsewhere = await place({ limit_price: '98', time_in_force: 'gtc' });
  await says(elsewhere, { report: 'accept', venue_order_id: 'V1' });
  await changeAlfa({ venue: 'internal' });
  const { purchase } = await trade();
  const answer = await says(elsewhere, { report: 'bust', execution_id: await executionOf(purchase) });
  expect(answer).toMatchObject({ status: 422, body: { reason: 'execution_unknown' } });
  expect(await order(purchase)).toMatchObject({ filled_qty: '10' });
});

test('a trade of our own book is not undone on one side alone where the book is off', async () => {
  const { sale, purchase } = await trade();
  await restart('off');
  expect(await bust(purchase)).toMatchObject({ status: 403, body: { reason: 'order_of_another_venue' } });
  expect(await order(purchase)).toMatchObject({ filled_qty: '10' });
  expect(await order(sale, seller)).toMatchObject({ filled_qty: '10' });
  expect(await outstanding()).toEqual([]);
});

test('a trade is shown at its price under other ticks, also after a restart', async () => {
  await trade();
  await changeAlfa({ tickSize: '0.1' });
  await restart();
  await eventually(async () => {
    const { body } = await cell.ask(buyer, 'GET /v2/stocks/ALFA/trades/latest');
    expect(body['trade']).toMatchObject({ p: 99.5, s: 10 });
  });
});

test('what is held is worth as much on a coarser grid of prices as before', async () => {
  await giveShares();
  const worth = async () => (await cell.ask(seller, 'GET /v2/account')).body['equity'];
  const said = { price: '100.05' };
  await byTwo('PUT /v1/instruments/ALFA/reference-price', said);
  expect(await worth()).toBe('260005.00');
  await changeAlfa({ tickSize: '0.1' });
  expect(await worth()).toBe('260000.00');
});

test('an order keeps its own ticks when it is replaced under other ones, and so the collar', async () => {
  await giveShares();
  const id = await place({ side: 'sell', limit_price: '101', time_in_force: 'gtc' }, seller);
  await changeAlfa({ tickSize: '0.1' });
  const replace = (price: string) =>
    cell.ask(seller, `PATCH /v2/orders/${id}`, { body: { limit_price: price } });
  expect(await replace('10.10')).toMatchObject({ status: 422, body: { reason: 'price_outside_collar' } });
  const { body } = await replace('100.55');
  expect(await order(String(body['id']), seller)).toMatchObject({ status: 'new', limit_price: '100.55' });
});

test('shares are counted in the lots their symbol was listed with, whatever it is listed with later', async () => {
  await giveShares();
  const quantity = async () => (await cell.ask(seller, 'GET /v2/positions/ALFA')).body['qty'];
  const { instruments } = readSeed().config as { readonly instruments: readonly Entry[] };
  const inTens = instruments.map((one) => (one['symbol'] === 'ALFA' ? { ...one, lotSize: '10' } : one));
  const refused = {
    status: 422,
    body: {
      reason: 'config_invalid',
      issues: [{ path: 'instruments.0.lotSize', message: expect.stringMatching(/^1: .*another symbol$/) }],
    },
  };
  const relist = () => byTwo('PATCH /v1/config', { changes: { instruments: inTens }, reason: 'a test' });
  expect(await relist()).toMatchObject(refused);
  await changeAlfa('removed');
  expect(await relist()).toMatchObject(refused);
  await changeAlfa({ lotSize: '1.0' });
  expect(await edited({ lotSize: '10' })).toMatchObject([{ path: 'instruments.0.lotSize' }]);
  await restart();
  expect(cell.cell.dependencies.config.status().error?.issues).toMatchObject([
    { path: 'instruments.0.lotSize' },
  ]);
  expect(await quantity()).toBe('100');
});

test.each([
  ['the firm', { firm: true }],
  ['the instrument', { instruments: ['ALFA'] }],
])('nothing trades in our own book while the config has %s switched off', async (_whom, switches) => {
  await giveShares();
  const pair = await place(
    {
      side: 'sell',
      order_class: 'oco',
      take_profit: { limit_price: '104' },
      stop_loss: { stop_price: '97' },
      limit_price: undefined,
    },
    seller,
  );
  const bid = await place({ limit_price: '96.90' });
  await configure({ switches });
  await byTwo('PUT /v1/instruments/ALFA/reference-price', { price: '96.50' });
  await eventually(async () => {
    const { list } = await cell.ask(seller, `GET /v2/orders/${pair}/events`);
    expect(JSON.stringify(list)).toContain('StopElected');
  });
  expect(await order(bid)).toMatchObject({ status: 'new', filled_qty: '0' });
});
