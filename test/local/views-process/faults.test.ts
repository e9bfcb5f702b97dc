import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockForWriting } from '../../../platform/consumer/writer-lock.ts';
import { type CellProcess, startCellProcess } from '../../bench/cell-process.ts';
import { askAt } from '../../support/ask.ts';

let folder: string;
let cell: CellProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ordercell-faults-'));
  cell = await startCellProcess({ folder });
});
afterEach(async () => {
  await cell.kill();
  // Nobody writes in it any more.
  lockForWriting(folder)();
  rmSync(folder, { recursive: true });
});

/** Undefined while there is none. */
function viewsProcess(): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'views.pid'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

async function until<Found>(find: () => Found | undefined | Promise<Found | undefined>): Promise<Found> {
  for (const startMs = performance.now(); performance.now() - startMs < 20_000; ) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not in time; the cell said: ${cell.complaints()}`);
}

const trader = () => cell.keys.find(({ name }) => name === 'first');
async function place(): Promise<string> {
  const order = { symbol: 'ALFA', qty: '1', side: 'buy', type: 'limit', limit_price: '90' };
  const body = { ...order, time_in_force: 'gtc', client_order_id: randomUUID() };
  const answer = await askAt(cell.address, trader(), 'POST /v2/orders', { body });
  expect(answer.status).toBe(200);
  return String(answer.body['id']);
}
const listed = async () =>
  (await askAt(cell.address, trader(), 'GET /v2/orders')).list.map(({ id }) => String(id));

test('a fault of the runtime where views are kept ends nothing else, and the lists go on', async () => {
  const orders = [await place()];
  for (let fault = 0; fault < 2; fault += 1) {
    const views = await until(viewsProcess);
    process.kill(views, 'SIGABRT');
    orders.push(await place());
    await until(() => (viewsProcess() ?? views) !== views || undefined);
    orders.push(await place());
  }
  await until(async () => (await listed()).length === orders.length || undefined);
  expect((await listed()).toSorted()).toEqual(orders.toSorted());
  expect(cell.complaints()).toContain('ended by SIGABRT');
});

test('signals to every process of the cell stop it as one to its first process does', async () => {
  const views = await until(viewsProcess);
  await place();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.kill(views, signal);
  expect(await listed()).toHaveLength(1);
  expect(viewsProcess()).toBe(views);
  process.kill(views, 'SIGTERM');
  await cell.stop();
  expect(cell.complaints()).toContain('"message":"stopped"');
  expect(cell.complaints()).not.toContain('views not updated');
  expect(isThere(views)).toBe(false);
});

test('a cell that is killed leaves nobody who writes, and its successor is not kept out', async () => {
  await place();
  const views = await until(viewsProcess);
  await cell.kill();
  cell = await startCellProcess({ folder });
  await until(() => (viewsProcess() ?? views) !== views || undefined);
  expect(isThere(views)).toBe(false);
  expect(await listed()).toHaveLength(1);
});

test('a start says whose process keeps it from the lists, when that does not go', async () => {
  const views = await until(viewsProcess);
  process.kill(views, 'SIGSTOP');
  await cell.kill();
  try {
    await expect(startCellProcess({ folder })).rejects.toThrow(`still written by process ${views}`);
  } finally {
    process.kill(views, 'SIGKILL');
  }
});

/** One that ended and whose parent did not look yet is gone. */
function isThere(processId: number): boolean {
  try {
    return !readFileSync(`/proc/${processId}/stat`, 'utf8').includes(') Z');
  } catch {
    return false;
  }
}
