import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

beforeEach(async () => {
  cell = await startTestCell();
  desk = new Desk(cell);
});
afterEach(() => cell.stop());

const put = (scope: string, body: unknown, key?: string) =>
  desk.ask(`PUT /v1/kill-switches/${scope}`, body, key);
const approve = (id: string) => desk.second(`POST /v1/approvals/${id}/approve`);
const stop = { on: true, reason: 'a runaway strategy' };
const release = { on: false, reason: 'it was stopped' };

test('one person stops the firm at once, and two let it go on', async () => {
  expect(await put('firm', stop)).toMatchObject({
    status: 200,
    body: { scope: 'firm', on: true, allow_reducing: false, reason: stop.reason },
  });
  expect((await cell.place()).body['reason']).toBe('kill_switch_firm');
  const asked = await put('firm', release);
  expect(asked.status).toBe(202);
  expect((await cell.place()).body['reason']).toBe('kill_switch_firm');
  const id = desk.approvalId(asked.body);
  expect((await desk.ask(`POST /v1/approvals/${id}/approve`)).body['reason']).toBe('second_person_required');
  expect(await approve(id)).toMatchObject({ status: 200, body: { scope: 'firm', on: false } });
  expect((await cell.place()).status).toBe(200);
});

test('an account or an instrument is stopped for itself', async () => {
  await put(`accounts/${desk.accountId}`, stop);
  expect((await cell.place()).body['reason']).toBe('kill_switch_account');
  expect((await cell.place({}, cell.key('second'))).status).toBe(200);
  await put('instruments/BRVO', stop);
  const second = await cell.place({ symbol: 'BRVO', limit_price: '50' }, cell.key('second'));
  expect(second.body['reason']).toBe('kill_switch_instrument');
});

test('a switch that allows reducing stops purchases and lets sales pass, and easing takes two', async () => {
  await desk.filled({ qty: '10' }, [{ execution_id: 'b1', qty: '10', price: '100' }]);
  await put('firm', { ...stop, allow_reducing: true });
  expect((await cell.place()).body['reason']).toBe('kill_switch_firm');
  expect((await cell.place({ side: 'sell', qty: '1' })).status).toBe(200);
  expect((await put('firm', stop)).body).toMatchObject({ allow_reducing: false });
  expect((await cell.place({ side: 'sell', qty: '1' })).body['reason']).toBe('kill_switch_firm');
  const eased = await put('firm', { ...stop, allow_reducing: true });
  expect(eased.status).toBe(202);
  await approve(desk.approvalId(eased.body));
  expect((await cell.place({ side: 'sell', qty: '1' })).status).toBe(200);
});

test('an approval releases the throwing it was asked for, not a later one', async () => {
  await put('firm', stop);
  const first = desk.approvalId((await put('firm', release)).body);
  const second = desk.approvalId((await put('firm', release)).body);
  await approve(first);
  await put('firm', stop);
  expect((await approve(second)).body['reason']).toBe('approval_mismatch');
  expect((await cell.place()).body['reason']).toBe('kill_switch_firm');
});

test('the list says who threw what and why, and a repeat of asking is told what it was told', async () => {
  await put('instruments/ALFA', stop);
  const { body } = await desk.ask('GET /v1/kill-switches');
  expect(body).toMatchObject({
    version: 1,
    thrown: [{ scope: 'instrument', symbol: 'ALFA', reason: stop.reason, thrown_by: expect.any(String) }],
    in_config: { firm: false, accounts: [], instruments: [] },
  });
  const asked = await put('instruments/ALFA', release, 'r1');
  await approve(desk.approvalId(asked.body));
  const again = await put('instruments/ALFA', release, 'r1');
  expect(again.status).toBe(202);
  expect(desk.approvalId(again.body)).toBe(desk.approvalId(asked.body));
});

test('orders say which config and which switches they were decided under', async () => {
  const versions = async () => {
    const { body } = await cell.place();
    const { list } = await cell.ask(cell.key('first'), `GET /v2/orders/${String(body['id'])}/events`);
    return String(list[0]?.['config_version']);
  };
  const before = await versions();
  expect(before).not.toContain('+');
  await put('instruments/BRVO', stop);
  expect(await versions()).toBe(`${before}+k1`);
});

test('who trades cannot stop the firm, and who audits can only look', async () => {
  const auditor = await cell.issue({ role: 'auditor', person_id: 'auditor' });
  const venue = await cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
  for (const key of [cell.key('first'), auditor, venue]) {
    expect((await cell.ask(key, 'PUT /v1/kill-switches/firm', { body: stop })).status).toBe(403);
  }
  expect((await cell.ask(auditor, 'GET /v1/kill-switches')).status).toBe(200);
});

test('a switch without a reason, or for what is not there, is refused', async () => {
  expect((await put('firm', { on: true })).body).toMatchObject({ reason: 'field_missing', field: 'reason' });
  expect((await put('instruments/NOPE', stop)).body['reason']).toBe('asset_not_found');
  expect((await put('accounts/8dab87c1-0e2e-5bd7-8ad7-01d7d3972620', stop)).body['reason']).toBe(
    'account_not_found',
  );
});

describe('what works in the scope of a switch', () => {
  const statuses = async (key = cell.key('first')) => {
    const { list } = await cell.ask(key, 'GET /v2/orders?status=all');
    return list
      .map(({ symbol, side, status }) => `${String(symbol)} ${String(side)} ${String(status)}`)
      .toSorted();
  };
  const eventually = (look: () => Promise<unknown>, wanted: unknown) =>
    expect.poll(look, { interval: 50 }).toEqual(wanted);

  test('is canceled, for that reason, by the switch', async () => {
    const { body } = await cell.place({ limit_price: '90' });
    await cell.place({ limit_price: '90' }, cell.key('second'));
    await put('firm', stop);
    const isEnding = (list: readonly string[]) => list.every((one) => /cancel/.test(one));
    await eventually(async () => isEnding(await statuses()), true);
    await eventually(async () => isEnding(await statuses(cell.key('second'))), true);
    const { list } = await cell.ask(cell.key('first'), `GET /v2/orders/${String(body['id'])}/events`);
    const asked = list.filter(({ actor }) => JSON.stringify(actor).includes('kill-switch'));
    expect(asked).toMatchObject([
      {
        causation_id: 'killswitch-local@1',
        config_version: expect.stringMatching(/\+k1$/),
        events: [{ type: 'CancelRequested', data: { reason: 'kill_switch' } }],
      },
    ]);
  });

  test('stays where the switch does not reach', async () => {
    await cell.place({ limit_price: '90' });
    await cell.place({ symbol: 'BRVO', type: 'market', limit_price: null });
    await put('instruments/BRVO', stop);
    await eventually(async () => (await statuses()).filter((one) => /BRVO buy .*cancel/.test(one)).length, 1);
    expect((await statuses()).filter((one) => /ALFA buy .*cancel/.test(one))).toEqual([]);
  });

  test('stays when it reduces and the switch allows that', async () => {
    await desk.filled({ qty: '10' }, [{ execution_id: 'b1', qty: '10', price: '100' }]);
    await cell.place({ side: 'sell', qty: '1', limit_price: '104' });
    await cell.place({ limit_price: '90' });
    await put('firm', { ...stop, allow_reducing: true });
    await eventually(async () => (await statuses()).filter((one) => /buy .*cancel/.test(one)).length, 1);
    expect((await statuses()).filter((one) => /sell .*cancel/.test(one))).toEqual([]);
  });
});
