import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { saveRegression } from './regressions.ts';
import { failureText, neverHappened, summary } from './report.ts';
import { type Plan, run } from './run.ts';
import { shrink } from './shrink.ts';
import { Tally } from './tally.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '6000' },
    /** So many seeds more that nobody has chosen. They are printed when one fails, and their range always. */
    fresh: { type: 'string', default: '0' },
    /** No new world is begun after so many seconds. */
    seconds: { type: 'string', default: '100000' },
    workers: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    without: { type: 'string', multiple: true, default: [] },
    shrink: { type: 'boolean', default: false },
    /** Shrinks what fails, and keeps it as a test in `regressions/`. */
    save: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    /** Says in a line of JSON what each world came to: for the process that started it. */
    lines: { type: 'boolean', default: false },
  },
});

interface Line {
  readonly steps: number;
  readonly commits: number;
  readonly tally: readonly (readonly [string, number])[];
  readonly failure?: string;
}

interface Range {
  readonly from: number;
  readonly seeds: number;
}

const startedMs = performance.now();
const stopAtMs = startedMs + Number(values.seconds) * 1_000;
const total = new Tally();
let [worlds, taken, commits] = [0, 0, 0];
let failed: string | undefined;

function add(line: Line): void {
  worlds += 1;
  taken += line.steps;
  commits += line.commits;
  for (const [name, times] of line.tally) total.count(name, times);
  failed ??= line.failure;
}

/** The worlds of a range one after the other, in this process. */
async function live({ from, seeds }: Range, told: (line: Line) => void): Promise<void> {
  for (let seed = from; seed < from + seeds && performance.now() < stopAtMs; seed += 1) {
    const plan: Plan = { seed, steps: Number(values.steps), without: values.without };
    const result = await run(plan);
    if (values.verbose)
      console.log(`seed ${seed}: ${result.steps} steps, ${result.commits} commits, trace ${result.trace}`);
    const { steps, commits: written, tally } = result;
    const failure = result.failure && (await describe(plan, result));
    told({ steps, commits: written, tally: tally.entries(), ...(failure !== undefined && { failure }) });
    if (failure !== undefined) return;
  }
}

async function describe(plan: Plan, result: Awaited<ReturnType<typeof run>>): Promise<string> {
  const text = failureText(result, plan);
  if (!values.shrink && !values.save) return text;
  const smallest = await shrink(plan, result);
  const law = smallest.result.failure?.law;
  const kept = values.save && law !== undefined ? `kept as ${saveRegression(smallest.plan, law)}` : '';
  return [text, failureText(smallest.result, smallest.plan), kept].join('\n');
}

/** Every so many-th part of the range in a process of its own, so that all processors work. */
async function spread(range: Range, workers: number): Promise<void> {
  const each = Math.ceil(range.seeds / workers);
  const parts = Array.from({ length: workers }, (_, index) => ({
    from: range.from + index * each,
    seeds: Math.min(each, range.seeds - index * each),
  })).filter(({ seeds }) => seeds > 0);
  const children = parts.map(({ from, seeds }) => spawn(process.execPath, argumentsFor(from, seeds)));
  await Promise.all(
    children.map(async (child) => {
      child.stderr.pipe(process.stderr);
      for await (const text of createInterface({ input: child.stdout })) add(JSON.parse(text));
      if (failed !== undefined) for (const other of children) other.kill();
    }),
  );
}

function argumentsFor(from: number, seeds: number): readonly string[] {
  const secondsLeft = Math.max(0, (stopAtMs - performance.now()) / 1_000);
  return [
    [import.meta.filename, '--lines', '--workers', '1', '--from', String(from), '--seeds', String(seeds)],
    ['--steps', values.steps, '--seconds', String(secondsLeft)],
    values.without.flatMap((fault) => ['--without', fault]),
    values.shrink ? ['--shrink'] : [],
    values.save ? ['--save'] : [],
  ].flat();
}

async function worldsOf(range: Range): Promise<void> {
  const workers = Number(values.workers);
  if (workers > 1 && range.seeds > workers && !values.verbose) await spread(range, workers);
  else await live(range, add);
}

if (values.lines) {
  await live({ from: Number(values.from), seeds: Number(values.seeds) }, (line) =>
    console.log(JSON.stringify(line)),
  );
} else {
  const ranges: Range[] = [{ from: Number(values.from), seeds: Number(values.seeds) }];
  const fresh = Number(values.fresh);
  if (fresh > 0) ranges.push({ from: randomInt(1_000_000, 1_000_000_000), seeds: fresh });
  for (const range of ranges) if (failed === undefined) await worldsOf(range);
  if (failed !== undefined) console.log(failed);
  else {
    console.log(summary(total));
    const seeds = ranges.map(({ from, seeds: many }) => `${from} to ${from + many - 1}`).join(' and ');
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`seeds ${seeds}: ${worlds} worlds, ${taken} steps, ${commits} commits, ${seconds} s`);
    const missing = neverHappened(total, worlds);
    if (missing.length > 0) console.log(`never happened, so not tested: ${missing.join(', ')}`);
    if (missing.length > 0) failed = 'faults are missing';
  }
  if (failed !== undefined) process.exitCode = 1;
}
