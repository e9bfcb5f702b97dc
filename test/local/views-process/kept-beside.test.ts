import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeptViews } from '../../../functions/compose-views.ts';
import { keepViewsBeside } from '../../../local/views-process/kept-beside.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { OrderScript } from '../../support/orders.ts';

const query = { accountId: 'account-1', status: 'all', direction: 'asc', limit: 500 } as const;
const soon = () => deadlineIn(10_000, systemClock);

let folder: string;
let store: SqliteEventStore;
let views: KeptViews;
let parked: string[];
let failures: unknown[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-views-process-'));
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<void> {
  store = new SqliteEventStore(folder);
  [parked, failures] = [[], []];
  views = keepViewsBeside(store, systemClock, {
    onParked: (consumer, { stream }) => parked.push(`${consumer} ${stream}`),
    onFailure: (error) => failures.push(error),
  });
  await views.start();
}

async function close(): Promise<void> {
  await views.stop();
  await store.close();
  expect(failures).toEqual([]);
}

async function append(...commits: readonly Commit[]): Promise<void> {
  for (const commit of commits) await store.append([commit], []);
}

test('a list in this process shows what was written before it was asked for', async () => {
  await views.drained();
  for (let index = 0; index < 5; index++) {
    await append(...new OrderScript(anId(), { startsAt: index }).place().stored());
    expect(await views.views.orders(query, soon())).toHaveLength(index + 1);
  }
});

test('new entries of a feed are told in this process, and can be read at once', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const stop = views.feed.onEntries(resolve);
  await append(...new OrderScript('a', { account: 'mine' }).place().stored());
  expect(await promise).toEqual(['mine']);
  stop();
  expect(await views.feed.entriesAfter('mine', 0, 10, soon())).toMatchObject([
    { number: 1, event: 'pending_new' },
  ]);
});

test('a process that had nothing to do hears of the next commit, also after a restart', async () => {
  await append(...new OrderScript('a', { account: 'mine' }).place().stored());
  await views.drained();
  await close();
  await open();
  // By the time there is an answer, the process has nothing more to look for.
  await views.views.orders(query, soon());
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const stop = views.feed.onEntries(resolve);
  await append(...new OrderScript('b', { account: 'other' }).place().stored());
  expect(await promise).toEqual(['other']);
  stop();
});

test('what is parked is told here, and can be driven again from here', async () => {
  const stream = 'order-stuck';
  await append(aCommit({ stream, commitId: anId() }));
  await views.drained();
  expect(parked.map((one) => one.split(' ')[1])).toEqual([stream, stream]);
  expect(await views.parked()).toMatchObject([{ stream }, { stream }]);
  expect(await views.redrive()).toEqual({ restored: 0, parked: 2 });
  expect(await Promise.all(views.attended.map((one) => one.parked(soon())))).toMatchObject([
    [{ stream }],
    [{ stream }],
  ]);
});

test('goes on after a restart where it stopped, and a rebuild changes nothing', async () => {
  const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000).fill(1, 1_001);
  await append(...order.stored().slice(0, 2));
  await views.drained();
  await close();
  await open();
  await append(...order.stored().slice(2));
  const shown = async () => [
    await views.views.orders(query, soon()),
    await views.views.positions('account-1', soon()),
    await views.feed.entriesAfter('account-1', 0, 10, soon()),
  ];
  await views.drained();
  const before = await shown();
  expect(before[2]).toHaveLength(3);
  expect(await views.rebuild()).toMatchObject({ commits: 3, parked: 0 });
  expect(await shown()).toEqual(before);
});

test('a sweep from here finds everything applied', async () => {
  const order = new OrderScript('a').place();
  await append(...order.stored());
  for (const one of views.attended)
    expect(await one.sweepHeads([{ stream: order.stream, version: 1 }])).toMatchObject({
      streams: 1,
      behind: 0,
    });
});
