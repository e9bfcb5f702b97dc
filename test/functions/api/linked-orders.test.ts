import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoKey } from '../../../local/demo.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';

let cell: TestCell;
let venue: DemoKey;
beforeAll(async () => {
  cell = await startTestCell();
  venue = await cell.issue({ role: 'venue', venue_id: 'sim', person_id: 'sim' });
});
afterAll(() => cell.stop());

const legs = { take_profit: { limit_price: '110' }, stop_loss: { stop_price: '96' } };
const bracket = { order_class: 'bracket', time_in_force: 'gtc', ...legs };

type Json = Record<string, unknown>;

let said = 0;
async function says(order: unknown, report: Json): Promise<Json> {
  said += 1;
  const { body } = await cell.ask(venue, `POST /v1/orders/${String(order)}/reports`, {
    body: report,
    headers: { 'idempotency-key': `r${said}` },
  });
  await cell.cell.linkedOrders.drained();
  return body;
}

async function fills(order: unknown, qty: string, price: string): Promise<Json> {
  return says(order, { report: 'execute', execution_id: `x${said}`, qty, price });
}

async function marketAt(price: string, symbol = 'ALFA'): Promise<void> {
  await cell.ask(venue, `PUT /v1/instruments/${symbol}/reference-price`, { body: { price } });
  await cell.cell.linkedOrders.drained();
}

async function read(id: unknown, query = ''): Promise<Json> {
  return (await cell.ask(cell.key('first'), `GET /v2/orders/${String(id)}${query}`)).body;
}

function legsOf(body: Json): readonly [Json, Json] {
  const [first = {}, second = {}] = body['legs'] as readonly Json[];
  return [first, second];
}

async function shares(): Promise<readonly [unknown, unknown]> {
  const { body } = await cell.ask(cell.key('first'), 'GET /v2/positions/ALFA');
  return [body['qty'], body['qty_available']];
}

describe('a bracket', () => {
  test('is answered with its legs, which wait', async () => {
    const { body, status } = await cell.place({ ...bracket, client_order_id: 'b1' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ order_class: 'bracket', status: 'pending_new', type: 'limit' });
    const [profit, stop] = legsOf(body);
    expect(profit).toMatchObject({
      order_class: 'bracket',
      side: 'sell',
      type: 'limit',
      limit_price: '110',
      status: 'held',
      legs: null,
    });
    expect(stop).toMatchObject({
      order_class: 'bracket',
      side: 'sell',
      type: 'stop',
      stop_price: '96',
      limit_price: null,
      status: 'held',
    });
    const again = await cell.place({ ...bracket, client_order_id: 'b1' });
    expect(again.body).toEqual(body);
    const other = await cell.place({ ...bracket, client_order_id: 'b1', stop_loss: { stop_price: '97' } });
    expect(other.body['reason']).toBe('client_order_id_reused');
  });

  test('sells by its take profit what it bought, and its stop loss is canceled', async () => {
    const before = await shares();
    const { body } = await cell.place(bracket);
    const [profit, stop] = legsOf(body);
    await fills(body['id'], '10', '100');
    expect(await read(profit['id'])).toMatchObject({ status: 'pending_new', qty: '10' });
    expect(await read(stop['id'])).toMatchObject({ status: 'held', qty: '10' });
    await fills(profit['id'], '4', '110');
    expect(await read(stop['id'])).toMatchObject({ status: 'held', qty: '6' });
    await fills(profit['id'], '6', '110');
    expect(await read(profit['id'])).toMatchObject({ status: 'filled', filled_qty: '10' });
    expect(await read(stop['id'])).toMatchObject({ status: 'canceled', filled_qty: '0' });
    expect(await shares()).toEqual(before);
  });

  test('sells by its stop loss what its take profit has left', async () => {
    const { body } = await cell.place(bracket);
    const [profit, stop] = legsOf(body);
    await fills(body['id'], '10', '100');
    await says(profit['id'], { report: 'accept', venue_order_id: 'V' });
    await fills(profit['id'], '3', '110');
    await marketAt('95.5');
    expect(await read(stop['id'])).toMatchObject({ status: 'pending_new' });
    await says(profit['id'], { report: 'confirm-replace' });
    await fills(stop['id'], '7', '95');
    await marketAt('100');
    expect(await read(profit['id'])).toMatchObject({
      status: 'canceled',
      qty: '10',
      filled_qty: '3',
      replaced_by: null,
    });
    expect(await read(stop['id'])).toMatchObject({
      status: 'filled',
      type: 'stop',
      qty: '7',
      filled_qty: '7',
      filled_avg_price: '95',
      stop_price: '96',
      limit_price: null,
      replaces: null,
    });
  });

  test('is listed flat, and nested under its entry', async () => {
    const { body } = await cell.place({
      ...bracket,
      symbol: 'BRVO',
      limit_price: '25',
      take_profit: { limit_price: '27' },
      stop_loss: { stop_price: '24' },
    });
    const flat = await cell.ask(cell.key('first'), 'GET /v2/orders?symbols=BRVO');
    expect(flat.list.map(({ legs: own }) => own)).toEqual([null, null, null]);
    const nested = await cell.ask(cell.key('first'), 'GET /v2/orders?symbols=BRVO&nested=true');
    expect(nested.list).toHaveLength(1);
    expect(nested.list[0]).toMatchObject({ id: body['id'], legs: [{ type: 'limit' }, { type: 'stop' }] });
    expect(legsOf(await read(body['id'], '?nested=true'))[1]).toMatchObject({ stop_price: '24' });
    expect(await read(body['id'])).toMatchObject({ legs: null });
    const { client_order_id: name, id } = legsOf(body)[1];
    const named = await cell.ask(
      cell.key('first'),
      `GET /v2/orders:by_client_order_id?client_order_id=${String(name)}`,
    );
    expect(named.body['id']).toBe(id);
  });

  test('ends whole when its entry is canceled', async () => {
    const { body } = await cell.place(bracket);
    await cell.ask(cell.key('first'), `DELETE /v2/orders/${String(body['id'])}`);
    await says(body['id'], { report: 'confirm-cancel' });
    for (const leg of legsOf(body)) expect(await read(leg['id'])).toMatchObject({ status: 'canceled' });
  });
});

