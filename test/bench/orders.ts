import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { caughtUp } from './caught-up.ts';
import {
  type CellProcess,
  cpuSeconds,
  type ServerProcess,
  startCellProcess,
  startServer,
} from './cell-process.ts';
import type { Result, Trader } from './orders/load.ts';
import { type CheckedOut, checkOut } from './orders/revision.ts';
import { runLoad, startGenerator } from './orders/run-load.ts';
import { openTraders } from './orders/traders.ts';
import { short, table } from './table.ts';

const { values } = parseArgs({
  options: {
    /** Beside half and three quarters of what it takes at most. */
    rates: { type: 'string', default: '1000,2000' },
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    small: { type: 'boolean', default: false },
    /** Writes a CPU profile of the cell into this folder. */
    profile: { type: 'string' },
    /** Another revision of this repository, measured beside this one in the same run. */
    against: { type: 'string' },
  },
});
const seconds = values.small ? 2 : Number(values.seconds);
const rounds = values.small ? 1 : Number(values.rounds);
const rates = values.small ? [1_000] : values.rates.split(',').map(Number);
const connections = Number(values.connections);
/** An account may have 10,000 open orders; none of these is ever filled. */
const accounts = values.small ? 16 : 96;

interface Contestant {
  readonly name: string;
  readonly server: ServerProcess;
  readonly traders: readonly Trader[];
}

interface Round extends Result {
  readonly name: string;
  /** Microseconds of processor time the server used for an order. Of all numbers the one that a busy machine spoils least. */
  readonly cpuMicros: number | undefined;
}

const ours = 'ordercell';
const bare = 'bare server';
const other = values.against === undefined ? undefined : checkOut(values.against);
const folder = mkdtempSync(join(tmpdir(), 'ordercell-bench-'));
const generator = startGenerator();
const servers: ServerProcess[] = [];
try {
  await main();
} finally {
  generator.disconnect();
  for (const server of servers) await server.stop();
  other?.remove();
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  console.log(
    `${cpus().length} cores, Node ${process.version}, ${rounds} rounds of ${seconds} s, ${connections} connections\n`,
  );
  const cell = await startCell('cell');
  const bareFolder = join(folder, 'bare');
  mkdirSync(bareFolder);
  const bareServer = await startServer([join(import.meta.dirname, 'bare-server.ts'), bareFolder]);
  servers.push(bareServer);
  const traders = await openTraders(cell, accounts);
  const contestants: readonly Contestant[] = [
    { name: ours, server: cell, traders },
    ...(other ? [await contestantOf(other)] : []),
    { name: bare, server: bareServer, traders },
  ];
  for (const contestant of contestants) await measured(contestant, { seconds: values.small ? 1 : 4 });
  const saturated = await alternate(contestants, {});
  console.log(
    resultTable(`As fast as ${connections} connections go, each waiting for its answer`, saturated),
  );
  const most = medianOf(saturated, ours, ({ perSecond }) => perSecond);
  const bareMost = medianOf(saturated, bare, ({ perSecond }) => perSecond);
  console.log(`${ours} / ${bare}: ${short(most / bareMost)} (medians; the aim is at least 0.6)`);
  console.log(comparison(saturated));
  const shares = values.small ? [] : [0.5 * most, 0.75 * most].map(rounded);
  for (const offered of new Set([...rates, ...shares].toSorted((lower, higher) => lower - higher))) {
    const title = `${short(offered)} orders a second at fixed times, answered or not`;
    const results = await alternate(contestants, { rate: offered });
    console.log(resultTable(title, results) + comparison(results));
  }
}

async function contestantOf({ name, root }: CheckedOut): Promise<Contestant> {
  const server = await startCell(name, root);
  return { name, server, traders: await openTraders(server, accounts) };
}

/** This revision by the other one, medians of the same rounds. */
function comparison(results: readonly Round[]): string {
  if (!other) return '';
  const ratio = (of: (round: Round) => number) =>
    short(medianOf(results, ours, of) / medianOf(results, other.name, of));
  const ratios = [
    `accepted ${ratio(({ perSecond }) => perSecond)}`,
    `p99 ${ratio(({ latency }) => latency.p99)}`,
    `cpu ${ratio(({ cpuMicros }) => cpuMicros ?? 0)}`,
  ];
  return `${ours} / ${other.name}: ${ratios.join(', ')} (medians of the same rounds)\n`;
}

async function startCell(name: string, root?: string): Promise<CellProcess> {
  const nodeOptions = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const place = { folder: join(folder, name), nodeOptions };
  const cell = await startCellProcess(root === undefined ? place : { ...place, root });
  servers.push(cell);
  return cell;
}

/** Every round takes both, each beginning with the other one, so that nobody has the quiet moments. */
async function alternate(
  contestants: readonly Contestant[],
  load: { readonly rate?: number },
): Promise<readonly Round[]> {
  const results: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) results.push(await measured(contestant, { seconds, ...load }));
  }
  return results;
}

async function measured(
  { name, server, traders }: Contestant,
  load: { readonly rate?: number; readonly seconds: number },
): Promise<Round> {
  const port = Number(new URL(server.address).port);
  const before = cpuSeconds(server.processId);
  const result = await runLoad(generator, { port, traders, connections, ...load });
  const after = cpuSeconds(server.processId);
  const isKnown = before !== undefined && after !== undefined;
  const cpuMicros = isKnown ? ((after - before) * 1_000_000) / result.sent : undefined;
  if (name !== bare) await caughtUp(server);
  // Never a time, those belong to the machine; but what is not accepted was not measured.
  if (result.refused > 0) process.exitCode = 1;
  if (result.refused > 0) console.error(`${name} refused ${result.refused}:\n${result.refusals.join('\n')}`);
  return { name, ...result, cpuMicros };
}

function resultTable(title: string, results: readonly Round[]): string {
  const columns = ['ms', 'accepted/s', 'p50', 'p99', 'p99.9', 'longest', 'sent late p99', 'cpu µs'];
  const rows = results
    .toSorted((one, two) => two.name.localeCompare(one.name))
    .map(({ name, perSecond, latency, lag, cpuMicros }) => [
      name,
      short(Math.round(perSecond)),
      ...[latency.p50, latency.p99, latency.p999, latency.max, lag.p99].map(short),
      cpuMicros === undefined ? '' : short(Math.round(cpuMicros)),
    ]);
  return table(title, columns, rows);
}

function medianOf(results: readonly Round[], name: string, of: (round: Round) => number): number {
  const numbers = results.filter((result) => result.name === name).map(of);
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function rounded(value: number): number {
  return Math.max(100, Math.floor(value / 100) * 100);
}
