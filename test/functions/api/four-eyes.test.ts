import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

beforeEach(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
});
afterEach(() => cell.stop());

const approve = (id: string) => desk.second(`POST /v1/approvals/${id}/approve`);
const account = async () => (await desk.ask(`GET /v1/accounts/${desk.accountId}`)).body;

test('a large transfer waits for a second person, who carries it out by agreeing', async () => {
  const asked = await desk.transfer({ amount: '2000000' }, 'big');
  expect(asked).toMatchObject({ status: 202, body: { status: 'APPROVAL_PENDING' } });
  expect((await account())['cash']).toBe('1000000.00');
  const id = desk.approvalId(asked.body);
  expect((await desk.ask('GET /v1/approvals')).list).toMatchObject([{ id, action: 'transfer' }]);
  expect((await desk.ask(`POST /v1/approvals/${id}/approve`)).body['reason']).toBe('second_person_required');
  expect((await approve(id)).body).toMatchObject({ status: 'COMPLETE', amount: '2000000.00' });
  expect((await account())['cash']).toBe('3000000.00');
  expect((await desk.ask('GET /v1/approvals')).list).toEqual([]);
});

test('there is no lifting a halt that is not there, but a repeat is told what it was told', async () => {
  const route = `POST /v1/accounts/${desk.accountId}/lift-halt`;
  expect(await desk.ask(route)).toMatchObject({
    status: 409,
    body: { reason: 'account_not_halted', observed: 'active' },
  });
  await desk.halt();
  const first = await desk.ask(route, undefined, 'lift');
  await approve(desk.approvalId(first.body));
  const again = await desk.ask(route, undefined, 'lift');
  expect(again.status).toBe(202);
  expect(desk.approvalId(again.body)).toBe(desk.approvalId(first.body));
  expect((await desk.ask(route, undefined, 'another')).body['reason']).toBe('account_not_halted');
});

test('during a halt cash comes in and nothing goes out, and the account says so', async () => {
  await desk.halt();
  expect(await account()).toMatchObject({ transfers_blocked: false, outgoing_transfers_blocked: true });
  expect((await desk.transfer({ amount: '1' })).body).toMatchObject({ status: 'COMPLETE' });
  const out = await desk.transfer({ direction: 'OUTGOING', amount: '1' });
  expect(out.body['reason']).toBe('account_halted');
});

test('what is more than one transfer may be is refused when it is asked for', async () => {
  for (const amount of ['90071992547409.90', '100000000000.01']) {
    const { status, body } = await desk.transfer({ amount });
    expect(status).toBe(422);
    expect(body).toMatchObject({ reason: 'field_invalid', field: 'amount', limit: '100000000000.00' });
  }
  const shares = await desk.transfer({ symbol: 'ALFA', qty: '10000000000001' });
  expect(shares).toMatchObject({ status: 422, body: { field: 'qty', limit: '10000000000000' } });
  expect((await desk.ask('GET /v1/approvals')).list).toEqual([]);
});

test('the largest transfer can be carried out and looked at', async () => {
  const asked = await desk.transfer({ symbol: 'ALFA', qty: '10000000000000' });
  expect((await approve(desk.approvalId(asked.body))).body).toMatchObject({ status: 'COMPLETE' });
  expect(await account()).toMatchObject({ cash: '1000000.00' });
  const { list } = await desk.ask(`GET /v1/accounts/${desk.accountId}/positions`);
  expect(list).toMatchObject([{ qty: '10000000000000' }]);
});

test('agreeing twice moves the money once', async () => {
  const id = desk.approvalId((await desk.transfer({ amount: '2000000' })).body);
  const answers = [await approve(id), await approve(id), ...(await Promise.all([approve(id), approve(id)]))];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await account())['cash']).toBe('3000000.00');
});

test('what goes out is held while it waits, and comes back when it is refused', async () => {
  await desk.transfer({ amount: '900000' });
  const asked = await desk.transfer({ direction: 'OUTGOING', amount: '1500000' });
  expect((await account())['buying_power']).toBe('400000.00');
  const id = desk.approvalId(asked.body);
  expect((await desk.second(`POST /v1/approvals/${id}/refuse`)).body).toMatchObject({ status: 'refused' });
  expect((await account())['buying_power']).toBe('1900000.00');
});

test('a transfer asked for again under the same key is the same transfer', async () => {
  const first = await desk.transfer({ amount: '100' }, 'once');
  const again = await desk.transfer({ amount: '100.00' }, 'once');
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await account())['cash']).toBe('1000100.00');
});

