import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { type Answer, startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

interface Seen {
  readonly at: string;
  readonly account: Answer['body'];
  readonly positions: Answer['list'];
  readonly order: Answer['body'];
}

let cell: TestCell;
let orderId = '';
const seen: Seen[] = [];

const get = (path: string) => cell.ask(cell.key('first'), `GET /v2/${path}`);

/** What is answered now, and when that is. */
async function look(): Promise<void> {
  await cell.cell.views.drained();
  seen.push({
    at: formatTimestamp(cell.clock.now()),
    account: (await get('account')).body,
    positions: (await get('positions')).list,
    order: (await get(`orders/${orderId}`)).body,
  });
}

beforeAll(async () => {
  cell = await startTestCell();
  const desk = new Desk(cell);
  const price = (value: string) => desk.ask('PUT /v1/instruments/ALFA/reference-price', { price: value });
  const steps: readonly (() => Promise<unknown>)[] = [
    async () => {
      orderId = String((await cell.place({ qty: '10' })).body['id']);
    },
    () => desk.report(orderId, { report: 'execute', execution_id: 'e1', qty: '4', price: '99' }),
    () => price('101.5'),
    () => desk.transfer({ amount: '250.75' }),
    () =>
      desk.report(orderId, {
        report: 'correct',
        replaces_execution_id: 'e1',
        execution_id: 'e2',
        qty: '5',
        price: '98',
      }),
    () => desk.transfer({ symbol: 'BRVO', qty: '3' }),
    () => cell.place({ side: 'sell', qty: '2', limit_price: '101' }),
    () => desk.report(orderId, { report: 'bust', execution_id: 'e2' }),
    () => desk.report(orderId, { report: 'execute', execution_id: 'e3', qty: '10', price: '97' }),
    () => cell.ask(cell.key('first'), 'PATCH /v2/account/configurations', { body: { suspend_trade: true } }),
    () => price('90'),
    () => desk.halt(),
  ];
  for (const step of steps) {
    await step();
    await look();
  }
});
afterAll(() => cell.stop());

describe('what is read as of a moment is what was answered then', () => {
  test('of the account', async () => {
    for (const { at, account } of seen) expect((await get(`account?as_of=${at}`)).body).toEqual(account);
  });

  test('of positions', async () => {
    for (const { at, positions } of seen) {
      expect((await get(`positions?as_of=${at}`)).list).toEqual(positions);
    }
    const [{ at } = { at: '' }] = seen.slice(-1);
    expect((await get(`positions/ALFA?as_of=${at}`)).body).toEqual(seen.at(-1)?.positions[0]);
  });

  test('of an order', async () => {
    for (const { at, order } of seen)
      expect((await get(`orders/${orderId}?as_of=${at}`)).body).toEqual(order);
  });
});

test('before it was there nothing is found', async () => {
  const before = '2026-11-23T14:00:00Z';
  expect((await get(`account?as_of=${before}`)).body).toMatchObject({ reason: 'account_not_found' });
  expect((await get(`orders/${orderId}?as_of=${before}`)).body).toMatchObject({ reason: 'order_not_found' });
  expect((await get(`positions/ALFA?as_of=${before}`)).status).toBe(404);
});

test.each(['account', 'positions', 'positions/ALFA', 'orders/8dab87c1-0e2e-5bd7-8ad7-01d7d3972620'])(
  'nobody looks into the future of %s, nor at what is no moment',
  async (path) => {
    const future = await get(`${path}?as_of=2030-01-01T00:00:00Z`);
    expect(future).toMatchObject({ status: 422, body: { reason: 'field_invalid', field: 'as_of' } });
    expect(await get(`${path}?as_of=yesterday`)).toMatchObject({ status: 422, body: { field: 'as_of' } });
  },
);
