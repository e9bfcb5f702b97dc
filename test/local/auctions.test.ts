import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { CellOptions } from '../../local/cell.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import { SessionPass } from '../../platform/sessions/session-pass.ts';
import { Desk } from '../functions/api/desk.ts';
import { configWith, startTestCell, type TestCell } from '../support/cell.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-auctions-'));
let cell: TestCell | undefined;
afterEach(async () => {
  await cell?.stop();
  cell = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** ALFA and BRVO trade in New York's hours, in our own book; the second account has shares of ALFA to sell. */
async function openMarket(calls: Readonly<Record<string, number>> = {}, options: Partial<CellOptions> = {}) {
  const minutes = Object.entries(calls).map(([name, value]) => [`sessions.us-regular.${name}`, value]);
  const config = configWith({
    'instruments.0.session': 'us-regular',
    'instruments.1.session': 'us-regular',
    ...Object.fromEntries(minutes),
  });
  const open = await startTestCell({ venue: 'internal', config, ...options });
  cell = open;
  const [buyer, seller] = [open.key('first'), open.key('second')];
  await open.ask(open.key('administrator'), `POST /v1/accounts/${seller.accountId}/transfers`, {
    body: { direction: 'INCOMING', symbol: 'ALFA', qty: '100' },
    headers: { 'idempotency-key': 'shares' },
  });
  return deskOf(open, buyer, seller);
}

type Key = ReturnType<TestCell['key']>;

function deskOf(open: TestCell, buyer: Key, seller: Key) {
  const settled = () => open.cell.market?.drained();
  const pass = async (at?: string) => {
    if (at !== undefined) open.clock.set(at);
    await settled();
    const { dependencies } = open.cell;
    const report = await new SessionPass(dependencies).run(deadlineIn(10_000, dependencies.clock));
    expect(report).toMatchObject({ failed: [], stalled: [], isComplete: true });
    await settled();
    return report;
  };
  const order = async (id: unknown, key = buyer) => {
    await settled();
    return (await open.ask(key, `GET /v2/orders/${String(id)}`)).body;
  };
  const buy = async (terms: Readonly<Record<string, unknown>>) => (await open.place(terms, buyer)).body['id'];
  const sell = async (terms: Readonly<Record<string, unknown>>) =>
    (await open.place({ side: 'sell', ...terms }, seller)).body['id'];
  const phase = () => open.cell.dependencies.market?.venue.book('ALFA')?.phase;
  return { open, buyer, seller, order, buy, sell, pass, phase, settled };
}

const evening = '2026-11-23T22:00:00Z';
const atTheOpen = '2026-11-24T14:30:00Z';
const atTheClose = '2026-11-24T21:00:00Z';

test('orders of the evening meet at the open at one price, and what was for the opening alone ends with it', async () => {
  const { open, buyer, seller, order, buy, sell, pass, phase } = await openMarket();
  open.clock.set(evening);
  const opening = await buy({ time_in_force: 'opg', limit_price: '101', qty: '30' });
  const market = await buy({ time_in_force: 'opg', type: 'market', limit_price: undefined, qty: '5' });
  const day = await buy({ limit_price: '98', qty: '7' });
  const sale = await sell({ limit_price: '99', qty: '20' });
  expect(await order(opening)).toMatchObject({ status: 'accepted' });
  expect(await pass(atTheOpen)).toMatchObject({ released: 4 });
  expect(phase()).toBe('continuous');
  expect(await order(sale, seller)).toMatchObject({ status: 'filled', filled_qty: '20' });
  expect(await order(market)).toMatchObject({ status: 'filled', filled_qty: '5' });
  const rest = await order(opening);
  expect(rest).toMatchObject({ status: 'expired', filled_qty: '15' });
  expect((await order(market))['filled_avg_price']).toBe(rest['filled_avg_price']);
  expect(await order(day)).toMatchObject({ status: 'new', filled_qty: '0' });
  await pass();
  await sell({ limit_price: '98', qty: '3' });
  expect(await order(day)).toMatchObject({ status: 'partially_filled', filled_qty: '3' });
  await pass(atTheClose);
  expect(await order(day)).toMatchObject({ status: 'expired', filled_qty: '3' });
  expect(phase()).toBe('closed');
  expect(await reconcile(open.cell.dependencies.store)).toMatchObject({ findings: [] });
  expect((await open.ask(buyer, 'GET /v2/account')).body['open_orders']).toBe(0);
});

test('during the opening call orders gather and nothing trades; the open trades them', async () => {
  const { open, order, buy, sell, pass, phase, seller } = await openMarket({ openingCallMinutes: 10 });
  open.clock.set(evening);
  const queued = await buy({ time_in_force: 'opg', limit_price: '100' });
  expect(await pass('2026-11-24T14:19:59Z')).toMatchObject({ released: 0 });
  expect(await pass('2026-11-24T14:20:00Z')).toMatchObject({ released: 1 });
  expect(phase()).toBe('opening_call');
  const immediate = await open.place({ time_in_force: 'ioc' });
  expect(immediate.body).toMatchObject({ reason: 'session_closed' });
  const late = await buy({ time_in_force: 'opg', limit_price: '100' });
  expect(await order(late)).toMatchObject({ status: 'new' });
  const sale = await sell({ limit_price: '99', qty: '15' });
  expect(await order(sale, seller)).toMatchObject({ status: 'new', filled_qty: '0' });
  await pass(atTheOpen);
  expect(await order(sale, seller)).toMatchObject({ status: 'filled', filled_qty: '15' });
  expect(await order(queued)).toMatchObject({ status: 'filled' });
  expect(await order(late)).toMatchObject({ status: 'expired', filled_qty: '5' });
});

test('orders for the close trade in it, with and without a call, and never before', async () => {
  for (const calls of [{}, { closingCallMinutes: 10 }]) {
    const { open, order, buy, sell, pass, phase, seller } = await openMarket(calls);
    const closing = await buy({ time_in_force: 'cls', limit_price: '100' });
    const day = await sell({ limit_price: '100', qty: '4' });
    expect(await order(day, seller)).toMatchObject({ status: 'new' });
    if (calls.closingCallMinutes !== undefined) {
      open.clock.set('2026-11-23T20:50:00Z');
      const refused = await open.place({ time_in_force: 'fok' });
      expect(refused.body).toMatchObject({ reason: 'session_closed' });
      const more = await sell({ limit_price: '99', qty: '2' });
      expect(await order(more, seller)).toMatchObject({ status: 'new', filled_qty: '0' });
      expect(phase()).toBe('closing_call');
    }
    await pass('2026-11-23T21:00:00Z');
    expect(await order(day, seller)).toMatchObject({ status: 'filled' });
    expect(await order(closing)).toMatchObject({
      status: 'expired',
      filled_qty: calls.closingCallMinutes === undefined ? '4' : '6',
    });
    await open.stop();
    cell = undefined;
  }
});

test('a book is closed overnight, and what is good till canceled waits in it for the opening', async () => {
  const { order, buy, sell, pass, open, seller, phase } = await openMarket();
  const waiting = await buy({ time_in_force: 'gtc', limit_price: '100' });
  await pass('2026-11-23T21:00:00Z');
  expect(await order(waiting)).toMatchObject({ status: 'new' });
  open.clock.set(evening);
  const sale = await sell({ time_in_force: 'gtc', limit_price: '100' });
  await pass();
  expect(await order(waiting)).toMatchObject({ status: 'new', filled_qty: '0' });
  expect(phase()).toBe('closed');
  await pass(atTheOpen);
  expect(await order(waiting)).toMatchObject({ status: 'filled' });
  expect(await order(sale, seller)).toMatchObject({ status: 'filled' });
});

test('whatever comes first after a boundary finds the book in its phase, without any timer', async () => {
  const { order, buy, open, phase, settled } = await openMarket();
  const day = await buy({ limit_price: '99' });
  expect(await order(day)).toMatchObject({ status: 'new' });
  open.clock.set('2026-11-23T21:00:00Z');
  await open.ask(open.key('first'), `DELETE /v2/orders/${String(day)}`);
  await settled();
  expect(phase()).toBe('closed');
  expect(await order(day)).toMatchObject({ status: 'expired' });
});

test('an instrument that is first traded in the middle of a session is open at once', async () => {
  const { open, pass, buy, order } = await openMarket();
  await pass();
  const id = await buy({ symbol: 'BRVO', time_in_force: 'ioc', type: 'market', limit_price: undefined });
  expect(await order(id)).toMatchObject({ status: 'canceled' });
  expect(open.cell.dependencies.market?.venue.book('BRVO')?.phase).toBe('continuous');
});

test('a close and an open that nobody was there for are caught up with in order, early closes included', async () => {
  const store = { kind: 'sqlite', folder: join(folder, 'downtime') } as const;
  const first = await openMarket({}, { store });
  const { buyer, seller } = first;
  // The Friday after Thanksgiving closes at one.
  await first.pass('2026-11-27T16:00:00Z');
  await first.open.ask(first.open.key('administrator'), 'PUT /v1/instruments/ALFA/reference-price', {
    body: { price: '100' },
  });
  const closing = await first.buy({ time_in_force: 'cls', limit_price: '100', qty: '5' });
  const day = await first.sell({ limit_price: '100', qty: '3' });
  expect(await first.order(day, seller)).toMatchObject({ status: 'new' });
  const { clock } = first.open;
  await first.open.stop();
  cell = undefined;
  clock.set('2026-11-30T15:00:00Z');
  const again = await startTestCell({ store, venue: 'internal', clock });
  cell = again;
  const { order, phase, pass } = deskOf(again, buyer, seller);
  expect(await order(day, seller)).toMatchObject({ status: 'filled' });
  expect(await order(closing)).toMatchObject({ status: 'expired', filled_qty: '3' });
  expect(phase()).toBe('continuous');
  // Set back over the open: what has happened has happened.
  await pass('2026-11-30T14:00:00Z');
  expect(phase()).toBe('continuous');
  expect(await reconcile(again.cell.dependencies.store)).toMatchObject({ findings: [] });
});

test('a halt over the open delays the auction, and what queued meanwhile takes part in it', async () => {
  const { open, order, buy, sell, pass, phase, seller } = await openMarket();
  open.clock.set(evening);
  const bid = await buy({ time_in_force: 'opg', limit_price: '100' });
  const sale = await sell({ limit_price: '99' });
  const desk = new Desk(open);
  const halt = async (halted: boolean) => {
    const { config } = open.cell.dependencies;
    const { config: now } = config.current();
    const instruments = now.document.instruments.map((one) =>
      one.symbol === 'ALFA' ? { ...one, halted } : one,
    );
    const body = { changes: { instruments }, reason: 'a halt' };
    const asked = await open.ask(open.key('administrator'), 'PATCH /v1/config', { body });
    if (halted) return;
    const approved = await desk.second(`POST /v1/approvals/${desk.approvalId(asked.body)}/approve`);
    expect(approved.status).toBe(200);
  };
  await halt(true);
  await pass('2026-11-24T15:00:00Z');
  expect(phase()).toBe('opening_call');
  expect(await order(bid)).toMatchObject({ status: 'accepted' });
  await halt(false);
  await pass();
  expect(phase()).toBe('continuous');
  expect(await order(bid)).toMatchObject({ status: 'filled' });
  expect(await order(sale, seller)).toMatchObject({ status: 'filled' });
});