test('a halt is in force with the next order; lifting it takes a second person', async () => {
  await desk.halt();
  expect((await cell.place()).body['reason']).toBe('account_halted');
  const { body, status } = await desk.ask(`POST /v1/accounts/${desk.accountId}/lift-halt`);
  expect(status).toBe(202);
  expect((await cell.place()).body['reason']).toBe('account_halted');
  expect((await approve(desk.approvalId(body))).body).toMatchObject({ status: 'active' });
  expect((await cell.place()).status).toBe(200);
});

test('an approval lifts the halt it was asked for, once, and no later one', async () => {
  await desk.halt();
  const [used, unused] = [await desk.askToLift(), await desk.askToLift()];
  expect((await approve(used)).body).toMatchObject({ status: 'active' });
  await desk.halt();
  expect((await approve(used)).headers.get('idempotency-replayed')).toBe('true');
  expect((await approve(unused)).body['reason']).toBe('approval_mismatch');
  expect((await cell.place()).body['reason']).toBe('account_halted');
});

test("an operator's execution and bust wait for a second person; a connector's count at once", async () => {
  const id = String((await cell.place()).body['id']);
  const manual = await desk.ask(
    `POST /v1/orders/${id}/executions`,
    { execution_id: 'm1', qty: '4', price: '99.5' },
    'm1',
  );
  expect(manual.status).toBe(202);
  const order = () => cell.ask(cell.key('first'), `GET /v2/orders/${id}`);
  expect((await order()).body['filled_qty']).toBe('0');
  await approve(desk.approvalId(manual.body));
  expect((await order()).body).toMatchObject({ filled_qty: '4', filled_avg_price: '99.5' });
  await desk.report(id, { report: 'execute', execution_id: 'c1', qty: '6', price: '100' });
  expect((await order()).body).toMatchObject({
    filled_qty: '10',
    status: 'filled',
    filled_avg_price: '99.8',
  });
  const bust = await desk.ask(
    `POST /v1/orders/${id}/reports`,
    { report: 'bust', execution_id: 'm1', venue_id: 'manual' },
    'b1',
  );
  await approve(desk.approvalId(bust.body));
  expect((await order()).body).toMatchObject({ filled_qty: '6', status: 'partially_filled' });
  expect((await desk.ask('GET /v1/reconcile')).body['differences']).toBe(0);
});

test('nobody is asked to agree to a bust or correction of an execution that is not there; agreeing looks again', async () => {
  const id = await desk.filled({}, [{ execution_id: 'e1', qty: '4', price: '100' }]);
  const report = (body: Readonly<Record<string, unknown>>, key: string) =>
    desk.ask(`POST /v1/orders/${id}/reports`, { venue_id: 'XSIM', ...body }, key);
  const bust = { report: 'bust', execution_id: 'e1' };
  const correction = {
    report: 'correct',
    replaces_execution_id: 'e2',
    execution_id: 'e3',
    qty: '3',
    price: '100',
  };
  for (const said of [{ ...bust, execution_id: 'e2' }, correction])
    expect(await report(said, said.report)).toMatchObject({
      status: 422,
      body: { reason: 'execution_unknown', observed: 'no live execution e2' },
    });
  expect((await desk.ask('GET /v1/approvals')).list).toEqual([]);
  const [one, other] = [await report(bust, 'one'), await report(bust, 'other')];
  expect((await approve(desk.approvalId(one.body))).status).toBe(200);
  expect(await approve(desk.approvalId(other.body))).toMatchObject({
    status: 422,
    body: { reason: 'execution_unknown' },
  });
  const repeat = await report(bust, 'one');
  expect([repeat.status, desk.approvalId(repeat.body)]).toEqual([202, desk.approvalId(one.body)]);
  expect((await report(bust, 'late')).body['reason']).toBe('execution_unknown');
});

test('the history of an order says who did what, why and under which config', async () => {
  const id = String((await cell.place()).body['id']);
  await desk.report(id, { report: 'execute', execution_id: 'c1', qty: '10', price: '100' });
  const { list } = await cell.ask(cell.key('first'), `GET /v2/orders/${id}/events`);
  expect(list).toMatchObject([
    {
      version: 1,
      events: [{ type: 'OrderPlaced' }],
      actor: { kind: 'client', api_key_id: cell.key('first').keyId },
      config_version: expect.stringMatching(/^[\w-]{12}$/),
      correlation_id: expect.any(String),
    },
    {
      version: 2,
      events: [{ type: 'OrderExecuted' }],
      actor: { kind: 'venue', id: 'XSIM' },
      causation_id: expect.any(String),
      order: [{ status: 'filled', filled_qty: '10' }],
    },
  ]);
  const audited = await desk.ask(`GET /v1/orders/${id}/events`);
  expect(audited.list).toEqual(list);
});
