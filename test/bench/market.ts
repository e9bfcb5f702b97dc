import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoKey } from '../../local/demo.ts';
import type { TakerStages } from './market/cell.ts';
import { MarketLoad } from './market/load.ts';
import { openTraders } from './orders/traders.ts';
import { short, table } from './table.ts';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '250,500,750,1000,1500,2000' },
    seconds: { type: 'string', default: '6' },
    accounts: { type: 'string', default: '8' },
  },
});
const seconds = Number(values.seconds);
/** A rate is steady while so much of it is executed in its time, and nobody waits longer than this. */
const steadyShare = 0.95;
const steadyP99Ms = 250;

interface Opened {
  readonly address: string;
  readonly keys: readonly DemoKey[];
}

const child = fork(join(import.meta.dirname, 'market', 'cell.ts'));
try {
  await main();
} finally {
  await ask(child, 'stop').catch(() => child.kill('SIGKILL'));
}

async function main(): Promise<void> {
  const [opened] = await once(child, 'message');
  const { address, keys }: Opened = Object(opened);
  const server = { address, keys, processId: 0, complaints: () => '', stop: never, kill: never };
  const traders = await openTraders(server, Number(values.accounts));
  const load = new MarketLoad(address, traders);
  await load.open(keys);
  await load.run(100, 2);
  console.log(
    `${cpus().length} cores, Node ${process.version}, ${seconds} s at each rate, order to report on the account's stream\n`,
  );
  const rows: string[][] = [];
  let steady = 0;
  let floor = 0;
  for (const rate of values.rates.split(',').map(Number)) {
    await ask(child, 'reset');
    const { latencies, sentMs, reportedMs, sent, refused } = await load.run(rate, seconds);
    const { stages }: { readonly stages: readonly TakerStages[] } = Object(await ask(child, 'stages'));
    const bare = Object(await ask(child, 'bare'));
    floor = sent / Number(bare.seconds);
    const p99 = at(latencies, 0.99);
    const isSteady = latencies.length * 2 >= sent * steadyShare && p99 <= steadyP99Ms;
    if (isSteady) steady = rate;
    rows.push([
      short(rate),
      short(at(latencies, 0.5)),
      short(p99),
      short(floor),
      short(Number(bare.appends) / sent),
      isSteady ? 'yes' : 'no',
    ]);
    console.log(shareTable(rate, stages, sentMs, reportedMs));
    if (refused > 0) process.exitCode = 1;
    if (!isSteady) break;
  }
  console.log(
    table(
      'Order to execution report',
      ['orders/s', 'p50 ms', 'p99 ms', 'bare appends: orders/s', 'appends an order', 'steady'],
      rows,
    ),
  );
  console.log(
    `highest steady rate ${short(steady)}, ${short(steady / floor)} of the bare appends' (the aim is at least 0.33)`,
  );
  load.close();
}

function shareTable(
  rate: number,
  stages: readonly TakerStages[],
  sentMs: ReadonlyMap<string, number>,
  reportedMs: ReadonlyMap<string, number>,
): string {
  const rows = stages.flatMap((one) => {
    const [sent, reported] = [sentMs.get(one.clientOrderId), reportedMs.get(one.clientOrderId)];
    if (sent === undefined || reported === undefined) return [];
    const { orderAskedMs, orderDoneMs, bookAskedMs, bookDoneMs, settleAskedMs, settleDoneMs } = one;
    const times = [
      sent,
      orderAskedMs,
      orderDoneMs,
      bookAskedMs,
      bookDoneMs,
      settleAskedMs,
      settleDoneMs,
      reported,
    ];
    return [times.slice(1).map((time, index) => time - (times[index] ?? 0))];
  });
  const names = [
    'wait, door and rules',
    'order append',
    'wait for the book, match',
    'book append',
    'wait to settle',
    'settle append',
    'feed and stream',
  ];
  const means = names.map(
    (_, index) => rows.reduce((sum, row) => sum + (row[index] ?? 0), 0) / Math.max(1, rows.length),
  );
  const whole = means.reduce((sum, mean) => sum + mean, 0);
  const lines = names.map((name, index) => [
    name,
    short(means[index] ?? 0),
    `${Math.round(((means[index] ?? 0) / whole) * 100)} %`,
  ]);
  return table(
    `Where the time goes at ${short(rate)} orders a second (${rows.length} orders that took)`,
    ['stage', 'mean ms', 'share'],
    lines,
  );
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function ask(cell: ChildProcess, what: string): Promise<unknown> {
  cell.send(what);
  const [answer] = await once(cell, 'message');
  if (Object(answer).error !== undefined) throw new Error(String(Object(answer).error));
  return answer;
}

async function never(): Promise<void> {
  throw new Error('the bench stops its own cell');
}
