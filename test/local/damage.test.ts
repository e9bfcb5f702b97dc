import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { timestamp } from '../../domain/values/time.ts';
import { BackupDamaged } from '../../local/backup/manifest.ts';
import { restoreBackup } from '../../local/backup/restored.ts';
import { takeBackup } from '../../local/backup/take.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../platform/event-store/errors.ts';
import { type CellOptions, startCell } from '../../local/cell.ts';
import { DataFolderDamaged, DataFolderUnknown } from '../../platform/event-store/data-folder.ts';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { refuseDamaged } from '../../local/refuse-damaged.ts';
import { checkWhole } from '../../local/verify/whole-folder.ts';
import { walDamage } from '../../platform/event-store/wal-damage.ts';
import { startCellProcess } from '../bench/cell-process.ts';
import { Clients } from '../crash/clients.ts';
import { Memory } from '../crash/memory.ts';
import { gather } from '../crash/people.ts';
import { Prng } from '../simulation/prng.ts';

let original: string;
let folder: string;
const path = (name: string) => join(folder, name);

/** What a killed cell leaves: everything since its start is in the write-ahead log. */
beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), 'ordercell-damage-'));
  const first = await startCellProcess({ folder: original });
  const people = await gather(first, 3);
  await first.stop();
  const cell = await startCellProcess({ folder: original });
  const memory = new Memory();
  const clients = new Clients(memory, people);
  clients.start(cell.address);
  while (memory.orders.size < 60) await new Promise((resolve) => setTimeout(resolve, 5));
  await clients.stop();
  await cell.kill();
});
afterAll(() => rmSync(original, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-damage-'));
  cpSync(original, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const options = (): CellOptions => ({ store: { kind: 'sqlite', folder }, port: 0 });

/** What a start says of the folder; undefined: it started, and its log is whole. */
async function refusal(): Promise<Error | undefined> {
  try {
    const cell = await startCell(options());
    await cell.stop();
    return undefined;
  } catch (error) {
    if (error instanceof DataFolderDamaged || error instanceof DataFolderUnknown) return error;
    throw error;
  }
}

function flip(name: string, at: number): void {
  const bytes = readFileSync(path(name));
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(path(name), bytes);
}

const remove = (name: string) => rmSync(path(name));
const cut = (name: string, part: number) =>
  truncateSync(path(name), Math.floor(statSync(path(name)).size * part));
const walPage = 24 + 4096;

const damages: readonly (readonly [string, () => void, RegExp])[] = [
  ['the log is gone', () => remove('ordercell.db'), /ordercell\.db is gone, although .* is there/],
  [
    'the log is empty',
    () => truncateSync(path('ordercell.db'), 0),
    /ordercell\.db is empty, although .* is there/,
  ],
  [
    'the log is cut in the middle',
    () => (remove('ordercell.db-wal'), cut('ordercell.db', 0.5)),
    /ordercell\.db/,
  ],
  ['the log is cut within its first page', () => truncateSync(path('ordercell.db'), 1_000), /ordercell\.db/],
  [
    'the first bytes of the log are others',
    () => (remove('ordercell.db-wal'), flip('ordercell.db', 3)),
    /ordercell\.db that is no database, or is damaged/,
  ],
  [
    'the write-ahead log is gone',
    () => remove('ordercell.db-wal'),
    /ends at commit \d+, and the lists in views\.db know/,
  ],
  [
    'the write-ahead log is cut',
    () => cut('ordercell.db-wal', 0.5),
    /ends at commit \d+, and the lists in views\.db know/,
  ],
  [
    'a bit of the header of the write-ahead log',
    () => flip('ordercell.db-wal', 17),
    /ordercell\.db-wal has a header/,
  ],
  [
    'a bit of its first page',
    () => flip('ordercell.db-wal', 32 + 100),
    /ordercell\.db-wal is not what was written at byte 32, with whole/,
  ],
  [
    'a bit of a later page',
    () => flip('ordercell.db-wal', 32 + walPage * 9 + 50),
    /with whole transactions behind it/,
  ],
  ['an older log under newer lists', () => olderLog(), /ends at commit \d+, and the lists/],
];

function olderLog(): void {
  remove('ordercell.db-wal');
  const lists = new DatabaseSync(path('views.db'));
  lists.exec("INSERT OR REPLACE INTO coverage VALUES ('views', 100000)");
  lists.close();
}

test.each(damages)('%s: refused by name, with what to do', async (_name, damage, words) => {
  damage();
  const refused = await refusal();
  expect(refused?.message).toMatch(words);
  expect(refused?.message).toMatch(/restore the last backup|this release reads formats/);
});

test('a commit among the newest that was altered is refused', async () => {
  const database = new DatabaseSync(path('ordercell.db'));
  database.exec('DROP TRIGGER log_never_changes');
  database.exec(
    'UPDATE log SET at = at + 1 WHERE version = 1 AND stream = (SELECT stream FROM log WHERE version = 2 ORDER BY sequence DESC LIMIT 1)',
  );
  database.close();
  expect((await refusal())?.message).toMatch(
    /has another version 1 of \S+ than version 2 was written behind/,
  );
});

/** Nothing vouches for the last commit of a stream but what is in it. */
test('a config on record that is not what its version names is refused, and found by verify', async () => {
  const database = new DatabaseSync(path('ordercell.db'));
  database.exec('DROP TRIGGER log_never_changes');
  const changed = database
    .prepare(
      `UPDATE log SET events = replace(events, '"lotSize":"1"', '"lotSize":"2"') WHERE stream = 'config-local'`,
    )
    .run();
  expect(changed.changes).toBe(1);
  database.close();
  expect((await refusal())?.message).toMatch(
    /is damaged: ordercell\.db holds what nobody wrote: the config on record as \S+ is not/,
  );
  const store = new SqliteEventStore(folder);
  const { reconciled } = await checkWhole(store);
  await store.close();
  expect(reconciled?.findings.map(({ where, what }) => [where, what])).toContainEqual([
    'config-local',
    'config of version 1',
  ]);
});

test('a number among the newest commits that is larger than any we write is refused', async () => {
  const database = new DatabaseSync(path('ordercell.db'));
  database.exec('DROP TRIGGER log_never_changes');
  database.exec(`UPDATE log SET sequence = ${2n ** 60n} WHERE sequence = (SELECT max(sequence) FROM log)`);
  database.close();
  expect((await refusal())?.message).toMatch(/holds numbers or pages that are not what was written/);
});

test('the torn end of the write-ahead log that a loss of power leaves is no damage', async () => {
  truncateSync(path('ordercell.db-wal'), statSync(path('ordercell.db-wal')).size - 700);
  rmSync(path('views.db'));
  expect(await refusal()).toBeUndefined();
});

const listDamages: readonly (readonly [string, () => void])[] = [
  ['empty', () => truncateSync(path('views.db'), 0)],
  ['altered in their header', () => flip('views.db', 20)],
  ['cut in the middle', () => cut('views.db', 0.3)],
  ['without what was not moved into them yet', () => remove('views.db-wal')],
  ['altered in their header, and without it', () => (remove('views.db-wal'), flip('views.db', 20))],
  ['cut, and without it', () => (remove('views.db-wal'), cut('views.db', 0.3))],
];

test.each(listDamages)('lists that are %s are made anew', async (_name, damage) => {
  damage();
  expect(await refusal()).toBeUndefined();
});

test.each(['view_orders_open', 'sqlite_autoindex_feed_entries_1', 'surveillance_figures'])(
  'lists whose %s turns out malformed in use are unavailable until the next start, which makes them anew',
  async (name) => {
    const lists = new DatabaseSync(path('views.db'));
    const page = lists.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name)?.['rootpage'];
    lists.close();
    flip('views.db', (Number(page) - 1) * 4096);
    const soon = deadlineIn(10_000, systemClock);
    const read = ({ views, surveillance, accountFeed }: Dependencies) =>
      Promise.all([
        views.openAccounts(soon),
        surveillance.figures('nobody', soon),
        accountFeed.entriesAfter('nobody', 0, 1, soon),
      ]);
    const broken = await startCell(options());
    await expect(read(broken.dependencies)).rejects.toThrow(StoreUnavailable);
    await broken.stop();
    const mended = await startCell(options());
    expect(await read(mended.dependencies)).toEqual([expect.any(Array), [], []]);
    await mended.stop();
  },
);

test('of any bit of the write-ahead log that is flipped, what nobody sees is in its last transaction', () => {
  const whole = readFileSync(path('ordercell.db-wal'));
  const prng = new Prng('wal');
  const ends = [];
  for (let at = 32; at + walPage <= whole.length; at += walPage)
    if (whole.readUInt32BE(at + 4) > 0) ends.push(at);
  const lastBegins = (ends.at(-3) ?? 0) + walPage;
  for (let flips = 0; flips < 40; flips += 1) {
    const at = prng.between(0, lastBegins - 1);
    writeFileSync(path('ordercell.db-wal'), whole);
    flip('ordercell.db-wal', at);
    expect([at, walDamage(path('ordercell.db-wal'))]).toEqual([at, expect.any(String)]);
  }
  writeFileSync(path('ordercell.db-wal'), whole);
  expect(walDamage(path('ordercell.db-wal'))).toBeUndefined();
});

/**
 * What the log has that nobody else vouches for is left out: of the last commit of a stream there is no hash yet, and a snapshot
 * that is not known is not used.
 */
const logText = ({ database }: SqliteEventStore) =>
  JSON.stringify(
    database
      .prepare(
        'SELECT * FROM log AS one WHERE version < (SELECT max(version) FROM log WHERE stream = one.stream)',
      )
      .all()
      .map((row) => ({ ...row, fold: '', state: '' })),
  );

/** Who tells of a damaged folder; `nothing`: nobody does. */
async function toldBy(expected: string): Promise<'start' | 'verify' | 'nothing' | 'nobody'> {
  let store: SqliteEventStore;
  try {
    store = new SqliteEventStore(folder);
  } catch (error) {
    if (error instanceof DataFolderDamaged || error instanceof DataFolderUnknown) return 'start';
    throw error;
  }
  try {
    refuseDamaged(store);
    const { findings, reconciled } = await checkWhole(store);
    if (findings.length + (reconciled?.differences ?? 0) > 0) return 'verify';
    return logText(store) === expected ? 'nothing' : 'nobody';
  } catch (error) {
    if (error instanceof DataFolderDamaged) return 'start';
    throw error;
  } finally {
    await store.close();
  }
}

test('whatever bit of the log is flipped, a start or verify tells of it, or it is a bit of nothing', async () => {
  const untouched = new SqliteEventStore(folder);
  const expected = logText(untouched);
  await untouched.close();
  const whole = readFileSync(path('ordercell.db'));
  const prng = new Prng('log');
  const told = { start: 0, verify: 0, nothing: 0, nobody: 0 };
  for (let flips = 0; flips < 40; flips += 1) {
    writeFileSync(path('ordercell.db'), whole);
    flip('ordercell.db', prng.between(0, whole.length - 1));
    told[await toldBy(expected)] += 1;
  }
  expect(told).toMatchObject({ nobody: 0 });
  expect(told.start).toBeGreaterThan(0);
  expect(told.verify).toBeGreaterThan(0);
});

test('whatever bit of the log is flipped, its backup is restored, or is said to be damaged', async () => {
  const whole = readFileSync(path('ordercell.db'));
  const prng = new Prng('backup');
  const [backup, restored] = [path('backup'), path('restored')];
  const ends = { restored: 0, DataFolderDamaged: 0, BackupDamaged: 0 };
  for (let flips = 0; flips < 30; flips += 1) {
    for (const made of [backup, restored]) rmSync(made, { recursive: true, force: true });
    writeFileSync(path('ordercell.db'), whole);
    flip('ordercell.db', prng.between(0, whole.length - 1));
    try {
      await takeBackup(folder, backup, timestamp(0));
      await restoreBackup(backup, restored, flips % 2 === 0 ? undefined : { kind: 'sequence', sequence: 60 });
      ends.restored += 1;
    } catch (error) {
      if (error instanceof DataFolderDamaged) ends.DataFolderDamaged += 1;
      else if (error instanceof BackupDamaged) ends.BackupDamaged += 1;
      else throw error;
      expect(existsSync(restored)).toBe(false);
    }
  }
  expect(ends.restored).toBeGreaterThan(0);
  expect(ends.BackupDamaged).toBeGreaterThan(0);
});

test('a start says it in one sentence', async () => {
  rmSync(path('ordercell.db'));
  const child = spawn(process.execPath, ['local/main.ts', '--data', folder, '--port', '0']);
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, said]).toEqual([1, expect.stringMatching(/^the log in \S+ is damaged: .*--data NEW\n$/)]);
});