describe('a pair', () => {
  const pair = { order_class: 'oco', side: 'sell', limit_price: undefined, time_in_force: 'gtc', ...legs };

  test('is its take profit, with the stop loss as its leg, and holds its shares once', async () => {
    await fills((await cell.place({ client_order_id: 'stock' })).body['id'], '10', '100');
    const [, free] = await shares();
    const { body, status } = await cell.place({ ...pair, client_order_id: 'oco' });
    expect([status, body['order_class'], body['limit_price']]).toEqual([200, 'oco', '110']);
    const [stop] = legsOf(body);
    expect(stop).toMatchObject({ status: 'held', stop_price: '96', order_class: 'oco' });
    expect(await shares()).toEqual([expect.anything(), String(Number(free) - 10)]);
    const moved = await cell.ask(cell.key('first'), `PATCH /v2/orders/${String(stop['id'])}`, {
      body: { stop_price: '97' },
    });
    expect(moved.body).toMatchObject({ status: 'held', stop_price: '97', replaces: stop['id'] });
    expect(await read(stop['id'])).toMatchObject({ status: 'replaced', replaced_by: moved.body['id'] });
    const canceled = await cell.ask(cell.key('first'), `DELETE /v2/orders/${String(moved.body['id'])}`);
    expect(canceled.status).toBe(204);
    await says(body['id'], { report: 'confirm-cancel' });
    expect(await read(body['id'])).toMatchObject({ status: 'canceled' });
    expect(await read(moved.body['id'])).toMatchObject({ status: 'canceled' });
    expect(await shares()).toEqual([expect.anything(), free]);
  });
});

describe('orders that are linked wrongly are refused before anything is placed', () => {
  test.each<[string, Json, string, string]>([
    [
      'a bracket without a stop loss',
      { order_class: 'bracket', take_profit: { limit_price: '110' } },
      'field_missing',
      'stop_loss',
    ],
    [
      'a bracket without a take profit',
      { order_class: 'bracket', stop_loss: { stop_price: '96' } },
      'field_missing',
      'take_profit',
    ],
    ['legs on a simple order', legs, 'field_invalid', 'take_profit'],
    ['an oto with both', { order_class: 'oto', ...legs }, 'field_invalid', 'stop_loss'],
    ['an oto with neither', { order_class: 'oto' }, 'field_missing', 'take_profit'],
    [
      'an oco at the market',
      { order_class: 'oco', ...legs, type: 'market', limit_price: null },
      'field_invalid',
      'type',
    ],
    [
      'an oco with two limits',
      { order_class: 'oco', ...legs, limit_price: '109' },
      'field_invalid',
      'limit_price',
    ],
    [
      'a bracket that is ioc',
      { order_class: 'bracket', ...legs, time_in_force: 'ioc' },
      'field_invalid',
      'time_in_force',
    ],
    [
      'a trailing entry',
      { order_class: 'bracket', ...legs, type: 'trailing_stop', trail_price: '1', limit_price: null },
      'field_invalid',
      'type',
    ],
    ['another class', { order_class: 'mleg' }, 'field_invalid', 'order_class'],
    [
      'a leg with a field too many',
      { ...bracket, take_profit: { limit_price: '110', qty: '1' } },
      'field_unknown',
      'take_profit.qty',
    ],
    [
      'a stop loss without its price',
      { ...bracket, stop_loss: { limit_price: '95' } },
      'field_missing',
      'stop_loss.stop_price',
    ],
  ])('%s', async (_, change, reason, field) => {
    const { body, status } = await cell.place(change);
    expect([status, body['reason'], body['field']]).toEqual([422, reason, field]);
  });

  test('a take profit on the losing side is on record as denied', async () => {
    const { body, status } = await cell.place({
      ...bracket,
      client_order_id: 'wrong',
      take_profit: { limit_price: '99' },
    });
    expect([status, body['reason'], body['limit'], body['observed']]).toEqual([
      422,
      'take_profit_out_of_place',
      'above 100',
      '99',
    ]);
    const order = await cell.ask(
      cell.key('first'),
      'GET /v2/orders:by_client_order_id?client_order_id=wrong',
    );
    expect(order.body).toMatchObject({ status: 'rejected', order_class: 'bracket', legs: null });
  });
});

test('canceling everything asks each group once', async () => {
  const { list } = await cell.ask(cell.key('first'), 'DELETE /v2/orders');
  expect(list.filter(({ status }) => status !== 200)).toEqual([]);
});

test('the books agree after all this', async () => {
  const { body } = await cell.ask(cell.key('administrator'), 'GET /v1/reconcile');
  expect(body['differences']).toBe(0);
});
