import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

beforeEach(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
});

/** Whatever was lifted, the books agree. */
afterEach(async () => {
  expect((await desk.ask('GET /v1/reconcile')).body).toMatchObject({ differences: 0 });
  await cell.stop();
});

const account = async () => (await desk.ask(`GET /v1/accounts/${desk.accountId}`)).body;
const lift = () => desk.ask(`POST /v1/accounts/${desk.accountId}/lift-restriction`);

/** The venue raises an order beyond what the account can pay: all it has is held, and more is owed. */
async function restatedBeyondMeans(): Promise<string> {
  const { body } = await cell.place({ qty: '10', limit_price: '99', time_in_force: 'gtc' });
  const id = String(body['id']);
  await desk.report(id, { report: 'accept', venue_order_id: 'V1' });
  await desk.report(id, { report: 'restate', qty: '200000' });
  return id;
}

test('what an account owes is not there to spend', async () => {
  const id = await restatedBeyondMeans();
  expect(await account()).toMatchObject({ buying_power: '0.00', reduce_only: true });
  await desk.report(id, { report: 'cancel', reason: 'unsolicited' });
  const { buying_power, cash, shortfall } = await account();
  expect(shortfall).not.toBe('0.00');
  expect([buying_power, cash]).toEqual(['1000000.00', '1000000.00']);
});

test('what came back pays what was owed when the restriction is lifted', async () => {
  const id = await restatedBeyondMeans();
  expect(await lift()).toMatchObject({ status: 409, body: { reason: 'account_short', limit: '0.00 USD' } });
  await cell.ask(cell.key('first'), `DELETE /v2/orders/${id}`);
  await desk.report(id, { report: 'confirm-cancel' });
  expect(await lift()).toMatchObject({ status: 200, body: { status: 'active' } });
  expect(await account()).toMatchObject({
    buying_power: '1000000.00',
    cash: '1000000.00',
    shortfall: '0.00',
    reduce_only: false,
  });
  expect((await cell.place()).status).toBe(200);
});

test('an account that owes shares may not buy before it has them', async () => {
  const id = await desk.filled({ qty: '10' }, [{ execution_id: 'b1', qty: '10', price: '100' }]);
  const sold = await desk.filled({ qty: '10', side: 'sell' }, [
    { execution_id: 's1', qty: '10', price: '100' },
  ]);
  await desk.report(id, { report: 'bust', execution_id: 'b1' });
  expect(await lift()).toMatchObject({
    body: { reason: 'account_short', limit: '0 lots of ALFA', observed: '10 lots of ALFA' },
  });
  expect((await cell.place()).body['reason']).toBe('account_reduce_only');
  await desk.report(sold, { report: 'bust', execution_id: 's1' });
  await desk.report(sold, { report: 'cancel', reason: 'unsolicited' });
  expect((await lift()).status).toBe(200);
  expect((await cell.ask(cell.key('first'), 'GET /v2/positions')).list).toEqual([]);
  expect((await cell.place()).status).toBe(200);
});
