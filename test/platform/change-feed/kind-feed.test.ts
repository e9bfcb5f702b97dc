import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { memoryKindFeed, sqliteKindFeed } from '../../../platform/change-feed/kind-feed.ts';
import { feedStart } from '../../../platform/event-store/feed.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { aCommit, anId } from '../../support/commits.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordercell-kind-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As after a start, and for who fell behind: all there is has to be read. */
class ForgetfulStore extends SqliteEventStore {
  override recentAfter(): undefined {
    return undefined;
  }
}

const reading = () => new ForgetfulStore(join(folder, anId()));
const remembering = () => new SqliteEventStore(join(folder, anId()));

const onSqlite = (openStore: () => SqliteEventStore) => () => {
  const store = openStore();
  return { store, ...sqliteKindFeed(store, 'venue', 'reports') };
};

describe.each([
  ['SQLite', onSqlite(reading)],
  ['SQLite, from memory', onSqlite(remembering)],
  [
    'memory',
    () => {
      const store = new MemoryEventStore();
      return { store, ...memoryKindFeed(store, 'venue', 'reports') };
    },
  ],
])('commits of one kind, on %s', (_name, open) => {
  test('are handed out once, in the order of writing, and the place moves over what lies between', async () => {
    const { store, feed, head } = open();
    const write = async (kind: string, count: number) => {
      for (let index = 0; index < count; index += 1) {
        await store.append([aCommit({ stream: `${kind}-${anId()}`, commitId: anId() })], []);
      }
    };
    await write('order', 5);
    await write('venue', 3);
    await write('venues', 2);
    await write('order', 5);
    const first = await feed.feed(feedStart, 2);
    expect(first.map(({ sequence }) => sequence)).toEqual(['6', '7']);
    const rest = await feed.feed('7', 2);
    expect(rest.map(({ sequence }) => sequence)).toEqual(['8']);
    expect(await head()).toBe('8');
    expect(await feed.feed('8', 2)).toEqual([]);
    await feed.saveCursor('reports', '8');
    expect(await feed.cursor('reports')).toBe('15');
    await write('venue', 1);
    expect((await feed.feed('8', 2)).map(({ sequence }) => sequence)).toEqual(['16']);
    expect((await feed.feed(feedStart, 9)).map(({ sequence }) => sequence)).toEqual(['6', '7', '8', '16']);
    await store.close();
  });
});

test.each([
  ['SQLite', reading],
  ['SQLite, from memory', remembering],
])('on %s, only commits that hold the event asked for', async (_name, open) => {
  const store = open();
  const event = (type: string) => ({ type, schema: 1, data: {} });
  const write = async (stream: string, ...types: [string, ...string[]]) => {
    const [first, ...more] = types;
    const events = [event(first), ...more.map(event)] as const;
    await store.append([aCommit({ stream: `${stream}-${anId()}`, commitId: anId(), events })], []);
  };
  const { feed } = sqliteKindFeed(store, 'order', 'exits', 'ExitDue');
  await write('order', 'OrderFilled', 'ExitDue');
  await write('order', 'OrderFilled');
  await write('venue', 'ExitDue');
  await write('order', 'ExitDue');
  const found = await feed.feed(feedStart, 9);
  expect(found.map(({ sequence }) => sequence)).toEqual(['1', '4']);
  expect(await feed.feed('4', 9)).toEqual([]);
  await store.close();
});

test('on SQLite, what is waited for is nothing that was delivered before the start', async () => {
  const store = new SqliteEventStore(join(folder, anId()));
  const write = async (kind: string) =>
    store.append([aCommit({ stream: `${kind}-${anId()}`, commitId: anId() })], []);
  for (const kind of ['venue', 'order', 'venue', 'order']) await write(kind);
  await store.saveCursor('reports', '4');
  const { feed, head } = sqliteKindFeed(store, 'venue', 'reports');
  expect(await feed.cursor('reports')).toBe('4');
  expect(await head()).toBe('4');
  await write('order');
  expect(await head()).toBe('4');
  await write('venue');
  expect(await head()).toBe('6');
  expect(await head()).toBe('6');
  await store.close();
});
