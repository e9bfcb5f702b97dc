import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepViewsInMemory } from '../../../functions/compose-views.ts';
import { keepViewsInSqlite } from '../../../functions/compose-sqlite-views.ts';
import { LocalChangeFeed } from '../../../platform/change-feed/local.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { consumerFile } from '../../../platform/consumer/sqlite-file.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { rowsOf } from '../../../platform/views/order-row.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { OrderScript } from '../../support/orders.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-feed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const soon = () => deadlineIn(10_000, systemClock);
const query = { accountId: 'account-1', status: 'all', direction: 'asc', limit: 500 } as const;

/** A process over a data folder: a log, and views in the same thread, each on connections of their own. */
function openCell(name: string) {
  const store = new SqliteEventStore(join(folder, name));
  const failures: unknown[] = [];
  const source = { folder: store.folder, onCommits: (listener: () => void) => store.onCommits(listener) };
  const kept = keepViewsInSqlite(source, systemClock, {
    onParked: (_, { error }) => {
      throw new Error(error);
    },
    onFailure: (error) => failures.push(error),
  });
  const append = async (commits: readonly Commit[]) => {
    for (const commit of commits) await store.append([commit], []);
  };
  const close = async () => {
    await kept.stop();
    await store.close();
  };
  const shown = async () => ({
    orders: await kept.views.orders(query, soon()),
    positions: await kept.views.positions('account-1', soon()),
    activities: await kept.views.activities({ accountId: 'account-1', direction: 'asc', limit: 100 }, soon()),
    feed: await kept.feed.entriesAfter('account-1', 0, 500, soon()),
  });
  return { store, kept, changeFeed: kept.changeFeed, failures, append, shown, close };
}

/** Orders that trade one position at two venues, and change shape: their commits as a log might have them. */
function aBusyDay(orders: number): readonly Commit[] {
  const streams = Array.from({ length: orders }, (_, index) =>
    new OrderScript(`o${index}`, { startsAt: index, venue: `venue-${index % 3}` })
      .place({ quantity: '40', side: index % 4 === 3 ? 'sell' : 'buy' })
      .fill(1 + (index % 5), 1_000 + index)
      .replace({ quantity: '50' })
      .report({ report: 'confirm-replace' })
      .fill(2, 1_100)
      .stored(),
  );
  const rounds = Array.from({ length: 5 }, (_, version) => streams.map((commits) => commits[version]));
  return rounds.flat().filter((commit) => commit !== undefined);
}

describe('the feed of the SQLite log', () => {
  let cell: ReturnType<typeof openCell>;
  let name: string;
  beforeEach(() => {
    name = anId();
    cell = openCell(name);
  });
  afterEach(() => cell.close());

  test('a list shows what was written before it was asked for', async () => {
    await cell.kept.start();
    for (let index = 0; index < 5; index++) {
      await cell.append(new OrderScript(anId(), { startsAt: index }).place().stored());
      expect(await cell.kept.views.orders(query, soon())).toHaveLength(index + 1);
    }
  });

  test('goes on after a restart where it stopped', async () => {
    await cell.kept.start();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000).fill(1, 1_000);
    await cell.append(order.stored().slice(0, 2));
    await cell.kept.drained();
    await cell.close();
    cell = openCell(name);
    await cell.append(order.stored().slice(2));
    await cell.kept.start();
    expect(cell.changeFeed.position).toBe('2');
    await cell.kept.drained();
    expect(cell.changeFeed.position).toBe('3');
    expect(await cell.kept.views.orders(query, soon())).toEqual(rowsOf(order.commits));
    expect(cell.failures).toEqual([]);
  });

  test('delivers again what was applied when its place was not saved: nothing changes', async () => {
    await cell.kept.start();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000);
    await cell.append(order.stored());
    await cell.kept.drained();
    cell.changeFeed.restart();
    expect(await cell.changeFeed.caughtUp(soon(), '2')).toBe(true);
    expect(await cell.kept.views.position('account-1', 'ACME', soon())).toMatchObject({ quantity: '1' });
  });

  test('passes over commits that are not for its consumer', async () => {
    await cell.kept.start();
    await cell.append([aCommit({ stream: `account-${anId()}` }), aCommit({ stream: `key-${anId()}` })]);
    expect(await cell.changeFeed.caughtUp(soon())).toBe(true);
    await cell.close();
    cell = openCell(name);
    await cell.kept.start();
    expect(cell.changeFeed.position).toBe('2');
  });

  test('views deleted and rebuilt are equal, while new orders arrive', async () => {
    await cell.kept.start();
    await cell.append(aBusyDay(60));
    await cell.kept.drained();
    const before = await cell.shown();
    expect(before.orders).toHaveLength(120);
    const rebuilt = cell.kept.rebuild();
    await cell.append(new OrderScript('late', { account: 'account-2' }).place().stored());
    expect(await rebuilt).toMatchObject({ parked: 0 });
    await cell.kept.drained();
    expect(await cell.shown()).toEqual(before);
    expect(await cell.kept.views.orders({ ...query, accountId: 'account-2' }, soon())).toHaveLength(1);
    expect(cell.failures).toEqual([]);
  });

  test('a lost file comes back with the same numbers, whatever batches its commits came in before', async () => {
    await cell.kept.start();
    for (const commit of aBusyDay(40)) {
      await cell.append([commit]);
      if (commit.version % 2 === 1) await cell.kept.drained();
    }
    await cell.kept.drained();
    const before = await cell.shown();
    expect(before.feed.map(({ number }) => number)).toEqual(Array.from({ length: 240 }, (_, n) => n + 1));
    await cell.close();
    rmSync(join(folder, name, consumerFile));
    cell = openCell(name);
    await cell.kept.start();
    await cell.kept.drained();
    expect(await cell.shown()).toEqual(before);
  });

  test('a sweep finds nothing to do, and numbers nothing before its turn', async () => {
    await cell.append(aBusyDay(20));
    await cell.kept.start();
    expect(await cell.kept.sweep()).toMatchObject({ behind: 0, applied: 0 });
    const { feed } = await cell.shown();
    expect(feed.map(({ version }) => version).slice(0, 40)).toEqual([
      ...Array.from({ length: 20 }, () => 1),
      ...Array.from({ length: 20 }, () => 2),
    ]);
  });
});

