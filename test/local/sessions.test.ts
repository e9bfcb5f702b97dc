import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { AccountCommand } from '../../domain/account/commands.ts';
import { accountStream } from '../../domain/account/state.ts';
import { startSessions } from '../../local/sessions.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { SessionPass } from '../../platform/sessions/session-pass.ts';
import type { ViewReader } from '../../platform/views/port.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-sessions-'));
afterAll(() => rmSync(folder, { recursive: true }));

const apple = { symbol: 'AAPL', limit_price: '230' };

async function pass(cell: TestCell) {
  const { dependencies } = cell.cell;
  return new SessionPass(dependencies).run(deadlineIn(10_000, dependencies.clock));
}

async function statusOf(cell: TestCell, id: unknown): Promise<unknown> {
  return (await cell.ask(cell.key('first'), `GET /v2/orders/${String(id)}`)).body['status'];
}

async function reportTo(cell: TestCell, id: unknown, key: string, body: unknown): Promise<unknown> {
  const venue = await cell.issue({ role: 'venue', venue_id: 'sim', person_id: 'sim' });
  const answer = await cell.ask(venue, `POST /v1/orders/${String(id)}/reports`, {
    body,
    headers: { 'idempotency-key': key },
  });
  return answer.body['events'];
}

async function agrees(cell: TestCell): Promise<void> {
  const { body } = await cell.ask(cell.key('administrator'), 'GET /v1/reconcile');
  expect(body['differences']).toBe(0);
}

test('a day order of the evening waits for the open, enters once, and ends with its session', async () => {
  const cell = await startTestCell({ venue: 'off' });
  cell.clock.set('2026-11-23T22:00:00Z');
  const { body } = await cell.place(apple);
  expect(body['status']).toBe('accepted');
  expect(await pass(cell)).toMatchObject({ expired: 0, released: 0 });
  cell.clock.set('2026-11-24T14:30:00Z');
  expect(await pass(cell)).toMatchObject({ released: 1, isComplete: true });
  expect(await pass(cell)).toMatchObject({ released: 0, asked: 0 });
  expect(await statusOf(cell, body['id'])).toBe('pending_new');
  cell.clock.set('2026-11-24T21:15:00Z');
  expect(await pass(cell)).toMatchObject({ asked: 1 });
  expect(await pass(cell)).toMatchObject({ asked: 0 });
  expect(await statusOf(cell, body['id'])).toBe('pending_cancel');
  // A fill that was on its way counts, and what the venue then confirms is that the order has ended.
  expect(
    await reportTo(cell, body['id'], 'f', { report: 'execute', execution_id: 'E', qty: '4', price: '230' }),
  ).toEqual(['OrderExecuted']);
  expect(await reportTo(cell, body['id'], 'c', { report: 'confirm-cancel' })).toEqual(['OrderExpired']);
  const order = await cell.ask(cell.key('first'), `GET /v2/orders/${String(body['id'])}`);
  expect(order.body).toMatchObject({ status: 'expired', filled_qty: '4' });
  await agrees(cell);
  await cell.stop();
});

test('what has queued for an account that was halted waits until the halt is lifted', async () => {
  const cell = await startTestCell({ venue: 'off' });
  cell.clock.set('2026-11-23T22:00:00Z');
  const { body } = await cell.place(apple);
  const account = String((await cell.ask(cell.key('first'), 'GET /v2/account')).body['id']);
  const { accounts, clock } = cell.cell.dependencies;
  const change = async (command: AccountCommand) =>
    accounts.handle(accountStream(account), command, {
      actor: { kind: 'system', id: 'test', proof: 'internal' },
      deadline: deadlineIn(5_000, clock),
    });
  await change({ do: 'halt', reason: 'a test' });
  cell.clock.set('2026-11-24T14:30:00Z');
  expect(await pass(cell)).toMatchObject({ released: 0, failed: [], isComplete: true });
  expect(await statusOf(cell, body['id'])).toBe('accepted');
  await change({ do: 'lift-halt' });
  expect(await pass(cell)).toMatchObject({ released: 1 });
  await cell.stop();
});

