import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { feedStart } from '../../../platform/event-store/feed.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { emptyFold } from '../../../platform/views/order-row.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { SqliteViews } from '../../../platform/views/sqlite.ts';
import { viewContract } from '../../contract/views.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { OrderScript } from '../../support/orders.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-views-'));
const store = new SqliteEventStore(join(folder, 'views'));
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

viewContract('SQLite', { open: () => SqliteViews.open(store) });

describe('the place in the feed', () => {
  test('is saved with the effects, and not without all of them', async () => {
    const views = await SqliteViews.open(store);
    const advance = { stream: 'order-marked', from: 0, to: 1, memory: emptyFold, effects: [] };
    expect(await views.write([advance], undefined, '7')).toEqual(['written']);
    expect(await store.cursor(viewProjection.name)).toBe('7');
    const other = { ...advance, stream: 'order-other' };
    expect(await views.write([other, advance], undefined, '8')).toEqual(['written', 'conflict']);
    expect(await store.cursor(viewProjection.name)).toBe('7');
    await views.clear();
    expect(await store.cursor(viewProjection.name)).toBe(feedStart);
  });
});

describe('how far a stream is applied', () => {
  const kept = (log: SqliteEventStore) =>
    log.database.prepare('SELECT stream, applied FROM view_streams').all();
  const deadline = deadlineIn(10_000, systemClock);
  let opened = 0;

  /** A log and views in one file, and a consumer that remembers nothing: as a process finds them. */
  async function openFile(name = `file-${(opened += 1)}`) {
    const log = new SqliteEventStore(join(folder, name));
    const views = await SqliteViews.open(log);
    const consumer = new StreamConsumer({
      projection: viewProjection,
      effects: views,
      parking: views,
      log,
      clock: systemClock,
      onParked: () => undefined,
    });
    const deliver = async (mark: string, ...commits: readonly Commit[]) => {
      for (const commit of commits) await log.append([commit], []);
      return consumer.deliver(commits, deadline, mark);
    };
    const appliedOf = async (order: OrderScript) =>
      (await views.progress([order.stream])).get(order.stream)?.applied;
    return { name, log, views, consumer, deliver, appliedOf };
  }

  test('follows from the log for what the feed brought', async () => {
    const { log, deliver, appliedOf } = await openFile();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000);
    expect(await deliver('1', ...order.stored().slice(0, 1))).toMatchObject({ isMarked: true });
    for (const commit of order.stored().slice(1)) await log.append([commit], []);
    expect(await appliedOf(order)).toBe(1);
    expect(kept(log)).toEqual([]);
    await log.close();
  });

  test('is kept apart for what a sweep brought before the feed, until the feed is there', async () => {
    const { log, consumer, deliver, appliedOf } = await openFile();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000);
    for (const commit of order.stored()) await log.append([commit], []);
    await consumer.catchUp([{ stream: order.stream, version: 2 }], deadline);
    expect(kept(log)).toEqual([{ stream: order.stream, applied: 2 }]);
    await consumer.deliver(order.stored(), deadline, '2');
    expect(await appliedOf(order)).toBe(2);
    await deliver('3', ...order.fill(1, 1_000).stored().slice(2));
    expect(await appliedOf(order)).toBe(3);
    expect(kept(log)).toEqual([]);
    await log.close();
  });

  test('stays where it was for a parked stream while the feed goes on, also for the next process', async () => {
    const { name, log, deliver } = await openFile();
    const stuck = aCommit({ stream: 'order-stuck', commitId: anId() });
    expect(await deliver('1', stuck)).toMatchObject({ parked: 1 });
    const order = new OrderScript('a').place();
    expect(await deliver('2', ...order.stored())).toMatchObject({ isMarked: true });
    await log.close();
    const again = await openFile(name);
    expect(await again.consumer.applied([stuck.stream, order.stream], deadline)).toEqual(
      new Map([
        [stuck.stream, 0],
        [order.stream, 1],
      ]),
    );
    await again.log.close();
  });

  test('is nothing after the views were deleted, however far the feed goes on', async () => {
    const { log, views, consumer, deliver, appliedOf } = await openFile();
    const [old, young] = [new OrderScript('old').place(), new OrderScript('young').place()];
    await deliver('1', ...old.stored());
    await views.clear();
    consumer.forget();
    await deliver('2', ...young.stored());
    expect([await appliedOf(old), await appliedOf(young)]).toEqual([undefined, 1]);
    await consumer.catchUp([{ stream: old.stream, version: 1 }], deadline);
    expect(await appliedOf(old)).toBe(1);
    await log.close();
  });
});

describe('views that another release has made', () => {
  test('are thrown away, to be built again from the beginning', async () => {
    const views = await SqliteViews.open(store);
    const advance = { stream: 'order-old', from: 0, to: 1, memory: emptyFold, effects: [] };
    await views.write([advance]);
    await store.write(({ database }) => database.exec('UPDATE view_version SET version = 0'));
    const again = await SqliteViews.open(store);
    expect(await again.progress(['order-old'])).toEqual(new Map());
    expect(await store.cursor(viewProjection.name)).toBe(feedStart);
  });
});
