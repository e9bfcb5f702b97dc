import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let accountId = '';

/** An account of its own: 1,000.00 paid in on Monday, 4 bought at 100 on Tuesday, worth 110 on Wednesday, 50.00 paid out on Thursday. */
beforeAll(async () => {
  cell = await startTestCell();
  const desk = new Desk(cell);
  const { key, accountId: opened } = await desk.newAccount();
  accountId = opened;
  const transfer = (direction: string, amount: string) =>
    cell.ask(cell.key('administrator'), `POST /v1/accounts/${accountId}/transfers`, {
      body: { direction, amount },
      headers: { 'idempotency-key': direction },
    });
  const price = (value: string) => desk.ask('PUT /v1/instruments/ALFA/reference-price', { price: value });
  await transfer('INCOMING', '1000');
  cell.clock.set('2026-11-24T15:00:00Z');
  await price('100');
  const { body } = await cell.place({ qty: '4' }, key);
  await desk.report(String(body['id']), { report: 'execute', execution_id: 'e1', qty: '4', price: '100' });
  cell.clock.set('2026-11-25T15:00:00Z');
  await price('110');
  cell.clock.set('2026-11-26T15:00:00Z');
  await transfer('OUTGOING', '50');
  await cell.cell.views.drained();
  owner = key;
});
afterAll(() => cell.stop());

let owner: Parameters<TestCell['ask']>[0];
const history = (query: string) => cell.ask(owner, `GET /v2/account/portfolio/history${query}`);

test('equity is cash and positions at the reference price of then, profit is without what was paid in or out', async () => {
  const { status, body } = await history('?start=2026-11-23&timeframe=1D');
  expect(status).toBe(200);
  expect(body).toEqual({
    timestamp: [23, 24, 25, 26].map((day) => Date.parse(`2026-11-${day}T00:00:00Z`) / 1000),
    // A fee of 0.04 is charged for 400.00.
    equity: [1000, 999.96, 1039.96, 989.96],
    profit_loss: [0, -0.04, 39.96, 39.96],
    profit_loss_pct: [0, -0.00004, 0.03996, 0.042063],
    base_value: 0,
    timeframe: '1D',
  });
});

test('a window that begins later counts from what there was then', async () => {
  const { body } = await history('?start=2026-11-25&end=2026-11-26&timeframe=1D');
  expect(body).toMatchObject({ base_value: 999.96, equity: [1039.96], profit_loss: [40] });
});

test('without anything asked it is a month by days, and the last window is now', async () => {
  const { body } = await history('');
  expect(body['timeframe']).toBe('1D');
  expect(body['equity']).toHaveLength(31);
  const { body: account } = await cell.ask(owner, 'GET /v2/account');
  expect(Object(body['equity']).at(-1)).toBe(Number(account['equity']));
});

test('a period of a day is told by the minute', async () => {
  const { body } = await history('?period=1D&end=2026-11-25T15:10:00Z');
  expect(body['timeframe']).toBe('1Min');
  expect(Object(body['equity']).slice(-12)).toEqual([999.96, 999.96, ...Array<number>(10).fill(1039.96)]);
});

test.each([
  ['?period=0D', 'period'],
  ['?period=1Y', 'period'],
  ['?period=1D&start=2026-11-23&end=2026-11-24', 'period'],
  ['?timeframe=2H', 'timeframe'],
  ['?timeframe=1Min&period=1M', 'timeframe'],
  ['?start=2030-01-01', 'start'],
  ['?start=2026-11-24&end=2026-11-23', 'end'],
  ['?intraday_reporting=market_hours', 'intraday_reporting'],
  ['?pnl_reset=per_day', 'pnl_reset'],
])('%s is refused by name', async (query, field) => {
  expect(await history(query)).toMatchObject({ status: 422, body: { field } });
});
