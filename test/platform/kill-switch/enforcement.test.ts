import { afterEach, beforeEach, expect, test } from 'vitest';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { KillSwitchEnforcement } from '../../../platform/kill-switch/enforcement.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import type { Dependencies } from '../../../functions/dependencies.ts';

let cell: TestCell;
let parts: Dependencies;

beforeEach(async () => {
  cell = await startTestCell();
  parts = cell.cell.dependencies;
});
afterEach(() => cell.stop());

const actor = { kind: 'risk', id: 'ann' } as const;
const soon = () => deadlineIn(10_000, parts.clock);
const throwFirm = () =>
  parts.killSwitch.change(
    { do: 'throw', scope: { of: 'firm' }, allowReducing: false, reason: 'a test', by: 'ann' },
    { actor, deadline: soon() },
  );

/** Orders whose cancel was asked for, for this switch, by whatever pass. */
async function asked(ids: readonly string[]): Promise<number> {
  const histories = await Promise.all(
    ids.map((id) => cell.ask(cell.key('first'), `GET /v2/orders/${id}/events`)),
  );
  const cancels = histories.map(
    ({ list }) => list.filter(({ events }) => JSON.stringify(events).includes('kill_switch')).length,
  );
  return cancels.reduce((sum, count) => sum + count, 0);
}

test('what one process left undone the next finishes, and no order is asked twice', async () => {
  const ids: string[] = [];
  for (let placed = 0; placed < 120; placed += 1) {
    const { body } = await cell.place({ qty: '1', limit_price: '90', client_order_id: `order ${placed}` });
    ids.push(String(body['id']));
  }
  let left = 40;
  const dying: Pick<Dependencies['orders'], 'handle'> = {
    handle: async (...request) => {
      left -= 1;
      if (left < 0) throw new Error('the process is gone');
      return parts.orders.handle(...request);
    },
  };
  await throwFirm();
  const first = new KillSwitchEnforcement({ ...parts, orders: dying });
  expect((await first.pass(soon())).failed.length).toBeGreaterThan(0);
  await new KillSwitchEnforcement(parts).pass(soon());
  await new KillSwitchEnforcement(parts).pass(soon());
  expect(await asked(ids)).toBe(ids.length);
});

test('a pass without time does nothing and says that it is not done', async () => {
  await cell.place({ limit_price: '90' });
  await throwFirm();
  const enforcement = new KillSwitchEnforcement({
    ...parts,
    killSwitch: { stream: parts.killSwitch.stream, inForce: () => parts.killSwitch.inForce(soon()) },
  });
  const late = deadlineIn(-1, parts.clock);
  expect(await enforcement.pass(late)).toMatchObject({ asked: 0, isComplete: false });
});

test('nothing is looked for while no switch is thrown', async () => {
  const views = {
    orders: () => Promise.reject(new Error('orders were asked for')),
    openAccounts: () => Promise.reject(new Error('accounts were asked for')),
  };
  const enforcement = new KillSwitchEnforcement({ ...parts, views });
  expect(await enforcement.pass(soon())).toEqual({ asked: 0, failed: [], isComplete: true });
});

test('a switch is not done with while the lists may lack orders placed before it', async () => {
  let behindMs = 60_000;
  let isListed = false;
  const views: Pick<Dependencies['views'], 'orders' | 'openAccounts'> = {
    orders: async (query, deadline) => (isListed ? parts.views.orders(query, deadline) : []),
    openAccounts: async (deadline) => (isListed ? parts.views.openAccounts(deadline) : []),
  };
  const lag = async () => ({ commits: 1, ageMs: behindMs });
  let monotonicMs = parts.clock.monotonicMs();
  const clock = { ...parts.clock, now: () => parts.clock.now(), monotonicMs: () => monotonicMs };
  const enforcement = new KillSwitchEnforcement({ ...parts, views, lag, clock });
  const pass = async () => {
    monotonicMs += 60_000;
    return enforcement.pass(deadlineIn(10_000, clock));
  };
  const { body } = await cell.place({ limit_price: '90' });
  await throwFirm();
  expect(await pass()).toMatchObject({ asked: 0, behindMs });
  expect(await pass()).toMatchObject({ asked: 0, behindMs });
  [behindMs, isListed] = [0, true];
  expect(await pass()).not.toHaveProperty('behindMs');
  expect(await asked([String(body['id'])])).toBe(1);
});

test('a switch is never done with where nobody knows how far the lists are', async () => {
  let isListed = false;
  const views: Pick<Dependencies['views'], 'orders' | 'openAccounts'> = {
    orders: async (query, deadline) => (isListed ? parts.views.orders(query, deadline) : []),
    openAccounts: async (deadline) => (isListed ? parts.views.openAccounts(deadline) : []),
  };
  let monotonicMs = parts.clock.monotonicMs();
  const clock = { ...parts.clock, now: () => parts.clock.now(), monotonicMs: () => monotonicMs };
  const enforcement = new KillSwitchEnforcement({ ...parts, views, clock });
  const pass = async () => {
    monotonicMs += 60_000;
    return enforcement.pass(deadlineIn(10_000, clock));
  };
  const { body } = await cell.place({ limit_price: '90' });
  await throwFirm();
  for (let minute = 0; minute < 3; minute += 1) expect(await pass()).toMatchObject({ asked: 0 });
  isListed = true;
  await pass();
  expect(await asked([String(body['id'])])).toBe(1);
});

test('a pass goes on at the account where the one before ran out of time', async () => {
  const looked = new Set<string>();
  let monotonicMs = parts.clock.monotonicMs();
  const clock = { ...parts.clock, now: () => parts.clock.now(), monotonicMs: () => monotonicMs };
  const accounts = ['a', 'b', 'c', 'd', 'e'];
  const views: Pick<Dependencies['views'], 'orders' | 'openAccounts'> = {
    // Nothing of these is to be canceled, and so they come again with every pass.
    orders: async ({ accountId }) => {
      looked.add(accountId);
      monotonicMs += 6_000;
      return [];
    },
    openAccounts: async () => accounts,
  };
  await throwFirm();
  const enforcement = new KillSwitchEnforcement({ ...parts, views, clock });
  for (let minute = 0; minute < 3; minute += 1) await enforcement.pass(deadlineIn(10_000, clock));
  expect([...looked]).toEqual(accounts);
});
