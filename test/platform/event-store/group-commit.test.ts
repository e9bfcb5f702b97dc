import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreOverloaded, StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { feedStart } from '../../../platform/event-store/feed.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { aCommit, anId, eventOfBytes } from '../../support/commits.ts';

describe('writes that arrive together', () => {
  let folder: string;
  let store: SqliteEventStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ordercell-group-'));
    store = new SqliteEventStore(folder, { groupMax: 10, queueMax: 25 });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const append = (): Promise<unknown> =>
    store.append([aCommit({ stream: `order-${anId()}`, commitId: anId() })], []);
  const together = (count: number): Promise<unknown>[] => Array.from({ length: count }, append);
  /** A deferred foreign key is looked at by COMMIT and not before: every statement succeeds and then nothing does. */
  const breakCommit = (): Promise<void> =>
    store.write(({ database }) => database.exec('INSERT INTO child VALUES (1)'));

  async function withDeferredKey(): Promise<void> {
    await store.write(({ database }) => {
      database.exec('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
      database.exec('CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
    });
  }

  test('share one transaction, up to the size of a group', async () => {
    let flushes = 0;
    store.onCommits(() => flushes++);
    await Promise.all(together(25));
    expect(flushes).toBe(3);
    expect(await store.feed(feedStart, 100)).toHaveLength(25);
  });

  test('are not to be seen before they are durable', async () => {
    const writing = together(3);
    expect(await store.feed(feedStart, 100)).toEqual([]);
    await Promise.all(writing);
    expect(await store.feed(feedStart, 100)).toHaveLength(3);
  });

  test('all fail when COMMIT fails, and leave nothing behind', async () => {
    await withDeferredKey();
    const results = await Promise.allSettled([append(), breakCommit(), append()]);
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    expect(await store.feed(feedStart, 100)).toEqual([]);
    await append();
    expect(await store.feed(feedStart, 100)).toHaveLength(1);
  });

  test('are handed on as they are in the log, from memory and further back', async () => {
    await withDeferredKey();
    const fromLog = async () => {
      const rows = store.database.prepare('SELECT sequence, id FROM log ORDER BY sequence').all();
      return rows.map((row) => `${String(row['sequence'])} ${String(row['id'])}`);
    };
    for (let round = 0; round < 160; round++) {
      const isFailing = round % 7 === 3;
      await Promise.allSettled([...together(round % 24), ...(isFailing ? [breakCommit()] : [])]);
    }
    const handed = async (from: string, limit: number) =>
      (await store.feed(from, limit)).map(({ sequence, commit }) => `${sequence} ${commit.commitId}`);
    const all = await fromLog();
    for (const from of [
      0,
      1,
      all.length - 1_500,
      all.length - 1_024,
      all.length - 100,
      all.length - 1,
      all.length,
    ])
      for (const limit of [1, 64, 5_000])
        expect(await handed(String(from), limit)).toEqual(all.slice(from, from + limit));
  });

  test('conflict with each other as if they had come one after the other', async () => {
    const [first, second] = [aCommit({ commitId: anId() }), aCommit({ commitId: anId() })];
    const results = await Promise.all([
      store.append([first], []),
      store.append([second], []),
      store.append([first], []),
    ]);
    expect(results).toEqual([
      { outcome: 'appended' },
      { outcome: 'conflict', commit: first },
      { outcome: 'repeated' },
    ]);
  });

  test('do not suffer from one of them that is refused or breaks off', async () => {
    const broken = store.write(({ saveCursor }) => {
      saveCursor('views', '9');
      throw new Error('the view is wrong');
    });
    const gap = store.append([aCommit({ stream: 'order-gap', version: 3 })], []);
    const results = await Promise.allSettled([append(), broken, gap, append()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    await expect(broken).rejects.toThrow('the view is wrong');
    expect(await store.cursor('views')).toBe(feedStart);
    expect(await store.feed(feedStart, 100)).toHaveLength(2);
  });

  test('beyond the queue are refused without being written', async () => {
    const results = await Promise.allSettled(together(26));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: expect.any(StoreOverloaded) }]);
    expect(await store.feed(feedStart, 100)).toHaveLength(25);
  });

  test('are finished by closing, and none is taken on after', async () => {
    const writing = together(12);
    await store.close();
    await expect(Promise.all(writing)).resolves.toHaveLength(12);
    await expect(append()).rejects.toThrow(StoreUnavailable);
    store = new SqliteEventStore(folder);
    expect(await store.feed(feedStart, 100)).toHaveLength(12);
  });

  test('are refused when the disk is full, while what is there can be read', async () => {
    await append();
    const pages = Number(store.database.prepare('PRAGMA page_count').get()?.['page_count']);
    store.database.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const large = aCommit({ stream: 'order-large', events: [eventOfBytes(100_000)] });
    const results = await Promise.allSettled([append(), store.append([large], [])]);
    for (const result of results) {
      expect(result).toMatchObject({
        reason: { name: 'StoreFull', message: expect.stringContaining('full') },
      });
    }
    expect(await store.feed(feedStart, 100)).toHaveLength(1);
    store.database.exec('PRAGMA max_page_count = 100000');
    await expect(store.append([large], [])).resolves.toEqual({ outcome: 'appended' });
  });

  test('a view and its cursor move as one, durably', async () => {
    await store.write(({ database }) => database.exec('CREATE TABLE view (orders INTEGER)'));
    await store.write(({ database, saveCursor }) => {
      database.exec('INSERT INTO view VALUES (7)');
      saveCursor('views', '7');
    });
    await store.close();
    store = new SqliteEventStore(folder);
    expect(store.database.prepare('SELECT orders FROM view').all()).toEqual([{ orders: 7 }]);
    expect(await store.cursor('views')).toBe('7');
  });

  test('work inside a transaction that would go on later is refused and undone', async () => {
    const late = store.write(async ({ saveCursor }) => saveCursor('views', '1'));
    await expect(late).rejects.toThrow('synchronous');
    expect(await store.cursor('views')).toBe(feedStart);
  });
});
