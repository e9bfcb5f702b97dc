import { expect, test } from 'vitest';
import { cancelOpenOrders } from '../../../platform/cancelling/cancel-open-orders.ts';
import { type Deadline, deadlineIn } from '../../../platform/deadline/deadline.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';

const cause = 'connection 7';
const reason = 'disconnect';

function cancelAll(
  cell: TestCell,
  accountId: string,
  more: { deadline?: Deadline; symbols?: string[] } = {},
) {
  const { dependencies } = cell.cell;
  const { deadline = deadlineIn(10_000, dependencies.clock), symbols } = more;
  return cancelOpenOrders(
    dependencies,
    { accountId, reason, cause, ...(symbols && { symbols }) },
    { actor: { kind: 'system', id: 'test', proof: 'internal' }, deadline },
  );
}

async function accountOf(cell: TestCell): Promise<string> {
  return String((await cell.ask(cell.key('first'), 'GET /v2/account')).body['id']);
}

async function withCell(work: (cell: TestCell, accountId: string) => Promise<void>): Promise<void> {
  const cell = await startTestCell();
  try {
    await work(cell, await accountOf(cell));
  } finally {
    await cell.stop();
  }
}

test('every open order of the account is asked, and says why; nobody else is', () =>
  withCell(async (cell, accountId) => {
    for (let placed = 0; placed < 3; placed += 1) await cell.place();
    const other = await cell.place({}, cell.key('second'));
    expect(await cancelAll(cell, accountId)).toEqual({ asked: 3, refused: 0, failed: [], isComplete: true });
    const open = await cell.ask(cell.key('first'), 'GET /v2/orders');
    expect(open.list.map(({ status }) => status)).toEqual(Array.from({ length: 3 }, () => 'pending_cancel'));
    const history = await cell.ask(
      cell.key('first'),
      `GET /v2/orders/${String(open.list[0]?.['id'])}/events`,
    );
    expect(history.list.at(-1)).toMatchObject({
      command_id: `§ cancel ${cause}`,
      events: [{ type: 'CancelRequested', data: { reason } }],
      actor: { kind: 'system', id: 'test' },
    });
    const untouched = await cell.ask(cell.key('second'), `GET /v2/orders/${String(other.body['id'])}`);
    expect(untouched.body['status']).toBe('pending_new');
  }));

test('a second call for the same cause writes nothing more', () =>
  withCell(async (cell, accountId) => {
    const { body } = await cell.place();
    await cancelAll(cell, accountId);
    expect(await cancelAll(cell, accountId)).toMatchObject({ asked: 0, refused: 0, isComplete: true });
    const history = await cell.ask(cell.key('first'), `GET /v2/orders/${String(body['id'])}/events`);
    expect(history.list).toHaveLength(2);
  }));

test('an order that was replaced before it went to its venue is asked too, and a replace that waits for its answer is no second one', () =>
  withCell(async (cell, accountId) => {
    const { orders, clock } = cell.cell.dependencies;
    const key = cell.key('first');
    const queued = await cell.place({ time_in_force: 'opg', type: 'market', limit_price: undefined });
    const replaced = await cell.ask(key, `PATCH /v2/orders/${String(queued.body['id'])}`, {
      body: { qty: '3' },
    });
    expect(replaced.body).toMatchObject({ status: 'accepted', qty: '3' });
    const context = { actor: { kind: 'system', id: 'test' }, deadline: deadlineIn(10_000, clock) } as const;
    await orders.handle(`order-${String(queued.body['id'])}`, { do: 'release' }, context);
    const sent = await cell.place();
    await cell.ask(key, `PATCH /v2/orders/${String(sent.body['id'])}`, { body: { qty: '7' } });
    expect(await cancelAll(cell, accountId)).toEqual({ asked: 2, refused: 0, failed: [], isComplete: true });
    const { body } = await cell.ask(key, `GET /v2/orders/${String(replaced.body['id'])}`);
    expect(body['status']).toBe('pending_cancel');
  }));

test('only orders in the symbols named are asked', () =>
  withCell(async (cell, accountId) => {
    await cell.place();
    await cell.place({ symbol: 'BRVO', limit_price: '25' });
    expect(await cancelAll(cell, accountId, { symbols: ['BRVO'] })).toMatchObject({ asked: 1 });
  }));

test('more orders than fit on a page are asked all the same, each once', () =>
  withCell(async (cell, accountId) => {
    const placed = Array.from({ length: 520 }, () => cell.place({ qty: '1', limit_price: '99' }));
    expect((await Promise.all(placed)).filter(({ status }) => status !== 200)).toEqual([]);
    expect(await cancelAll(cell, accountId)).toMatchObject({ asked: 520, isComplete: true });
  }));

test('out of time it says so, and the next call finishes what is left', () =>
  withCell(async (cell, accountId) => {
    await cell.place();
    const { clock } = cell.cell.dependencies;
    const tooShort = await cancelAll(cell, accountId, { deadline: deadlineIn(200, clock) });
    expect(tooShort).toMatchObject({ asked: 0, isComplete: false });
    expect(await cancelAll(cell, accountId)).toMatchObject({ asked: 1, isComplete: true });
  }));

test('no order can be named so that it is not asked', () =>
  withCell(async (cell, accountId) => {
    await cell.place({ client_order_id: `cancel ${cause}` });
    expect(await cancelAll(cell, accountId)).toMatchObject({ asked: 1, refused: 0 });
  }));
