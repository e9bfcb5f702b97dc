import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FreshViews } from '../../../platform/change-feed/fresh-views.ts';
import { LocalChangeFeed } from '../../../platform/change-feed/local.ts';
import { sqliteChangeFeed } from '../../../platform/change-feed/sqlite.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { rowsOf } from '../../../platform/views/order-row.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { rebuild } from '../../../platform/views/rebuild.ts';
import { SqliteViews } from '../../../platform/views/sqlite.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { OrderScript } from '../../support/orders.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-feed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const soon = () => deadlineIn(10_000, systemClock);
const query = { accountId: 'account-1', status: 'all', direction: 'asc', limit: 500 } as const;

/** A process over a data folder: a log, views in the same file, and the feed between them. */
async function openCell(name: string) {
  const store = new SqliteEventStore(join(folder, name));
  const views = await SqliteViews.open(store);
  const consumer = new StreamConsumer({
    projection: viewProjection,
    effects: views,
    parking: views,
    log: store,
    clock: systemClock,
    onParked: (_, { error }) => {
      throw new Error(error);
    },
  });
  const failures: unknown[] = [];
  const feed = sqliteChangeFeed(store, {
    consumer,
    clock: systemClock,
    onFailure: (error) => failures.push(error),
  });
  const append = async (commits: readonly Commit[]) => {
    for (const commit of commits) await store.append([commit], []);
  };
  const close = async () => {
    await feed.stop();
    await store.close();
  };
  return { store, views, consumer, feed, failures, append, close };
}

describe('the feed of the SQLite log', () => {
  let cell: Awaited<ReturnType<typeof openCell>>;
  let name: string;
  beforeEach(async () => {
    name = anId();
    cell = await openCell(name);
  });
  afterEach(() => cell.close());

  test('a list shows what was written before it was asked for', async () => {
    await cell.feed.start();
    const fresh = new FreshViews(cell.views, cell.feed, systemClock);
    for (let index = 0; index < 5; index++) {
      await cell.append(new OrderScript(anId(), { startsAt: index }).place().stored());
      expect(await fresh.orders(query, soon())).toHaveLength(index + 1);
    }
  });

  test('goes on after a restart where it stopped', async () => {
    await cell.feed.start();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000).fill(1, 1_000);
    await cell.append(order.stored().slice(0, 2));
    await cell.feed.drained();
    await cell.close();
    cell = await openCell(name);
    await cell.append(order.stored().slice(2));
    await cell.feed.start();
    expect(cell.feed.position).toBe('2');
    await cell.feed.drained();
    expect(cell.feed.position).toBe('3');
    expect(await cell.views.orders(query)).toEqual(rowsOf(order.commits));
    expect(cell.failures).toEqual([]);
  });

  test('delivers again what was applied when its place was not saved: nothing changes', async () => {
    await cell.feed.start();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000);
    await cell.append(order.stored());
    await cell.feed.drained();
    cell.feed.restart();
    expect(await cell.feed.caughtUp(soon(), '2')).toBe(true);
    expect(await cell.views.position('account-1', 'ACME')).toMatchObject({ quantity: '1' });
  });

  test('passes over commits that are not for its consumer', async () => {
    await cell.feed.start();
    await cell.append([aCommit({ stream: `account-${anId()}` }), aCommit({ stream: `transfer-${anId()}` })]);
    expect(await cell.feed.caughtUp(soon())).toBe(true);
    await cell.close();
    cell = await openCell(name);
    expect(await cell.store.cursor(viewProjection.name)).toBe('2');
  });

  test('views deleted and rebuilt are equal, while new orders arrive', async () => {
    await cell.feed.start();
    const orders = Array.from({ length: 60 }, (_, index) =>
      new OrderScript(`o${index}`, { startsAt: index, venue: `venue-${index % 3}` })
        .place({ quantity: '40', side: index % 4 === 3 ? 'sell' : 'buy' })
        .fill(1 + (index % 5), 1_000 + index)
        .replace({ quantity: '50' })
        .report({ report: 'confirm-replace' })
        .fill(2, 1_100),
    );
    for (const order of orders) await cell.append(order.stored());
    await cell.feed.drained();
    const before = [await cell.views.orders(query), await cell.views.positions('account-1')];
    expect(before[0]).toHaveLength(120);
    const late = new OrderScript('late', { account: 'account-2' }).place();
    const rebuilt = rebuild(cell.store, cell.views, cell.consumer, soon);
    await cell.append(late.stored());
    await rebuilt;
    await cell.feed.drained();
    expect([await cell.views.orders(query), await cell.views.positions('account-1')]).toEqual(before);
    expect(await cell.views.orders({ ...query, accountId: 'account-2' })).toHaveLength(1);
  });
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
