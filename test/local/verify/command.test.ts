import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryArchive } from '../../../platform/archive/memory.ts';
import { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { archiveBatch, copyArchive } from '../../support/archive-copy.ts';
import { startTestCell } from '../../support/cell.ts';
import { eventfulOrder, evidenceText } from './evidence-story.ts';
import { run } from './run-verify.ts';

let folder: string;
let file: string;
let id: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-test-'));
  file = join(folder, 'evidence.json');
  const cell = await startTestCell({ store: { kind: 'sqlite', folder } });
  id = await eventfulOrder(cell);
  writeFileSync(file, await evidenceText(cell, id));
  await cell.stop();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As somebody would who has the file: the database's own guards are the first to go. */
function tamper(statement: string): void {
  const database = new DatabaseSync(join(folder, 'ordercell.db'));
  const guards = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
  for (const { name } of guards) database.exec(`DROP TRIGGER "${String(name)}"`);
  database.exec(statement);
  database.close();
}

describe('npm run verify', () => {
  test('tells the life of an order and ends with 0', async () => {
    const { code, out } = await run(file);
    expect(code).toBe(0);
    expect(out).toContain('OrderPlaced: buy 10 ALFA');
    expect(out).toMatch(/whole and consistent in itself\. Whether it is this cell's, --data shows\.\n$/);
  });

  test('names the place of an alteration and ends with 1', async () => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('\\"lastQuantity\\":4', '\\"lastQuantity\\":5'));
    const { code, out } = await run(file);
    expect(code).toBe(1);
    expect(out).toMatch(/^WRONG {2}(order|venue|execution)-.* version \d+: its hash is /m);
    expect(out).toMatch(/\d findings\. This is not what was exported\.\n$/);
  });

  test('checks every stream and every total of a folder', async () => {
    const { code, out } = await run('--data', folder);
    expect({ code, err: out.includes('WRONG') }).toEqual({ code: 0, err: false });
    expect(out).toMatch(/\d+ commits in \d+ streams, 0 findings\n/);
    expect(out).toMatch(/differences: 0\n$/);
  });

  test.each([
    ['an event altered', 'events = replace(events, \'"lastQuantity":4\', \'"lastQuantity":3\')', '6'],
    ['an actor altered', "by = replace(by, 'client:', 'operator:')", '2'],
  ])(
    'finds %s in a folder, and names the commit after it, whose chain shows it',
    async (_what, change, version) => {
      tamper(`UPDATE log SET ${change} WHERE stream = 'order-${id}'`);
      const { code, out } = await run('--data', folder);
      expect(code).toBe(1);
      expect(out).toMatch(new RegExp(`^WRONG  order-${id} version ${version}: `, 'm'));
    },
  );

  test('says whether a file is what the log says', async () => {
    const same = await run(file, '--data', folder);
    expect(same.code).toBe(0);
    expect(same.out).toContain('its log has every commit of the file, as it is there.');
    tamper(`DELETE FROM log WHERE stream = 'order-${id}' AND version = 9`);
    const { code, out } = await run(file, '--data', folder);
    expect(code).toBe(1);
    expect(out).toContain(`WRONG  order-${id} version 9: the log has no such commit`);
  });

  test('checks a copy of the archive, and whether a file is what it says', async () => {
    const copy = join(folder, 'archive');
    const archive = new MemoryArchive();
    const store = new SqliteEventStore(folder);
    const entries = await store.feed('0', 10_000);
    await store.close();
    const commits = entries.map(({ commit }) => commit);
    const cell = commits[0]?.cell ?? '';
    for (let from = 0; from < commits.length; from += 20)
      await archiveBatch({ cell, archive }, commits.slice(from, from + 20));
    await copyArchive(archive, copy);
    const whole = await run(file, '--archive', copy);
    expect(whole.code).toBe(0);
    expect(whole.out).toContain(`${cell}: ${commits.length} commits of `);
    expect(whole.out).toContain(
      'whole and consistent in itself, and has every commit of the file as it is there.',
    );
    const paths = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    for (const { parentPath, name } of paths) {
      const path = join(parentPath, name);
      if (gunzipSync(readFileSync(path)).includes(`"stream":"order-${id}"`)) rmSync(path);
    }
    const { code, out } = await run(file, '--archive', copy);
    expect(code).toBe(1);
    expect(out).toContain(`WRONG  order-${id} version 1: the archive has no such commit`);
  });
});
