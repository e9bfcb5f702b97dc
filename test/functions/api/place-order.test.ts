import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';

let cell: TestCell;
beforeAll(async () => {
  cell = await startTestCell();
});
afterAll(() => cell.stop());

test('an answer has every field Alpaca documents, numbers as text and null where there is nothing', async () => {
  const { body } = await cell.place({ client_order_id: 'all-fields', limit_price: '99.50' });
  expect(body).toMatchObject({
    client_order_id: 'all-fields',
    created_at: expect.stringMatching(/^2026-11-23T15:00:00\.\d{6}Z$/),
    filled_at: null,
    expired_at: null,
    canceled_at: null,
    failed_at: null,
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_class: 'us_equity',
    notional: null,
    qty: '10',
    filled_qty: '0',
    filled_avg_price: null,
    order_class: 'simple',
    order_type: 'limit',
    type: 'limit',
    limit_price: '99.5',
    stop_price: null,
    extended_hours: false,
    legs: null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    post_only: false,
    min_qty: null,
    display_qty: null,
  });
});

test('what was asked of how an order trades is in its answer and in every list, refused or not', async () => {
  const quiet = await cell.place({ post_only: true, display_qty: '2' });
  const patient = await cell.place({ time_in_force: 'ioc', min_qty: '5' });
  const denied = await cell.place({ post_only: true, display_qty: '3', qty: '1000000000' });
  expect(quiet.body).toMatchObject({ post_only: true, min_qty: null, display_qty: '2' });
  expect(patient.body).toMatchObject({ post_only: false, min_qty: '5', display_qty: null });
  await cell.cell.views.drained();
  const { list } = await cell.ask(cell.key('first'), 'GET /v2/orders?status=all&limit=3');
  expect(list).toMatchObject([
    { id: denied.body['id'] ?? expect.any(String), status: 'rejected', post_only: true, display_qty: '3' },
    { id: patient.body['id'], min_qty: '5' },
    { id: quiet.body['id'], post_only: true, display_qty: '2' },
  ]);
});

test('numbers may be numbers, and mean the same as their text', async () => {
  const first = await cell.place({ client_order_id: 'n', qty: 10, limit_price: 99.5 });
  const again = await cell.place({ client_order_id: 'n', qty: '10.0', limit_price: '099.50' });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(first.headers.has('idempotency-replayed')).toBe(false);
});

test('a number a double cannot hold is read from its digits, not from the double', async () => {
  const body =
    '{"symbol":"ALFA","side":"buy","type":"limit","time_in_force":"day","qty":"1","limit_price":100.0000000000000001}';
  const answer = await cell.ask(cell.key('first'), 'POST /v2/orders', { body });
  expect(answer.body).toMatchObject({ reason: 'field_invalid', field: 'limit_price' });
});

test.each([
  ['qty', '1e3', 'field_invalid'],
  ['qty', '-1', 'field_invalid'],
  ['qty', 'NaN', 'field_invalid'],
  ['qty', '0', 'quantity_off_lot'],
  ['qty', true, 'field_invalid'],
  ['qty', { amount: 1 }, 'field_invalid'],
  ['limit_price', '0.001', 'price_off_tick'],
  ['side', 'hold', 'field_invalid'],
  ['type', 'iceberg', 'field_invalid'],
  ['time_in_force', 'forever', 'field_invalid'],
  ['client_order_id', 'x'.repeat(129), 'field_invalid'],
  ['client_order_id', '', 'field_invalid'],
  ['extended_hours', true, 'field_unsupported'],
  ['order_class', 'mleg', 'field_invalid'],
  ['position_intent', 'sell_to_open', 'field_unsupported'],
  ['take_profit', { limit_price: '1' }, 'field_invalid'],
  ['stop_loss', { stop_price: '1' }, 'field_invalid'],
  ['legs', [], 'field_unsupported'],
  ['advanced_instructions', {}, 'field_unsupported'],
  ['__proto__x', 1, 'field_unknown'],
])('%s = %j is refused as %s', async (field, value, reason) => {
  const { status, body } = await cell.place({ [field]: value });
  expect(body['reason']).toBe(reason);
  expect(status).toBe(422);
  if (reason.startsWith('field_')) expect(body['field']).toBe(field);
});

test('what asks for nothing is let pass: null, and the harmless values clients send along', async () => {
  const { status } = await cell.place({
    extended_hours: false,
    order_class: 'simple',
    position_intent: 'buy_to_open',
    legs: null,
    stop_price: null,
    client_order_id: null,
  });
  expect(status).toBe(200);
});

test('an Idempotency-Key without a client order id makes a retry meet the first order', async () => {
  const body = { symbol: 'ALFA', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' };
  const ask = () =>
    cell.ask(cell.key('first'), 'POST /v2/orders', { body, headers: { 'idempotency-key': 'retry-me' } });
  const [first, again] = [await ask(), await ask()];
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});

test('a denial is remembered: asked again it is the same denial, and the id is used up', async () => {
  const first = await cell.place({ client_order_id: 'denied', side: 'sell' });
  const again = await cell.place({ client_order_id: 'denied', side: 'sell' });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await cell.place({ client_order_id: 'denied' })).body['reason']).toBe('client_order_id_reused');
  const found = await cell.ask(cell.key('first'), 'GET /v2/orders:by_client_order_id?client_order_id=denied');
  expect(found.body).toMatchObject({ status: 'rejected', reject_reason: 'insufficient_shares' });
});

test('what is malformed uses up nothing', async () => {
  await cell.place({ client_order_id: 'kept', qty: 'ten' });
  expect((await cell.place({ client_order_id: 'kept' })).status).toBe(200);
});

test('an asset may be named by its id', async () => {
  const { body } = await cell.ask(cell.key('first'), 'GET /v2/assets/ALFA');
  expect((await cell.place({ symbol: body['id'] })).body).toMatchObject({
    symbol: 'ALFA',
    asset_id: body['id'],
  });
});

test('gtd orders carry their expiry', async () => {
  const { body } = await cell.place({ time_in_force: 'gtd', expires_at: '2026-12-31T21:00:00Z' });
  expect(body).toMatchObject({ time_in_force: 'gtd', expires_at: '2026-12-31T21:00:00.000000Z' });
});

test('a replace asked for again under its client order id gives the same answer', async () => {
  const { body } = await cell.place();
  const ask = () =>
    cell.ask(cell.key('first'), `PATCH /v2/orders/${String(body['id'])}`, {
      body: { qty: '20', client_order_id: 'replacement' },
    });
  const [first, again] = [await ask(), await ask()];
  expect(first.body).toMatchObject({ replaces: body['id'], qty: '20', client_order_id: 'replacement' });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});