test('nothing that has queued enters while a switch of its account is on', async () => {
  const cell = await startTestCell({ venue: 'off' });
  cell.clock.set('2026-11-23T22:00:00Z');
  await cell.place(apple);
  const account = String((await cell.ask(cell.key('first'), 'GET /v2/account')).body['id']);
  const off = await cell.ask(cell.key('administrator'), 'PATCH /v1/config', {
    body: { changes: { switches: { accounts: [account] } }, reason: 'a test' },
  });
  expect(off.status).toBe(200);
  cell.clock.set('2026-11-24T14:30:00Z');
  expect(await pass(cell)).toMatchObject({ released: 0, failed: [], isComplete: true });
  await cell.stop();
});

test('what ended while the cell was down has ended before anybody can trade again', async () => {
  const data = join(folder, 'downtime');
  const first = await startTestCell({ store: { kind: 'sqlite', folder: data }, venue: 'off' });
  first.clock.set('2026-11-23T22:00:00Z');
  const day = await first.place(apple);
  const good = await first.place({ ...apple, time_in_force: 'gtc' });
  const dated = await first.place({ ...apple, time_in_force: 'gtd', expires_at: '2026-11-24T12:00:00Z' });
  const client = first.key('first');
  await first.stop();
  const clock = first.clock;
  clock.set('2026-11-25T15:00:00Z');
  const second = await startTestCell({ store: { kind: 'sqlite', folder: data }, venue: 'off', clock });
  const read = async (id: unknown) => (await second.ask(client, `GET /v2/orders/${String(id)}`)).body;
  const shown = async (id: unknown) =>
    (await second.ask(client, `GET /v2/orders/${String(id)}`)).body['status'];
  await expect.poll(() => shown(day.body['id'])).toBe('expired');
  await expect.poll(() => shown(dated.body['id'])).toBe('expired');
  await expect.poll(() => shown(good.body['id'])).toBe('pending_new');
  // First everything ends, then what is left may trade.
  const [ended, released] = await Promise.all([read(dated.body['id']), read(good.body['id'])]);
  expect(String(ended['expired_at']) < String(released['updated_at'])).toBe(true);
  const account = await second.ask(client, 'GET /v2/account');
  expect(account.body['open_orders']).toBe(1);
  await second.stop();
});

test('a clock that is set back releases and ends nothing twice', async () => {
  const cell = await startTestCell({ venue: 'off' });
  cell.clock.set('2026-11-23T22:00:00Z');
  const { body } = await cell.place(apple);
  cell.clock.set('2026-11-24T21:00:00Z');
  expect(await pass(cell)).toMatchObject({ expired: 1 });
  cell.clock.set('2026-11-24T14:00:00Z');
  expect(await pass(cell)).toMatchObject({ expired: 0, released: 0 });
  cell.clock.set('2026-11-24T15:00:00Z');
  expect(await pass(cell)).toMatchObject({ expired: 0, released: 0, asked: 0 });
  expect(await statusOf(cell, body['id'])).toBe('expired');
  await cell.stop();
});

test('our own book ends a day order when it is asked, and the order has expired', async () => {
  const cell = await startTestCell({ venue: 'internal' });
  const { body } = await cell.place({ limit_price: '96' });
  await cell.cell.market?.drained();
  cell.clock.set('2026-11-24T00:00:00Z');
  await pass(cell);
  await cell.cell.market?.drained();
  expect(await statusOf(cell, body['id'])).toBe('expired');
  await agrees(cell);
  await cell.stop();
});

test('a pass that runs out of time goes on where it stopped', async () => {
  const cell = await startTestCell({ venue: 'off' });
  cell.clock.set('2026-11-23T22:00:00Z');
  await cell.place(apple);
  cell.clock.set('2026-11-24T21:00:00Z');
  const { dependencies } = cell.cell;
  const sessions = new SessionPass(dependencies);
  expect(await sessions.run(deadlineIn(200, dependencies.clock))).toMatchObject({ isComplete: false });
  expect(await sessions.run(deadlineIn(5_000, dependencies.clock))).toMatchObject({
    expired: 1,
    isComplete: true,
  });
  await cell.stop();
});

