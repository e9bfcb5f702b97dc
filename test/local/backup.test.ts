import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CellProcess, startCellProcess } from '../bench/cell-process.ts';
import { mustAnswer } from '../crash/call.ts';
import { takeBackup } from '../../local/backup/take.ts';
import { restoreBackup } from '../../local/backup/restored.ts';
import { timestamp } from '../../domain/values/time.ts';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { startTestCell } from '../support/cell.ts';
import { Clients, type People } from '../crash/clients.ts';
import { Memory } from '../crash/memory.ts';
import { gather } from '../crash/people.ts';

let folder: string;
const running: CellProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-backup-'));
});
afterEach(async () => {
  for (const cell of running.splice(0)) await cell.kill();
  rmSync(folder, { recursive: true, force: true });
});

const run = promisify(execFile);
const command = async (name: 'backup' | 'restore', ...words: readonly string[]) => {
  const { stdout } = await run(process.execPath, [`local/${name}.ts`, ...words]);
  return stdout;
};
const refusal = async (name: 'backup' | 'restore', ...words: readonly string[]) =>
  command(name, ...words).then(
    () => 'nothing was refused',
    (error: unknown) => `${Object(error).code}: ${Object(error).stderr}`,
  );

async function start(data: string): Promise<CellProcess> {
  const cell = await startCellProcess({ folder: data });
  running.push(cell);
  return cell;
}

/** Until so many orders more were acknowledged. */
async function load(clients: Clients, memory: Memory, address: string, orders: number): Promise<void> {
  const wanted = memory.orders.size + orders;
  clients.start(address);
  while (memory.orders.size < wanted) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Money, positions and every order of everybody, now or as of a moment. */
async function stateOf(address: string, { holders }: People, memory: Memory, asOf = ''): Promise<unknown> {
  const get = async (path: string, as: People['operator']) => {
    const query = asOf === '' ? '' : `?as_of=${asOf}`;
    const { status, body, list } = await mustAnswer(address, { method: 'GET', path: path + query, as });
    const symbols = list.toSorted((a, b) => String(a['symbol']).localeCompare(String(b['symbol'])));
    return { status, body: status === 200 && list.length === 0 ? body : {}, list: symbols };
  };
  const accounts = holders.flatMap(({ trader }) => [
    get('/v2/account', trader),
    get('/v2/positions', trader),
  ]);
  const orders = [...memory.orders.values()].map(({ id, holder }) => get(`/v2/orders/${id}`, holder.trader));
  return Promise.all([...accounts, ...orders]);
}

test('a backup of a cell under load has every order that was acknowledged before, and can end at a moment', async () => {
  const [data, backup, again, earlier] = ['data', 'backup', 'again', 'earlier'].map((name) =>
    join(folder, name),
  );
  if (!data || !backup || !again || !earlier) throw new TypeError('four folders');
  const cell = await start(data);
  const people = await gather(cell, 3);
  const memory = new Memory();
  const clients = new Clients(memory, people);
  await load(clients, memory, cell.address, 60);
  await clients.stop();
  const moment = new Date().toISOString();
  await load(clients, memory, cell.address, 60);
  const before = [...memory.orders.values()].map(({ id, body, holder, filled }) => ({
    id,
    body,
    holder,
    filled,
  }));
  expect(await command('backup', '--data', data, '--to', backup)).toContain('everything up to sequence');
  await clients.stop();
  await cell.kill();
  expect(statSync(join(backup, 'ordercell.db')).mode & 0o777).toBe(0o600);

  expect(await command('restore', '--from', backup, '--data', again)).toContain('differences: 0');
  const restored = await start(again);
  for (const { id, body, holder, filled } of before) {
    const path = `/v2/orders:by_client_order_id?client_order_id=${body.client_order_id}`;
    const found = await mustAnswer(restored.address, { method: 'GET', path, as: holder.trader });
    expect(found.body['id']).toBe(id);
    expect(Number(found.body['filled_qty'])).toBeGreaterThanOrEqual(filled);
  }

  const cut = await command('restore', '--from', backup, '--data', earlier, '--until', moment);
  expect(cut).toContain('differences: 0');
  expect(cut).toMatch(/kept up to sequence \d+; [1-9]\d* commits after it left out/);
  const then = await start(earlier);
  expect(await stateOf(then.address, people, memory)).toEqual(
    await stateOf(restored.address, people, memory, moment),
  );
});

test('a restore to a commit in the middle of a write leaves out all of that write', async () => {
  const [data, backup, again] = ['data', 'backup', 'again'].map((name) => join(folder, name));
  if (!data || !backup || !again) throw new TypeError('three folders');
  const cell = await startTestCell({ store: { kind: 'sqlite', folder: data } });
  const placed = await cell.place({ order_class: 'oto', take_profit: { limit_price: '110' } });
  expect(placed.status).toBe(200);
  await cell.stop();
  const { head } = await takeBackup(data, backup, timestamp(0));
  const store = new SqliteEventStore(data);
  const stream = `order-${String(placed.body['id'])}`;
  const [first] = store.database
    .prepare('SELECT sequence, at FROM log WHERE stream = ? AND version = 1')
    .all(stream);
  const written = store.database.prepare('SELECT stream FROM log WHERE at = ?').all(first?.['at'] ?? 0);
  await store.close();
  expect(written.length).toBeGreaterThan(1);
  const sequence = Number(first?.['sequence']);
  const { cut, checked } = await restoreBackup(backup, again, { kind: 'sequence', sequence });
  expect(cut).toMatchObject({ sequence: sequence - 1, leftOut: head.sequence - sequence + 1 });
  expect(checked.commits).toBe(sequence - 1);
});

test('nothing is overwritten, and a damaged backup is refused by the name of its file', async () => {
  const [data, backup, again] = ['data', 'backup', 'again'].map((name) => join(folder, name));
  if (!data || !backup || !again) throw new TypeError('three folders');
  await (await start(data)).kill();
  await command('backup', '--data', data, '--to', backup);
  expect(await refusal('backup', '--data', data, '--to', backup)).toContain(
    'is not empty, and nothing is overwritten',
  );
  expect(await refusal('restore', '--from', backup, '--data', data)).toContain('is not empty');
  expect(await refusal('restore', '--from', data, '--data', again)).toContain('it is no backup');
  expect(await refusal('restore', '--from', backup, '--data', again, '--until', '9999')).toContain(
    'no commit 9999',
  );
  expect(await refusal('restore', '--from', backup, '--data', again, '--until', 'noon')).toContain(
    '--until is a time',
  );
  const file = join(backup, 'ordercell.db');
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(await refusal('restore', '--from', backup, '--data', again)).toMatch(
    /^2: .*ordercell\.db is not what was written/,
  );
});
