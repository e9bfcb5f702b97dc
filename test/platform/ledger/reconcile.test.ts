import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { money } from '../../../domain/values/money.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { CorruptCommit } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';
import { FaultyStore } from '../command-handler/faulty-store.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { Desk, newName } from '../../support/desk.ts';
import {
  accept,
  bust,
  cancel,
  contract,
  correction,
  execution,
  replace,
  rules,
} from '../../support/order.ts';

const fees = { ratePpm: 1_000, perLotMicros: 500_000, minimum: 35 };

test('the books agree where a correction, not an execution, took an order above its quantity', async () => {
  const desk = new Desk(new MemoryEventStore());
  const accountId = await desk.account(1_000_000);
  const { orderId } = await desk.place(accountId);
  const executed = newName('e');
  await desk.report(orderId, execution(executed, 10));
  await desk.report(orderId, correction(executed, newName('e'), 12));
  expect(await desk.item(accountId)).toMatchObject({ reduceOnly: 1 });
  expect((await reconcile(desk.store)).findings).toEqual([]);
});

describe('the books of a market in use', () => {
  let store: FaultyStore;
  let desk: Desk;
  let accountId: string;

  beforeEach(async () => {
    store = new FaultyStore(new MemoryEventStore());
    desk = new Desk(store);
    accountId = await trade(desk);
  });

  afterEach(() => {
    expect(desk.quarantined).toEqual([]);
  });

  test('agree with the log', async () => {
    const result = await reconcile(store);
    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({ differences: 0, unsettled: [], accounts: 3 });
    expect(result.sums.map(({ asset, total }) => [asset, total])).toEqual([
      ['ACME', '0'],
      ['USD', '0.00'],
    ]);
    expect(result.sums.map(({ amounts }) => amounts.shortfall)).toEqual(['0', '-149.00']);
    expect(result.sums.map(({ amounts }) => amounts.external)).toEqual(['-95', '-10053.00']);
  });

  test.each([
    ['available_USD', 1],
    ['held_USD', -1],
    ['shortfall_USD', -1],
    ['openOrders', 1],
    ['reduceOnly', 1],
    ['epoch', 1],
    ['dayNotional_USD', 7],
  ])('differ when somebody changes %s of an account', async (attribute, change) => {
    await tamper(store, { owner: accountId, name: 'account' }, attribute, change);
    const { findings, differences } = await reconcile(store);
    expect(differences).toBe(1);
    expect(findings).toMatchObject([{ where: `${accountId} account`, what: attribute }]);
  });

  test.each(['available', 'held', 'shortfall', 'exposure'])(
    'differ when somebody changes %s of a position',
    async (attribute) => {
      await tamper(store, { owner: accountId, name: 'position-ACME' }, attribute, 1);
      expect((await reconcile(store)).findings).toMatchObject([
        { where: `${accountId} position-ACME`, what: attribute },
      ]);
    },
  );

  test('differ when a position appears that no stream knows', async () => {
    await tamper(store, { owner: accountId, name: 'position-NONE' }, 'available', 5);
    expect((await reconcile(store)).findings).toMatchObject([
      { where: `${accountId} position-NONE`, what: 'available', expected: '0', found: '5' },
    ]);
  });

  test('show an event that was changed where it is and in the totals', async () => {
    store.tamper = changeLastPrice;
    const { findings } = await reconcile(store);
    expect(findings.map(({ where, what }) => `${where.split('-')[0]}: ${what}`)).toContain(
      'order: cash traded',
    );
  });

  test('show a commit that was changed by the hash in the one after it', async () => {
    store.tamper = (commit) =>
      commit.stream.startsWith('order-') && commit.version === 1 ? { ...commit, cell: 'elsewhere' } : commit;
    const { findings } = await reconcile(store);
    expect(findings.some(({ found }) => found.includes('does not carry the hash'))).toBe(true);
  });

  test('show a stream that cannot be read, and go on to the others', async () => {
    const read = store.read.bind(store);
    let broken: string | undefined;
    store.read = async (...request) => {
      const [stream] = request;
      if (stream.startsWith('order-')) broken ??= stream;
      if (stream === broken) throw new CorruptCommit(`${stream} version 1: events is not JSON`);
      return read(...request);
    };
    const { findings, streams } = await reconcile(store);
    expect(findings).toContainEqual(
      expect.objectContaining({
        where: broken,
        found: expect.stringMatching(/^CorruptCommit: .*is not JSON$/),
      }),
    );
    expect(streams).toBeGreaterThan(5);
  });

  test('show items that cannot be read', async () => {
    const readItems = store.readItems.bind(store);
    store.readItems = async (...request) => {
      if (request[0] === accountId)
        throw new CorruptCommit(`an item of ${accountId} is not what was written`);
      return readItems(...request);
    };
    const { findings } = await reconcile(store);
    expect(findings).toMatchObject([{ where: accountId, what: 'audit' }]);
  });

  test('show a commit that is missing', async () => {
    const read = store.read.bind(store);
    store.read = async (...request) => (await read(...request)).filter(({ version }) => version !== 2);
    const { findings } = await reconcile(store);
    expect(findings.some(({ what }) => what === 'versions')).toBe(true);
    expect(findings.some(({ found }) => found.startsWith('VersionGap'))).toBe(true);
  });

  test('show a snapshot that is not what the events say', async () => {
    store.tamper = forgeSnapshot;
    const { findings } = await reconcile(store);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ what }) => what.startsWith('snapshot of version'))).toBe(true);
  });

  test('show an event that nobody of us wrote', async () => {
    const stray = aCommit({ stream: `order-${anId()}`, commitId: anId() });
    await store.append([stray], [], desk.deadline);
    expect((await reconcile(store)).findings).toMatchObject([
      { where: stray.stream, what: 'version 1', found: 'CorruptCommit: Happened schema 1 is unknown' },
    ]);
  });

  test('are not compared at all when there is not the time to read them', async () => {
    const clock = new VirtualClock();
    store.before = () => Promise.resolve(clock.advance(1));
    const limit = (milliseconds: number) => ({ clock, deadline: deadlineIn(milliseconds, clock) });
    await expect(reconcile(store, limit(5))).rejects.toMatchObject({ name: 'DeadlineExceeded' });
    expect(await reconcile(store, limit(1_000))).toMatchObject({ differences: 0 });
  });

  test('are not compared when there is not the time to look at every account', async () => {
    const clock = new VirtualClock();
    const readItems = store.readItems.bind(store);
    store.readItems = (...request) => {
      clock.advance(1);
      return readItems(...request);
    };
    const limit = (milliseconds: number) => ({ clock, deadline: deadlineIn(milliseconds, clock) });
    await expect(reconcile(store, limit(2))).rejects.toMatchObject({ name: 'DeadlineExceeded' });
    expect(await reconcile(store, limit(100))).toMatchObject({ differences: 0 });
  });

  test('of an account that is written while it is read are read again', async () => {
    const read = store.read.bind(store);
    let writes = 1;
    store.read = async (...request) => {
      const commits = await read(...request);
      if (request[0].startsWith('transfer-') && writes > 0) {
        writes -= 1;
        await desk.move(accountId, 'in', { kind: 'cash', currency: 'USD', amount: money(100) });
      }
      return commits;
    };
    expect(await reconcile(store)).toMatchObject({ findings: [], unsettled: [] });
    expect(writes).toBe(0);
  });

  test('of an account that never rests are left open, not called wrong', async () => {
    const readItems = store.readItems.bind(store);
    store.readItems = async (...request) => {
      const asset = { kind: 'cash', currency: 'USD', amount: money(100) } as const;
      if (request[0] === accountId) await desk.move(accountId, 'in', asset);
      return readItems(...request);
    };
    expect(await reconcile(store)).toMatchObject({ findings: [], unsettled: [accountId] });
  });
});

