import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataFolderLocked, DataFolderUnknown } from '../../../platform/event-store/data-folder.ts';
import { SqliteLog } from '../../../platform/event-store/sqlite-log.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { aCommit, anId } from '../../support/commits.ts';

describe('a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ordercell-folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function edit(sql: string): void {
    const store = new SqliteEventStore(folder);
    store.database.exec(sql);
    return void store.close();
  }

  test('keeps what was answered when it is opened again', async () => {
    const store = new SqliteEventStore(folder);
    await store.append(
      [aCommit()],
      [{ key: { owner: 'a', name: 'account' }, conditions: [], set: { cash: 1 } }],
    );
    await store.saveCursor('views', '1');
    await store.close();
    const again = new SqliteEventStore(folder);
    expect(await again.read('order-1', 1)).toEqual([aCommit()]);
    expect(await again.readItem({ owner: 'a', name: 'account' })).toEqual({ cash: 1 });
    expect(await again.cursor('views')).toBe('1');
    await again.close();
  });

  test('of a running process is refused, naming folder and process, and free as soon as that is killed', async () => {
    const script = join(import.meta.dirname, '../../support/hold-data-folder.ts');
    const holder = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      expect(() => new SqliteEventStore(folder)).toThrow(DataFolderLocked);
      expect(() => new SqliteEventStore(folder)).toThrow(`${folder} is in use by process ${holder.pid}`);
    } finally {
      holder.kill('SIGKILL');
    }
    await once(holder, 'exit');
    const store = new SqliteEventStore(folder);
    expect(await store.read(`order-${holder.pid}`, 1)).toHaveLength(1);
    await store.close();
  });

  test('is refused to a second store of the same process too', async () => {
    const store = new SqliteEventStore(folder);
    expect(() => new SqliteEventStore(folder)).toThrow(DataFolderLocked);
    expect(await store.read('order-1', 1)).toEqual([]);
    await store.close();
  });

  test('of a newer format is refused with both formats named', () => {
    edit("UPDATE meta SET value = '3' WHERE name = 'format'");
    expect(() => new SqliteEventStore(folder)).toThrow(DataFolderUnknown);
    expect(() => new SqliteEventStore(folder)).toThrow(
      `${folder} has format 3; this release reads formats 1 to 2`,
    );
  });

  test('that holds somebody else’s database is refused', () => {
    edit('DROP TABLE meta');
    expect(() => new SqliteEventStore(folder)).toThrow('holds a database that is not ours');
  });

  test('that holds no database is refused', () => {
    writeFileSync(
      join(folder, 'ordercell.db'),
      'not a database, but long enough to look like one'.repeat(20),
    );
    expect(() => new SqliteEventStore(folder)).toThrow(DataFolderUnknown);
  });

  test('loses the views that an earlier release kept in it, and nothing else', async () => {
    edit(
      `CREATE TABLE view_orders (id TEXT); CREATE TABLE view_version (version INTEGER);
       INSERT INTO cursors VALUES ('views-2', '7'), ('venue-reports', '8');
       UPDATE meta SET value = '1' WHERE name = 'format';`,
    );
    const store = new SqliteEventStore(folder);
    const left = store.database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'view_%'").all();
    expect(left).toEqual([]);
    expect([await store.cursor('views-2'), await store.cursor('venue-reports')]).toEqual(['0', '8']);
    await store.close();
  });

  test('can be read on other connections of the process that has it', async () => {
    const store = new SqliteEventStore(folder);
    const log = new SqliteLog(folder);
    await store.append([aCommit()], []);
    expect(log.feed(0, 10)).toEqual([{ sequence: '1', commit: aCommit() }]);
    log.close();
    expect(() => new SqliteEventStore(folder)).toThrow(DataFolderLocked);
    await store.close();
  });

  test('tells a reader what there is by now, also of what it has been asked before', async () => {
    const store = new SqliteEventStore(folder);
    const log = new SqliteLog(folder);
    const append = (stream: string, version: number) =>
      store.append([aCommit({ stream, version, commitId: anId() })], []);
    await append('order-1', 1);
    expect(log.sequences('order-1', 0, 2)).toEqual([1]);
    expect([log.versionUpTo('order-1', 1), log.versionUpTo('order-2', 1)]).toEqual([1, 0]);
    await append('order-2', 1);
    await append('order-1', 2);
    expect(log.sequences('order-1', 0, 2)).toEqual([1, 3]);
    expect([1, 2, 3].map((sequence) => log.versionUpTo('order-1', sequence))).toEqual([1, 1, 2]);
    log.close();
    await store.close();
  });

  test('lets nobody change or remove a commit', async () => {
    const store = new SqliteEventStore(folder);
    await store.append([aCommit()], []);
    expect(() => store.database.exec('UPDATE log SET version = 2')).toThrow('the log never changes');
    expect(() => store.database.exec('DELETE FROM log')).toThrow('the log never shrinks');
    await store.close();
  });
});
