import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpFunctions } from '../../../functions/manifest.ts';
import type { DemoKey } from '../../../local/demo.ts';
import { type Answer, configWith, startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

/** What goes into the braces of a route, and what is sent. */
interface Step {
  readonly in?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly query?: string;
  /** Absent: the client's for `/v2`, the administrator's for `/v1`. */
  readonly by?: DemoKey;
}

let cell: TestCell;
const answered = new Map<string, number>();
let keys = 0;

/** Asks a route as the manifest writes it; the cell's test support compares the answer with the OpenAPI document. */
async function ask(route: string, { in: parameters = {}, body, query = '', by }: Step = {}): Promise<Answer> {
  const path = route.replaceAll(/\{(\w+)\}/g, (_braces, name: string) => parameters[name] ?? '');
  const key = by ?? cell.key(route.includes(' /v2/') ? 'first' : 'administrator');
  keys += 1;
  const isWrite = !route.startsWith('GET ');
  const headers = isWrite ? { 'idempotency-key': `step-${keys}` } : {};
  const answer = await cell.ask(key, path + query, { body, headers });
  answered.set(route, answer.status);
  return answer;
}

const idOf = ({ body }: Answer) => String(body['id']);

beforeAll(async () => {
  cell = await startTestCell({ config: configWith({ webhooks: { allowedNetworks: ['127.0.0.0/8'] } }) });
});
afterAll(() => cell.stop());

/** The day of a client: orders, what became of them, and what the account is told of it. */
async function trade(connector: DemoKey): Promise<string> {
  const limit = {
    symbol: 'ALFA',
    qty: 10,
    side: 'buy',
    type: 'limit',
    limit_price: 100,
    time_in_force: 'day',
  };
  const order_id = idOf(await ask('POST /v2/orders', { body: { ...limit, client_order_id: 'mine' } }));
  const own = { in: { order_id } };
  const accept = { report: 'accept', venue_order_id: 'v1' };
  await ask('POST /v1/orders/{order_id}/reports', { ...own, by: connector, body: accept });
  const fill = { execution_id: 'e1', qty: '6', price: '99.50' };
  await ask('POST /v1/orders/{order_id}/executions', { ...own, by: connector, body: fill });
  await ask('PATCH /v2/orders/{order_id}', { ...own, body: { qty: '12' } });
  for (const route of ['GET /v2/orders/{order_id}', 'GET /v2/orders/{order_id}/events'])
    await ask(route, own);
  await ask('GET /v2/orders:by_client_order_id', { query: '?client_order_id=mine' });
  await ask('GET /v2/orders', { query: '?status=all&limit=5&direction=asc&symbols=ALFA&nested=true' });
  for (const route of ['GET /v1/orders/{order_id}', 'GET /v1/orders/{order_id}/events'])
    await ask(route, own);
  await ask('GET /v1/orders/{order_id}/evidence', own);
  const waiting = { ...limit, time_in_force: 'opg', limit_price: '99.00' };
  await ask('DELETE /v2/orders/{order_id}', {
    in: { order_id: idOf(await ask('POST /v2/orders', { body: waiting })) },
  });
  return order_id;
}

async function readAccount(): Promise<void> {
  await cell.cell.views.drained();
  await ask('GET /v2/account');
  await ask('GET /v2/positions');
  await ask('GET /v2/positions/{symbol_or_asset_id}', { in: { symbol_or_asset_id: 'ALFA' } });
  await ask('GET /v2/account/configurations');
  await ask('PATCH /v2/account/configurations', {
    body: { cancel_on_disconnect: true, suspend_trade: null },
  });
  await ask('GET /v2/account/activities', { query: '?page_size=2&category=trade_activity' });
  await ask('GET /v2/account/activities/{activity_type}', { in: { activity_type: 'FILL' } });
  await ask('GET /v2/account/portfolio/history', { query: '?period=1D&timeframe=1H' });
  await ask('GET /v2/assets', { query: '?status=active' });
  await ask('GET /v2/assets/{symbol_or_asset_id}', { in: { symbol_or_asset_id: 'ALFA' } });
  await ask('GET /v2/calendar', { query: '?start=2026-11-23&end=2026-11-30' });
  await ask('GET /v2/clock');
  await ask('DELETE /v2/positions/{symbol_or_asset_id}', {
    in: { symbol_or_asset_id: 'ALFA' },
    query: '?qty=1',
  });
  await ask('DELETE /v2/positions', { query: '?cancel_orders=false' });
  await ask('DELETE /v2/orders');
  const one = { in: { symbol: 'ALFA' } };
  for (const what of ['trades/latest', 'quotes/latest', 'bars/latest', 'snapshot'])
    await ask(`GET /v2/stocks/{symbol}/${what}`, one);
  for (const what of ['trades/latest', 'quotes/latest', 'bars/latest', 'snapshots'])
    await ask(`GET /v2/stocks/${what}`, { query: '?symbols=ALFA,BRVO&feed=iex' });
  await ask('GET /v2/stocks/{symbol}/bars', { ...one, query: '?timeframe=1Min&limit=5&sort=desc' });
  await ask('GET /v2/stocks/bars', { query: '?symbols=ALFA&timeframe=1Min&start=2026-11-23' });
  await ask('GET /v2/events/trades', { query: '?since_id=0&until_id=2' });
}

/** A webhook that nobody hears: what it was not told can be told again. */
async function beTold(): Promise<void> {
  const webhook_id = idOf(await ask('POST /v2/webhooks', { body: { url: 'https://127.0.0.1/' } }));
  const own = { in: { webhook_id } };
  await cell.place({ client_order_id: 'told' });
  await cell.cell.views.drained();
  await cell.cell.dependencies.webhooks.dispatcher.pass(cell.deadline());
  await ask('GET /v2/webhooks');
  await ask('GET /v2/webhooks/{webhook_id}', own);
  const [delivery] = (await ask('GET /v2/webhooks/{webhook_id}/deliveries', own)).list;
  await ask('POST /v2/webhooks/{webhook_id}/deliveries/{number}/redeliver', {
    in: { webhook_id, number: String(delivery?.['number']) },
  });
  await ask('POST /v2/webhooks/{webhook_id}/rotate-secret', own);
  await ask('PATCH /v2/webhooks/{webhook_id}', { ...own, body: { active: false } });
  await ask('DELETE /v2/webhooks/{webhook_id}', own);
}

/** An account from its opening to its end. */
async function administer(colleague: DemoKey): Promise<void> {
  const account_id = idOf(await ask('POST /v1/accounts', { body: { currency: 'USD' } }));
  const own = { in: { account_id } };
  const transfer = (amount: string, direction = 'INCOMING') =>
    ask('POST /v1/accounts/{account_id}/transfers', { ...own, body: { direction, amount } });
  const transfer_id = idOf(await transfer('2000000'));
  await ask('DELETE /v1/accounts/{account_id}/transfers/{transfer_id}', { in: { account_id, transfer_id } });
  const done = { in: { account_id, transfer_id: idOf(await transfer('100')) } };
  await ask('GET /v1/accounts/{account_id}/transfers/{transfer_id}', done);
  await transfer('100', 'OUTGOING');
  await ask('GET /v1/accounts/{account_id}', own);
  await ask('GET /v1/accounts/{account_id}/positions', own);
  const halt = () => ask('POST /v1/accounts/{account_id}/halt', { ...own, body: { reason: 'a test' } });
  const desk = new Desk(cell);
  const askToLift = async () =>
    desk.approvalId((await ask('POST /v1/accounts/{account_id}/lift-halt', own)).body);
  await halt();
  await ask('POST /v1/approvals/{approval_id}/refuse', {
    in: { approval_id: await askToLift() },
    by: colleague,
  });
  const approval_id = await askToLift();
  await ask('GET /v1/approvals', { query: '?status=all' });
  await ask('GET /v1/approvals/{approval_id}', { in: { approval_id } });
  await ask('POST /v1/approvals/{approval_id}/approve', { in: { approval_id }, by: colleague });
  await ask('POST /v1/accounts/{account_id}/lift-restriction', own);
  await ask('PUT /v1/kill-switches/accounts/{account_id}', { ...own, body: { on: true, reason: 'a test' } });
  await halt();
  await ask('POST /v1/accounts/{account_id}/actions/close', own);
}

/** What surveillance has of the account that traded, and a strategy it has stopped. */
async function watch(): Promise<void> {
  const account_id = cell.key('first').accountId ?? '';
  await ask('GET /v1/surveillance/accounts/{account_id}', { in: { account_id } });
  await ask('GET /v1/surveillance/breaches', { query: `?account_id=${account_id}` });
  const scope = { of: 'strategy', accountId: account_id, strategyId: 'grid' } as const;
  await cell.cell.dependencies.killSwitch.change(
    { do: 'throw', scope, allowReducing: false, reason: 'a test', by: 'surveillance' },
    { actor: { kind: 'risk', id: 'surveillance' }, deadline: cell.deadline() },
  );
  await ask('POST /v1/surveillance/strategies/{account_id}/{strategy_id}/re-enable', {
    in: { account_id, strategy_id: 'grid' },
    body: { reason: 'it was mended' },
  });
}

async function operate(): Promise<void> {
  await ask('PUT /v1/instruments/{symbol}/reference-price', {
    in: { symbol: 'ALFA' },
    body: { price: 100.5 },
  });
  await ask('GET /v1/instruments/{symbol}/reference-price', { in: { symbol: 'ALFA' } });
  const off = { on: true, reason: 'a test', allow_reducing: true };
  await ask('PUT /v1/kill-switches/instruments/{symbol}', { in: { symbol: 'BRVO' }, body: off });
  await ask('PUT /v1/kill-switches/firm', { body: off });
  await ask('GET /v1/kill-switches');
  const [first] = (await ask('GET /v1/parked')).list;
  await ask('POST /v1/parked/{consumer}/redrive', { in: { consumer: String(first?.['consumer']) } });
  const { version, document } = (await ask('GET /v1/config')).body;
  const changes = { limits: { accounts: { default: { openOrdersMax: 9_000 } } } };
  await ask('PATCH /v1/config', { body: { changes, reason: 'a test' } });
  const base_version = String((await ask('GET /v1/config')).body['version']);
  await ask('PUT /v1/config', { body: { document, base_version, reason: 'back again' } });
  await ask('GET /v1/config/history', { query: '?limit=5' });
  await ask('GET /v1/config/versions/{version}', { in: { version: String(version) } });
  await ask('GET /v1/reconcile');
  await ask('GET /openapi.json');
}

test('one session takes every route to an answer that is not a refusal, and the document says them all', async () => {
  const venue = { role: 'venue', venue_id: 'XSIM', person_id: 'connector' };
  const issued = await ask('POST /v1/keys', { body: venue });
  const connector = { name: '', role: 'venue', keyId: idOf(issued), secret: String(issued.body['secret']) };
  const colleague = await cell.issue({ role: 'operator', person_id: 'colleague' });
  await trade(connector);
  await readAccount();
  await beTold();
  await administer(colleague);
  await watch();
  await operate();
  await ask('GET /v1/keys');
  await ask('DELETE /v1/keys/{key_id}', { in: { key_id: connector.keyId } });
  const routes = httpFunctions.flatMap(({ trigger }) =>
    [...trigger.routes].map(({ route }): string => route),
  );
  expect(routes.filter((route) => !answered.has(route))).toEqual([]);
  expect([...answered].filter(([, status]) => status >= 300)).toEqual([]);
});
