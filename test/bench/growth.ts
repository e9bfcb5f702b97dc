import { readdirSync, readFileSync, rmSync, mkdtempSync, statSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { caughtUp } from './caught-up.ts';
import { type CellProcess, startCellProcess } from './cell-process.ts';
import { type Result, type Trader } from './orders/load.ts';
import { runLoad, startGenerator } from './orders/run-load.ts';
import { openTraders } from './orders/traders.ts';
import { short, table } from './table.ts';

const { values } = parseArgs({
  options: {
    /** How many orders the folder holds when it is measured, each more than the one before. All of them rest in our own books. */
    orders: { type: 'string', default: '1000,10000,100000' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '5' },
  },
});
const sizes = values.orders.split(',').map(Number);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const connections = 64;
/** An account may have 10,000 open orders. */
const accounts = 16 + Math.ceil((sizes.at(-1) ?? 0) / 5_000);
/** The lists take longer over a million orders than whoever only takes them. */
const caughtUpMaxMs = 900_000;
/** A load is made in parts, so that one that takes long is not taken for one that hangs. */
const partSeconds = 20;

const folder = mkdtempSync(join(tmpdir(), 'ordercell-growth-'));
const generator = startGenerator();
let cell: CellProcess | undefined;
try {
  await main();
} finally {
  generator.disconnect();
  await cell?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  cell = await startCellProcess({ folder, venue: 'internal' });
  const traders = await openTraders(cell, accounts);
  const rows: string[][] = [];
  let placed = 0;
  for (const size of sizes) {
    placed += await fill(cell, traders, size - placed);
    // What is left of the load that made them has nothing to do with how many there are.
    await caughtUp(cell, caughtUpMaxMs);
    const { latency, sent } = await load(cell, traders, { rate, seconds });
    placed += sent;
    const grown = sizeOf(cell);
    const stopped = performance.now();
    await cell.stop();
    const stopMs = performance.now() - stopped;
    const begun = performance.now();
    cell = await startCellProcess({ folder, venue: 'internal' });
    const readyMs = performance.now() - begun;
    rows.push([
      short(placed),
      ...[latency.p50, latency.p99, latency.max].map(short),
      ...grown,
      ...[stopMs, readyMs].map((ms) => short(Math.round(ms))),
    ]);
    console.error(`${short(placed)} orders: ready ${Math.round(readyMs)} ms after the start`);
  }
  const columns = [
    'orders',
    'p50 ms',
    'p99',
    'longest',
    'memory MB',
    'log MB',
    'lists MB',
    'stop ms',
    'ready ms',
  ];
  console.log(
    table(`Orders resting in our own books, ${rate} new ones a second while measured`, columns, rows),
  );
  await cell.stop();
  const { stdout } = await promisify(execFile)(
    'npm',
    ['run', '--silent', 'rebuild', '--', '--data', folder],
    {
      timeout: 600_000,
    },
  );
  console.log(stdout);
}

/** As fast as it goes, until there are so many more. Returns how many were placed. */
async function fill(to: CellProcess, traders: readonly Trader[], count: number): Promise<number> {
  let placed = 0;
  while (placed < count) {
    // About as many as this takes; a little more or less is no matter.
    const left = Math.ceil((count - placed) / 2_500);
    const { accepted, sent, refused, refusals } = await load(to, traders, {
      seconds: Math.min(partSeconds, left),
    });
    if (refused > 0) throw new Error(`${refused} orders were refused: ${refusals.join(' ')}`);
    if (accepted === 0) throw new Error('no order was accepted');
    placed += sent;
    console.error(`${short(placed)} of ${short(count)} orders`);
  }
  return placed;
}

async function load(
  { address }: CellProcess,
  traders: readonly Trader[],
  job: { readonly rate?: number; readonly seconds: number },
): Promise<Result> {
  return runLoad(generator, { port: Number(new URL(address).port), traders, connections, ...job });
}

/** Resident memory, the log and the lists, in MB. */
function sizeOf({ processId }: CellProcess): readonly string[] {
  const files = readdirSync(folder);
  const bytes = (prefix: string) =>
    files
      .filter((file) => file.startsWith(prefix))
      .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  const mb = (size: number) => short(Math.round(size / 1_048_576));
  return [residentMb(processId), mb(bytes('ordercell.db')), mb(bytes('views.db'))];
}

function residentMb(processId: number): string {
  try {
    const pages = Number(readFileSync(`/proc/${processId}/statm`, 'utf8').split(' ')[1]);
    return short(Math.round((pages * 4_096) / 1_048_576));
  } catch {
    // Only Linux says it.
    return '';
  }
}