test('between boundaries only orders with a time of their own are looked at, and each still ends in time', async () => {
  const cell = await startTestCell({ venue: 'off' });
  const { dependencies } = cell.cell;
  const asked: string[] = [];
  const views: Pick<ViewReader, 'openOrders'> = {
    openOrders: (query, deadline) => {
      asked.push('timed' in query ? 'timed' : 'all');
      return dependencies.views.openOrders(query, deadline);
    },
  };
  const sessions = new SessionPass({ ...dependencies, views });
  const passAt = async (time: string) => {
    cell.clock.set(time);
    asked.length = 0;
    const { asked: ended } = await sessions.run(deadlineIn(10_000, dependencies.clock));
    return { ended, looked: new Set(asked) };
  };
  cell.clock.set('2026-11-23T22:00:00Z');
  const day = await cell.place(apple);
  const dated = await cell.place({ ...apple, time_in_force: 'gtd', expires_at: '2026-11-24T14:56:00Z' });
  await passAt('2026-11-24T14:30:00Z');
  expect(await statusOf(cell, day.body['id'])).toBe('pending_new');
  await passAt('2026-11-24T14:50:00Z');
  expect(await passAt('2026-11-24T14:51:00Z')).toEqual({ ended: 0, looked: new Set(['timed']) });
  expect(await passAt('2026-11-24T14:56:00Z')).toEqual({ ended: 1, looked: new Set(['timed']) });
  expect(await statusOf(cell, dated.body['id'])).toBe('pending_cancel');
  expect(await statusOf(cell, day.body['id'])).toBe('pending_new');
  // Whatever no rule thought of would be seen within a quarter of an hour.
  expect((await passAt('2026-11-24T15:06:00Z')).looked).toEqual(new Set(['all', 'timed']));
  expect((await passAt('2026-11-24T21:15:00Z')).ended).toBe(1);
  expect(await statusOf(cell, day.body['id'])).toBe('pending_cancel');
  await cell.stop();
});

test('a start does not wait for a calendar that takes long, and goes on with it', async () => {
  const cell = await startTestCell({ venue: 'off' });
  cell.clock.set('2026-11-23T22:00:00Z');
  const { body } = await cell.place(apple);
  cell.clock.set('2026-11-24T14:30:00Z');
  const { dependencies } = cell.cell;
  const slow = Promise.withResolvers<void>();
  const openOrders: ViewReader['openOrders'] = async (query, deadline) => {
    await slow.promise;
    return dependencies.views.openOrders(query, deadline);
  };
  const views: ViewReader = Object.assign(Object.create(dependencies.views), { openOrders });
  const running = new AsyncDisposableStack();
  await startSessions({ ...dependencies, views }, running);
  expect(await statusOf(cell, body['id'])).toBe('accepted');
  slow.resolve();
  await expect.poll(() => statusOf(cell, body['id'])).toBe('pending_new');
  await running.disposeAsync();
  await cell.stop();
});

test('a pass that waits for its lists ends when it is stopped', async () => {
  const cell = await startTestCell({ venue: 'off' });
  const { dependencies } = cell.cell;
  const views: Pick<ViewReader, 'openOrders'> = { openOrders: () => new Promise(() => undefined) };
  const sessions = new SessionPass({ ...dependencies, views });
  const run = sessions.run(deadlineIn(10_000, dependencies.clock));
  sessions.stop();
  expect(await run).toMatchObject({ isComplete: false });
  await cell.stop();
});

test('a pass that is stopped looks at nothing more, and says that it has not come to its end', async () => {
  const cell = await startTestCell({ venue: 'off' });
  cell.clock.set('2026-11-23T22:00:00Z');
  await cell.place(apple);
  cell.clock.set('2026-11-24T14:30:00Z');
  const { dependencies } = cell.cell;
  const sessions = new SessionPass(dependencies);
  sessions.stop();
  expect(await sessions.run(deadlineIn(10_000, dependencies.clock))).toMatchObject({
    released: 0,
    isComplete: false,
  });
  await cell.stop();
});
