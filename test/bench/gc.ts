import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { caughtUp } from './caught-up.ts';
import { type CellProcess, startCellProcess } from './cell-process.ts';
import { collectionsOf, quantile } from './gc/collections.ts';
import { recordedKilobytes, tolerance } from './gc/expectations.ts';
import type { Trader } from './orders/load.ts';
import { runLoad, startGenerator } from './orders/run-load.ts';
import { openTraders } from './orders/traders.ts';
import { short, table } from './table.ts';

const { values } = parseArgs({
  options: {
    rates: { type: 'string' },
    seconds: { type: 'string' },
    rounds: { type: 'string', default: '2' },
    /** Only what can fail: what an order allocates. */
    small: { type: 'boolean', default: false },
  },
});
const rates = (values.rates ?? (values.small ? '500' : '1000,2000,5000')).split(',').map(Number);
const seconds = Number(values.seconds ?? (values.small ? 4 : 8));
const rounds = values.small ? 1 : Number(values.rounds);
const connections = 64;
const accounts = values.small ? 16 : 96;
/** Until the compiler has seen what runs often. */
const warm = values.small ? { rate: 500, seconds: 4 } : { rate: 1_000, seconds: 10 };

/** Flags of Node for the cell, by what the tables call them. */
const variants: readonly (readonly [name: string, flags?: readonly string[]])[] = [
  ['as started'],
  ...(values.small
    ? []
    : ([
        ['as V8 has it', []],
        ['young 4 MB', ['--max-semi-space-size=4']],
      ] as const)),
];

interface Contestant {
  readonly name: string;
  readonly cell: CellProcess;
  readonly traders: readonly Trader[];
  readonly file: string;
}

const folder = mkdtempSync(join(tmpdir(), 'ordercell-gc-'));
const generator = startGenerator();
const idle = fork(join(import.meta.dirname, 'gc', 'hiccups.ts'));
const contestants: Contestant[] = [];
try {
  for (const [name, flags] of variants) contestants.push(await started(name, flags));
  for (const rate of rates) await measured(rate);
} finally {
  generator.disconnect();
  idle.disconnect();
  for (const { cell } of contestants) await cell.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function started(name: string, flags: readonly string[] | undefined): Promise<Contestant> {
  const place = join(folder, name.replaceAll(/\W/g, '-'));
  const file = `${place}.json`;
  const recorder = join(import.meta.dirname, 'gc', 'recorder.ts');
  const nodeOptions = ['--import', recorder];
  const cell = await startCellProcess({
    folder: place,
    ...(flags && { flags }),
    nodeOptions,
    environment: { ORDERCELL_GC_FILE: file },
  });
  const contestant = { name, cell, traders: await openTraders(cell, accounts), file };
  await load(contestant, warm);
  await caughtUp(cell);
  return contestant;
}

async function load({ cell, traders }: Contestant, job: { readonly rate: number; readonly seconds: number }) {
  return runLoad(generator, { port: Number(new URL(cell.address).port), traders, connections, ...job });
}

async function hiccups(): Promise<{ readonly p99: number; readonly max: number }> {
  idle.send('read');
  const [seen] = await once(idle, 'message');
  return seen;
}

async function measured(rate: number): Promise<void> {
  const rows: string[][] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed())
      rows.push(await row(contestant, rate));
  const columns = ['flags', 'accepted/s', 'p50 ms', 'p99', 'longest', 'pauses', 'p50', 'p99', 'longest'];
  const more = ['major', 'KB an order', 'idle p99', 'idle longest'];
  rows.sort(([one = ''], [other = '']) => one.localeCompare(other));
  console.log(
    table(`${short(rate)} orders a second at fixed times, answered or not`, [...columns, ...more], rows),
  );
}

async function row(contestant: Contestant, rate: number): Promise<string[]> {
  const { name, cell, file } = contestant;
  await collectionsOf(cell.processId, file);
  await hiccups();
  const { latency, perSecond, sent, refused } = await load(contestant, { rate, seconds });
  const { pauses, allocatedBytes } = await collectionsOf(cell.processId, file);
  const idleLate = await hiccups();
  await caughtUp(cell);
  const kilobytes = allocatedBytes / 1_024 / sent;
  check(kilobytes, refused);
  const times = pauses.map(({ ms }) => ms);
  const major = pauses.filter(({ isMajor }) => isMajor).length;
  return [
    name,
    ...[Math.round(perSecond), latency.p50, latency.p99, latency.max].map(short),
    String(times.length),
    ...[quantile(times, 0.5), quantile(times, 0.99), Math.max(0, ...times)].map(short),
    String(major),
    ...[kilobytes, idleLate.p99, idleLate.max].map(short),
  ];
}

/** Never a time, those belong to the machine. */
function check(kilobytes: number, refused: number): void {
  if (!values.small) return;
  if (refused > 0)
    throw new Error(`${refused} orders were refused: what they allocate is not what an order does`);
  if (kilobytes <= recordedKilobytes * tolerance) return;
  console.error(`an order allocates ${short(kilobytes)} KB, recorded are ${recordedKilobytes}`);
  process.exitCode = 1;
}