/** Fills, a late fill, an overfill, a replace, cancels, a bust, a correction, transfers, a shortfall and a denial. */
async function trade(desk: Desk): Promise<string> {
  const accountId = await desk.account(1_000_000, 100);
  const other = await desk.account(200, 0);
  const under = rules({ fees });
  const buy = await desk.place(accountId, { rules: under });
  await desk.report(buy.orderId, accept);
  const [a, b, c] = [newName('e'), newName('e'), newName('e')];
  await desk.report(buy.orderId, execution(a, 3, 9_950));
  const request = replace(newName('r'), { quantity: '12' }, { rules: under });
  await desk.command(buy.orderId, request);
  await desk.report(buy.orderId, { report: 'confirm-replace' });
  await desk.report(buy.orderId, execution(b, 4));
  await desk.report(buy.orderId, correction(a, c, 2, 9_940));
  await desk.report(buy.orderId, bust(b));
  await desk.command(buy.orderId, cancel(newName('cancel')));
  await desk.report(buy.orderId, { report: 'confirm-cancel' });
  await desk.report(buy.orderId, execution(newName('e'), 1, 9_990));
  const sell = await desk.place(accountId, { side: 'sell', rules: under });
  await desk.report(sell.orderId, execution(newName('e'), 10, 10_010));
  await desk.place(accountId, { rules: under });
  await desk.place(other, { rules: under });
  await desk.move(accountId, 'out', { kind: 'cash', currency: 'USD', amount: money(100_000) });
  await desk.move(accountId, 'out', { kind: 'shares', contract, quantity: quantity(5) });
  await desk.move(accountId, 'out', { kind: 'cash', currency: 'USD', amount: money(200) }, 100);
  await desk.move(accountId, 'out', { kind: 'cash', currency: 'USD', amount: money(99_999_999) });
  expect(await desk.item(accountId)).toMatchObject({ reduceOnly: 0, openOrders: 1 });
  const long = await desk.place(accountId, { quantity: '1', rules: under });
  for (let fill = 0; fill < 20; fill += 1) await desk.report(long.orderId, { report: 'suspend' });
  await overfill(desk, await desk.account(100_100));
  return accountId;
}

