import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parseTimestamp, timestamp } from '../../../domain/values/time.ts';
import { placeOf } from '../../../platform/surveillance/port.ts';
import { configWith, startTestCell, type TestCell } from '../../support/cell.ts';
import { Desk } from './desk.ts';

let cell: TestCell;
let desk: Desk;

afterEach(() => cell.stop());

/** A cell in which so little is allowed. */
async function given(limits: Readonly<Record<string, unknown>>): Promise<void> {
  const config = configWith({ surveillance: { default: limits, byAccount: {} } });
  cell = await startTestCell({ config });
  desk = new Desk(cell);
}

async function until<Value>(look: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (let round = 0; round < 400; round += 1) {
    const value = await look();
    if (isThere(value)) return value;
    await pause(25);
  }
  throw new Error('it never came to that');
}

async function breaches(): Promise<readonly Record<string, unknown>[]> {
  const { body } = await desk.ask(`GET /v1/surveillance/breaches?account_id=${desk.accountId}`);
  const list = body['breaches'];
  return Array.isArray(list) ? list : [];
}

const status = async () => {
  const { accounts } = cell.cell.dependencies;
  const { state } = await accounts.load(`account-${desk.accountId}`, cell.deadline());
  return state.kind === 'account' ? state.status : state.kind;
};
const figures = async () => (await desk.ask(`GET /v1/surveillance/accounts/${desk.accountId}`)).body;
const halted = () => until(status, (found) => found === 'halted');
const reasonOf = async (changes = {}) => (await cell.place(changes)).body['reason'];

describe('an account that sends too fast', () => {
  const limits = { messageRate: { windowSeconds: 60, soft: 3, hard: 5 } };

  test('is halted, what it has working is canceled, and its very next order is refused', async () => {
    await given(limits);
    for (let sent = 0; sent < 5; sent += 1) expect((await cell.place({ qty: '1' })).status).toBe(200);
    expect(await status()).toBe('active');
    await cell.place({ qty: '1' });
    await halted();
    expect(await cell.place()).toMatchObject({ status: 403, body: { reason: 'account_halted' } });
    const [hard] = await until(breaches, (found) => found[0]?.['outcome'] !== null);
    expect(hard).toMatchObject({
      watched: 'message_rate',
      level: 'hard',
      limit: '5',
      observed: '6',
      outcome: 'account_halted',
      config_version: cell.cell.dependencies.config.current().version,
    });
    const orders = await cell.ask(cell.key('first'), 'GET /v2/orders?status=all');
    const stati = orders.list.map((order) => order['status']).filter((one) => one !== 'rejected');
    expect(new Set(stati)).toEqual(new Set(['pending_cancel']));
  });

  test('is listed by pages, whose token is one that a page gave', async () => {
    await given(limits);
    for (let sent = 0; sent < 6; sent += 1) await cell.place({ qty: '1' });
    const [hard, soft] = await until(breaches, (found) => found.length === 2);
    const page = (token: string) => desk.ask(`GET /v1/surveillance/breaches?page_token=${token}`);
    const at = parseTimestamp(String(hard?.['at'])) ?? timestamp(0);
    const { body } = await page(placeOf({ at, breachId: String(hard?.['id']) }));
    expect(body['breaches']).toMatchObject([{ id: soft?.['id'] }]);
    for (const token of ['foo', '', '0000000000000001-x', `~${'f'.repeat(40)}`, String(hard?.['id'])])
      expect(await page(token)).toMatchObject({
        status: 422,
        body: {
          reason: 'field_invalid',
          field: 'page_token',
          message: 'page_token: the next_page_token of the page before',
        },
      });
  });

  test('is warned of before, once', async () => {
    await given(limits);
    for (let sent = 0; sent < 5; sent += 1) await cell.place({ qty: '1' });
    const warned = await until(breaches, (found) => found[0]?.['outcome'] === 'warned');
    expect(warned).toMatchObject([{ level: 'soft', limit: '3', observed: '4' }]);
    expect(await figures()).toMatchObject({
      message_rate: { window_seconds: 60, observed: '5', soft: '3', hard: '5' },
    });
  });

  test('trades again when two have lifted the halt, and is not halted for what was before', async () => {
    await given(limits);
    for (let sent = 0; sent < 6; sent += 1) await cell.place({ qty: '1' });
    await halted();
    await desk.second(`POST /v1/approvals/${await desk.askToLift()}/approve`);
    for (let sent = 0; sent < 3; sent += 1) expect((await cell.place({ qty: '1' })).status).toBe(200);
    await cell.cell.views.drained();
    await pause(600);
    expect(await status()).toBe('active');
  });

  test('may cancel all the same', async () => {
    await given(limits);
    const { body } = await cell.place({ qty: '1' });
    for (let sent = 0; sent < 5; sent += 1) await cell.place({ qty: '1' });
    await halted();
    const answer = await cell.ask(cell.key('first'), `DELETE /v2/orders/${String(body['id'])}`);
    expect([204, 422]).toContain(answer.status);
    expect(answer.body['reason']).not.toBe('account_halted');
  });
});

