import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type CellProcess, startCellProcess } from '../bench/cell-process.ts';
import { mountedDisk } from '../support/small-disk.ts';
import { Clients, type People } from './clients.ts';
import { Memory } from './memory.ts';
import { gather } from './people.ts';
import { verifyAccount, verifyOrders, verifyTransfers } from './verify.ts';

const root = join(import.meta.dirname, '..', '..');
const waitMaxMs = 20_000;
/** Acknowledged before each time the disk is filled. */
const orders = 60;

/**
 * The disk under a working cell becomes full: it says so, takes no orders, answers reads, and goes on when there is room; killed
 * while the disk is full, it starts again with everything it acknowledged.
 */
async function main(): Promise<boolean> {
  const disk = mountedDisk();
  const data = join(disk.folder, 'data');
  const memory = new Memory();
  let cell = await startCellProcess({ folder: data });
  try {
    const people = await gather(cell, 4);
    const clients = new Clients(memory, people);
    await load(cell, clients, memory);
    disk.fill();
    await until('the cell says that its disk is full', async () =>
      (await readiness(cell)).includes('storage_full'),
    );
    await clients.stop();
    const [full, unanswered] = [memory.orders.size, memory.unsettled.length];
    await verifyOrders(cell.address, memory, [...memory.orders.values()]);
    disk.free();
    await until('the cell is ready once there is room', async () =>
      (await readiness(cell)).startsWith('200'),
    );
    await clients.settle(cell.address);
    await verifyOrders(cell.address, memory, [...memory.orders.values()]);

    await load(cell, clients, memory);
    disk.fill();
    await until('the cell says so again', async () => (await readiness(cell)).includes('storage_full'));
    await cell.kill();
    await clients.stop();
    disk.free();
    cell = await startCellProcess({ folder: data });
    await clients.settle(cell.address);
    await verifyAll(cell, memory, people);
    await cell.kill();
    reconcile(data, memory);
    console.log(`the disk was full at ${full} acknowledged orders, ${unanswered} calls were told to come back; then again, and the cell was killed
${memory.orders.size} orders acknowledged in the end, ${memory.violations.length} violations`);
    for (const violation of memory.violations.slice(0, 20)) console.error(`VIOLATION: ${violation}`);
    return memory.violations.length === 0;
  } finally {
    await cell.kill();
    disk.remove();
  }
}

async function load(cell: CellProcess, clients: Clients, memory: Memory): Promise<void> {
  const wanted = memory.orders.size + orders;
  clients.start(cell.address);
  await until('the clients have placed orders', async () => memory.orders.size >= wanted);
}

async function readiness({ address }: CellProcess): Promise<string> {
  const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(waitMaxMs) });
  return `${answer.status} ${await answer.text()}`;
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const startMs = performance.now(); performance.now() - startMs < waitMaxMs; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not in ${waitMaxMs} ms: ${what}`);
}

async function verifyAll(cell: CellProcess, memory: Memory, { holders, operator }: People): Promise<void> {
  await verifyOrders(cell.address, memory, [...memory.orders.values()]);
  await verifyTransfers(cell.address, memory, operator);
  for (const holder of holders) await verifyAccount(cell.address, memory, holder, operator);
}

/** On the folder of a cell that was killed. */
function reconcile(data: string, memory: Memory): void {
  try {
    const words = [join(root, 'local', 'reconcile.ts'), '--data', data];
    console.log(execFileSync(process.execPath, words, { encoding: 'utf8' }).trim().split('\n').at(-1));
  } catch (error) {
    memory.violated(`reconcile found: ${String(Object(error).stdout)}${String(Object(error).stderr)}`);
  }
}

process.exitCode = (await main()) ? 0 : 1;
