import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;

beforeEach(async () => {
  cell = await startTestCell();
});
afterEach(() => cell.stop());

function configure(body: unknown, key?: string) {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return cell.ask(cell.key('first'), 'PATCH /v2/account/configurations', { body, headers });
}

async function account() {
  return (await cell.ask(cell.key('first'), 'GET /v2/account')).body;
}

test('a new account trades, and is left alone when its client is gone', async () => {
  const { status, body } = await cell.ask(cell.key('first'), 'GET /v2/account/configurations');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    suspend_trade: false,
    cancel_on_disconnect: false,
    no_shorting: true,
    max_margin_multiplier: '1',
  });
});

test('who suspends trading places and replaces nothing until they resume, and may cancel', async () => {
  const { body: open } = await cell.place();
  expect((await configure({ suspend_trade: true })).body).toMatchObject({ suspend_trade: true });
  expect(await account()).toMatchObject({ trade_suspended_by_user: true, trading_blocked: false });
  expect(await cell.place()).toMatchObject({ status: 403, body: { reason: 'account_suspended' } });
  const order = `/v2/orders/${String(open['id'])}`;
  const replace = await cell.ask(cell.key('first'), `PATCH ${order}`, { body: { qty: '20' } });
  expect(replace).toMatchObject({ status: 403, body: { reason: 'account_suspended' } });
  expect((await cell.ask(cell.key('first'), `DELETE ${order}`)).status).toBe(204);
  await configure({ suspend_trade: false });
  expect((await cell.place()).status).toBe(200);
  expect(await account()).toMatchObject({ trade_suspended_by_user: false });
});

test('a halt that is lifted leaves the suspension of the owner in force, and reconcile agrees', async () => {
  const desk = new Desk(cell);
  await configure({ suspend_trade: true });
  await desk.halt();
  await desk.second(`POST /v1/approvals/${await desk.askToLift()}/approve`);
  expect((await cell.place()).body).toMatchObject({ reason: 'account_suspended' });
  expect((await desk.ask('GET /v1/reconcile')).body).toMatchObject({ differences: 0 });
});

test('what is left out stays, and saying it again changes nothing', async () => {
  await configure({ cancel_on_disconnect: true });
  const { body } = await configure({ suspend_trade: false, cancel_on_disconnect: null });
  expect(body).toMatchObject({ suspend_trade: false, cancel_on_disconnect: true });
});

test('a repeat under the same key is answered as then, and other content under it is refused', async () => {
  await configure({ suspend_trade: true }, 'k1');
  await configure({ suspend_trade: false }, 'k2');
  const again = await configure({ suspend_trade: true }, 'k1');
  expect(again.body).toMatchObject({ suspend_trade: true });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await account()).toMatchObject({ trade_suspended_by_user: false });
  expect((await configure({ suspend_trade: false }, 'k1')).body).toMatchObject({
    reason: 'idempotency_key_reused',
  });
});

test.each([
  [{ max_margin_multiplier: '4' }, 'max_margin_multiplier'],
  [{ no_shorting: false }, 'no_shorting'],
  [{ trade_confirm_email: 'all' }, 'trade_confirm_email'],
  [{ max_options_trading_level: 2 }, 'max_options_trading_level'],
])('what there is not is refused by name: %o', async (body, field) => {
  expect(await configure(body)).toMatchObject({
    status: 422,
    body: { reason: 'field_unsupported', field },
  });
});

test('what is so anyway may be said', async () => {
  expect(
    (await configure({ no_shorting: true, dtbp_check: 'entry', max_margin_multiplier: '1' })).status,
  ).toBe(200);
});

test('a closed account is configured no more', async () => {
  const desk = new Desk(cell);
  const { key, accountId } = await desk.newAccount();
  await desk.halt(accountId);
  await desk.close(accountId);
  const answer = await cell.ask(key, 'PATCH /v2/account/configurations', { body: { suspend_trade: true } });
  expect(answer).toMatchObject({ status: 403, body: { reason: 'account_closed' } });
});