test('the halt names breach, limit, what was observed and the config, and its actor is surveillance', async () => {
  await given({ instrumentExposure: { USD: { hard: '1500.00' } } });
  await cell.place();
  await cell.place();
  await halted();
  const commits = await cell.cell.dependencies.store.read(`account-${desk.accountId}`, 1, cell.deadline());
  expect(commits.at(-1)).toMatchObject({
    actor: { kind: 'risk', id: 'surveillance' },
    config: cell.cell.dependencies.config.current().version,
    causationId: expect.stringMatching(/^order-.*@1$/),
    events: [
      {
        type: 'AccountHalted',
        data: { breach: { watched: 'instrument_exposure ALFA USD', limit: '1500.00', observed: '2000' } },
      },
    ],
  });
});

test('orders that are refused again and again halt their account', async () => {
  await given({ repeatedRefusals: { windowSeconds: 60, hard: 2 } });
  for (let sent = 0; sent < 3; sent += 1) await cell.place({ limit_price: '150' });
  await halted();
});

test('what the day costs halts the account, fees and what is held at the last price included', async () => {
  await given({ dayLoss: { USD: { hard: '45.00' } } });
  await desk.filled({ qty: '10' }, [{ execution_id: 'b1', qty: '10', price: '100' }]);
  await desk.filled({ side: 'sell', qty: '1', limit_price: '96' }, [
    { execution_id: 's1', qty: '1', price: '96' },
  ]);
  await cell.cell.views.drained();
  expect(await figures()).toMatchObject({ money: [{ day_loss: { observed: '40.11', hard: '45.00' } }] });
  await desk.filled({ side: 'sell', qty: '1', limit_price: '95' }, [
    { execution_id: 's2', qty: '1', price: '95' },
  ]);
  await halted();
});

describe('a strategy that repeats itself', () => {
  const limits = { repeatedExecutions: { windowSeconds: 600, hard: 2 } };
  const grid = { strategy_id: 'grid' };

  async function stopped(): Promise<void> {
    await given(limits);
    for (const id of ['e1', 'e2', 'e3'])
      await desk.filled({ qty: '1', ...grid }, [{ execution_id: id, qty: '1', price: '100' }]);
    await until(breaches, (found) => found[0]?.['outcome'] === 'strategy_stopped');
  }

  test('is stopped, and nothing else', async () => {
    await stopped();
    expect(await cell.place(grid)).toMatchObject({ status: 403, body: { reason: 'strategy_stopped' } });
    expect(await reasonOf({ strategy_id: 'other' })).toBeUndefined();
    expect(await reasonOf()).toBeUndefined();
    expect(await status()).toBe('active');
    await cell.cell.views.drained();
    expect(await figures()).toMatchObject({ strategies: [{ strategy_id: 'grid', stopped: true }] });
  });

  test('goes on when a person asks for it and another agrees', async () => {
    await stopped();
    const route = `POST /v1/surveillance/strategies/${desk.accountId}/grid/re-enable`;
    const asked = await desk.ask(route, { reason: 'the loop is mended' });
    expect(asked.status).toBe(202);
    expect(await reasonOf(grid)).toBe('strategy_stopped');
    await desk.second(`POST /v1/approvals/${desk.approvalId(asked.body)}/approve`);
    expect(await reasonOf(grid)).toBeUndefined();
    expect((await desk.ask(route, { reason: 'again' })).body['reason']).toBe('strategy_not_stopped');
  });
});
