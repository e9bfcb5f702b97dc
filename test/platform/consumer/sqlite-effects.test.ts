import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SqliteAccountFeed } from '../../../platform/account-feed/sqlite.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { consumerFile } from '../../../platform/consumer/sqlite-file.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { feedStart } from '../../../platform/event-store/feed.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { emptyFold } from '../../../platform/views/order-row.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { SqliteViews } from '../../../platform/views/sqlite.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { openFolder } from '../../support/consumer-file.ts';
import { OrderScript } from '../../support/orders.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-effects-'));
afterAll(() => rmSync(folder, { recursive: true }));
const deadline = deadlineIn(10_000, systemClock);

/** A log, views beside it, and a consumer that remembers nothing: as a process finds them. */
function opened(name = anId()) {
  const { store, log, file, close } = openFolder(join(folder, name));
  const views = new SqliteViews(file);
  const consumer = new StreamConsumer({
    projection: viewProjection,
    effects: views,
    parking: views,
    log,
    clock: systemClock,
    onParked: () => undefined,
  });
  const deliver = async (mark: string, ...commits: readonly Commit[]) => {
    for (const commit of commits) await store.append([commit], []);
    return consumer.deliver(commits, deadline, mark);
  };
  const appliedOf = async (order: OrderScript) =>
    (await views.progress([order.stream])).get(order.stream)?.applied;
  const apart = () => file.database.prepare('SELECT stream, applied FROM apart').all();
  return { name, store, file, views, consumer, deliver, appliedOf, apart, close };
}

describe('the place in the feed', () => {
  test('is saved with the effects, and not without all of them', async () => {
    const { views, close } = opened();
    const advance = { stream: 'order-marked', from: 0, to: 1, memory: emptyFold, effects: [] };
    expect(await views.write([advance], undefined, '7')).toEqual(['written']);
    expect(views.covered()).toBe('7');
    const other = { ...advance, stream: 'order-other' };
    expect(await views.write([other, advance], undefined, '8')).toEqual(['written', 'conflict']);
    expect(views.covered()).toBe('7');
    await views.clear();
    expect(views.covered()).toBe(feedStart);
    await close();
  });

  test('is each consumer’s own', async () => {
    const { views, file, close } = opened();
    const feed = new SqliteAccountFeed(file);
    feed.cover('9');
    expect([views.covered(), feed.covered()]).toEqual([feedStart, '9']);
    await close();
  });
});

describe('how far a stream is applied', () => {
  test('follows from the log for what the feed brought', async () => {
    const { store, deliver, appliedOf, apart, close } = opened();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000);
    expect(await deliver('1', ...order.stored().slice(0, 1))).toMatchObject({ isMarked: true });
    for (const commit of order.stored().slice(1)) await store.append([commit], []);
    expect(await appliedOf(order)).toBe(1);
    expect(apart()).toEqual([]);
    await close();
  });

  test('is kept apart for what a sweep brought before the feed, until the feed is there', async () => {
    const { store, consumer, deliver, appliedOf, apart, close } = opened();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000);
    for (const commit of order.stored()) await store.append([commit], []);
    await consumer.catchUp([{ stream: order.stream, version: 2 }], deadline);
    expect(apart()).toEqual([{ stream: order.stream, applied: 2 }]);
    await consumer.deliver(order.stored(), deadline, '2');
    expect(await appliedOf(order)).toBe(2);
    await deliver('3', ...order.fill(1, 1_000).stored().slice(2));
    expect(await appliedOf(order)).toBe(3);
    expect(apart()).toEqual([]);
    await close();
  });

  test('stays where it was for a parked stream while the feed goes on, also for the next process', async () => {
    const { name, deliver, close } = opened();
    const stuck = aCommit({ stream: 'order-stuck', commitId: anId() });
    expect(await deliver('1', stuck)).toMatchObject({ parked: 1 });
    const order = new OrderScript('a').place();
    expect(await deliver('2', ...order.stored())).toMatchObject({ isMarked: true });
    await close();
    const again = opened(name);
    expect(await again.consumer.applied([stuck.stream, order.stream], deadline)).toEqual(
      new Map([
        [stuck.stream, 0],
        [order.stream, 1],
      ]),
    );
    await again.close();
  });
});

describe('the file', () => {
  test('holds nothing of a consumer whose tables are of another version: it begins again', async () => {
    const { name, file, deliver, close } = opened();
    const order = new OrderScript('old').place();
    await deliver('1', ...order.stored());
    file.database.exec('UPDATE versions SET version = 0');
    await close();
    const again = opened(name);
    expect(await again.appliedOf(order)).toBeUndefined();
    expect(again.views.covered()).toBe(feedStart);
    await again.close();
  });

  test('that is broken is made anew', async () => {
    const { name, deliver, close } = opened();
    const order = new OrderScript('a').place();
    await deliver('1', ...order.stored());
    await close();
    writeFileSync(join(folder, name, consumerFile), 'broken'.repeat(5_000));
    const again = opened(name);
    expect(again.views.covered()).toBe(feedStart);
    expect(await again.consumer.deliver(order.stored(), deadline, '1')).toMatchObject({ applied: 1 });
    await again.close();
  });
});