test('views in memory, deleted and rebuilt, are equal, and the feed’s numbers stay', async () => {
  const store = new MemoryEventStore();
  const alarm = (error: unknown) => {
    throw error;
  };
  const kept = keepViewsInMemory(store, systemClock, {
    onParked: (_, { error }) => alarm(error),
    onFailure: alarm,
  });
  await kept.start();
  for (const commit of aBusyDay(20)) await store.append([commit], []);
  await kept.drained();
  const shown = async () => [
    await kept.views.orders(query, soon()),
    await kept.views.positions('account-1', soon()),
    await kept.views.activities({ accountId: 'account-1', direction: 'asc', limit: 100 }, soon()),
    await kept.feed.entriesAfter('account-1', 0, 500, soon()),
  ];
  const before = await shown();
  expect(before.map((rows) => rows.length)).toEqual([40, 1, 40, 120]);
  expect(await kept.rebuild()).toMatchObject({ commits: 100, parked: 0 });
  expect(await shown()).toEqual(before);
  await kept.stop();
});

describe('a feed whose consumer fails', () => {
  test('says so, waits longer each time, and loses nothing', async () => {
    const clock = new VirtualClock();
    const log = new MemoryEventStore();
    const failures: number[] = [];
    const delivered: number[] = [];
    const feed = new LocalChangeFeed({
      feed: log,
      head: async () => '3',
      clock,
      consumer: {
        name: 'test',
        deliver: async (commits) => {
          if (failures.length < 4) throw new StoreUnavailable('down');
          delivered.push(...commits.map(({ version }) => version));
          return { applied: commits.length, parked: 0, isMarked: false };
        },
      },
      onFailure: () => failures.push(clock.monotonicMs()),
      limits: { lingerMs: 0, batchMax: 2 },
    });
    for (const version of [1, 2, 3]) await log.append([aCommit({ version, commitId: anId() })], []);
    await feed.start();
    await feed.drained();
    expect(delivered).toEqual([1, 2, 3]);
    expect(failures.map((at, index) => at - (failures[index - 1] ?? 0))).toEqual([0, 50, 100, 200]);
    await feed.stop();
    expect(await log.cursor('test')).toBe('3');
  });

  test('lets nobody wait longer than their deadline', async () => {
    const clock = new VirtualClock();
    const log = new MemoryEventStore();
    await log.append([aCommit()], []);
    const feed = new LocalChangeFeed({
      feed: log,
      head: async () => '1',
      clock,
      consumer: { name: 'test', deliver: () => Promise.reject(new StoreUnavailable('down')) },
      onFailure: () => undefined,
    });
    await feed.start();
    expect(await feed.caughtUp(deadlineIn(250, clock))).toBe(false);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(250);
    await feed.stop();
    expect(await feed.caughtUp(deadlineIn(250, clock))).toBe(false);
  });
});
