import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

const gtd = { time_in_force: 'gtd' };
const stopLimit = { type: 'stop_limit', stop_price: '100' };

test.each([
  [{ limit_price: null }, 'a limit order needs a limit_price'],
  [{ type: 'market' }, 'a market order has no limit_price'],
  [{ ...stopLimit, stop_price: null }, 'a stop_limit order needs a stop_price'],
  [{ type: 'trailing_stop', limit_price: null }, 'a trailing_stop order needs trail_price or trail_percent'],
  [{ trail_price: '1' }, 'a limit order has no trail_price or trail_percent'],
  [gtd, 'gtd needs expires_at'],
  [{ expires_at: '2027-01-01T00:00:00Z' }, 'only gtd has expires_at'],
  [
    { type: 'trailing_stop', limit_price: null, trail_price: '1', trail_percent: '1' },
    'one of trail_price and trail_percent',
  ],
])('an order with %j is refused in the words of the API', async (order, words) => {
  const { body } = await cell.place(order);
  expect([body['reason'], body['limit']]).toEqual(['terms_inconsistent', words]);
});

test('a replace is too', async () => {
  const { body } = await cell.place();
  const change = (fields: object) =>
    cell.ask(cell.key('first'), `PATCH /v2/orders/${String(body['id'])}`, { body: fields });
  expect((await change({ stop_price: '100' })).body['observed']).toBe('stop_price');
  expect((await change({ time_in_force: 'gtd' })).body['limit']).toBe(
    'expires_at goes with gtd, and gtd with expires_at',
  );
});

test('an expiry that has passed is told as a time', async () => {
  const { body } = await cell.place({ ...gtd, expires_at: '2020-01-01T00:00:00Z' });
  expect(body).toMatchObject({ reason: 'expiry_passed', observed: '2020-01-01T00:00:00.000000Z' });
  expect(body['limit']).toMatch(/^2026-11-23T15:00:00\.\d{6}Z$/);
});

test('an Idempotency-Key that stood for another order is named, not a client_order_id nobody gave', async () => {
  const place = (qty: string, more = {}) => {
    const order = { symbol: 'ALFA', side: 'buy', type: 'market', time_in_force: 'day' };
    const headers = { 'idempotency-key': 'order-1' };
    return cell.ask(cell.key('first'), 'POST /v2/orders', { body: { ...order, qty, ...more }, headers });
  };
  const first = await place('1');
  expect((await place('1')).body).toEqual(first.body);
  const { status, body } = await place('2');
  expect([status, body['reason']]).toEqual([422, 'idempotency_key_reused']);
  await place('1', { client_order_id: 'mine' });
  expect((await place('2', { client_order_id: 'mine' })).body['reason']).toBe('client_order_id_reused');
});

test.each([
  ['buy', 'sell_to_close'],
  ['sell', 'buy_to_open'],
])('a %s that is meant as %s contradicts itself', async (side, intent) => {
  const { body } = await cell.place({ side, position_intent: intent });
  expect(body).toMatchObject({ reason: 'field_invalid', field: 'position_intent' });
  expect((await cell.place({ side: 'buy', position_intent: 'buy_to_open' })).status).toBe(200);
});

test('what is wrong with a body is said in plain words', async () => {
  const administrator = cell.key('administrator');
  const said = async (route: string, body: unknown, key = administrator) =>
    (await cell.ask(key, route, { body })).body['message'];
  const first = cell.key('first');
  const roles = 'one of client, venue, operator, risk, auditor, administrator';
  expect(await said('POST /v1/keys', { role: 'boss' })).toBe(`role: ${roles}`);
  expect(await said('POST /v1/keys', {})).toBe(`role: is missing; ${roles}`);
  expect(await said('POST /v1/keys', { role: 'client', account_id: 'x' })).toBe('account_id: a UUID');
  expect(await said('POST /v1/keys', [])).toBe('body: a JSON object');
  expect(await said('POST /v2/orders', undefined, first)).toBe('body: is missing; a JSON object');
  expect(await said('POST /v2/orders', { symbol: 7 }, first)).toBe('symbol: a text');
  expect(await said('POST /v2/orders', { symbol: '' }, first)).toBe('symbol: not empty');
  expect(await said('POST /v2/orders', { symbol: 'x'.repeat(65) }, first)).toBe(
    'symbol: at most 64 characters',
  );
});

test.each(['ten', '-1', '1e3', '1,5', '.5', '1234567890123456', '1.0123456789', true, ['1']])(
  'a quantity of %j is refused with what a quantity is',
  async (qty) => {
    const { body } = await cell.place({ qty });
    expect(body['message']).toBe(
      'qty: a decimal of 0 or more, as text or number, such as "1.5", with at most 15 digits before the point and 9 after',
    );
  },
);

test('a choice that may be empty says so', async () => {
  const { body } = await cell.place({ order_class: 'mleg' });
  expect(body['message']).toBe('order_class: one of simple, bracket, oto, oco, or an empty text');
});

test('executions that contradict each other are told in shares and prices', async () => {
  const venue = await cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
  const id = String((await cell.place()).body['id']);
  const execute = (qty: string, price: string) =>
    cell.ask(venue, `POST /v1/orders/${id}/executions`, {
      body: { execution_id: 'w1', qty, price },
      headers: { 'idempotency-key': `${qty}@${price}` },
    });
  await execute('4', '98.50');
  const { body } = await execute('5', '99');
  expect(body['observed']).toBe(`execution w1 is 4 at 98.5 of order ${id}, now 5 at 99 of order ${id}`);
});