/** Two shares too many: the account cannot pay for both of them, and pays a part of what it owes later. */
async function overfill(desk: Desk, accountId: string): Promise<void> {
  const { orderId } = await desk.place(accountId);
  await desk.report(orderId, execution(newName('e'), 12));
  expect(await desk.item(accountId)).toMatchObject({ shortfall_USD: -19_900, reduceOnly: 1 });
  await desk.move(accountId, 'in', { kind: 'cash', currency: 'USD', amount: money(5_000) });
  expect(await desk.item(accountId)).toMatchObject({ shortfall_USD: -14_900, available_USD: 0 });
}

async function tamper(
  store: FaultyStore,
  key: { owner: string; name: string },
  attribute: string,
  change: number,
): Promise<void> {
  const commit = aCommit({ stream: `other-${anId()}`, commitId: anId() });
  const result = await store.append(
    [commit],
    [{ key, conditions: [], add: { [attribute]: change } }],
    0 as never,
  );
  expect(result).toEqual({ outcome: 'appended' });
}

function changeLastPrice(commit: Commit): Commit {
  const [first, ...rest] = commit.events;
  if (first.type !== 'OrderExecuted') return commit;
  return { ...commit, events: [{ ...first, data: { ...first.data, lastPrice: 9_000 } }, ...rest] };
}

function forgeSnapshot(commit: Commit): Commit {
  const { snapshot } = commit;
  if (!snapshot || !commit.stream.startsWith('order-')) return commit;
  const state = JSON.parse(JSON.stringify(snapshot.state).replace(/"updatedAt":\d+/, '"updatedAt":1'));
  return { ...commit, snapshot: { ...snapshot, state } };
}
