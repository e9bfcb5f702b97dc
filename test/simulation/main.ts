import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { saveRegression } from './regressions.ts';
import { failureText, neverHappened, notJudged, notRun, summary } from './report.ts';
import { type Plan, run } from './run.ts';
import { type Range, type Share, spans, undone } from './seeds.ts';
import { shrink } from './shrink.ts';
import { Tally } from './tally.ts';
import { type Line, partsOf, spread } from './workers.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '6000' },
    /** So many seeds more that nobody has chosen. They are printed when one fails, and their range always. */
    fresh: { type: 'string', default: '0' },
    /** No new world is begun after so many seconds. */
    seconds: { type: 'string', default: '100000' },
    /** Fails when the time was up before so many of the seeds that were chosen. */
    least: { type: 'string', default: '0' },
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

const startedMs = performance.now();
const stopAtMs = startedMs + Number(values.seconds) * 1_000;
const total = new Tally();
let [taken, commits] = [0, 0];
let failed: string | undefined;

function add(line: Line): void {
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
    told({
      seed,
      steps,
      commits: written,
      tally: tally.entries(),
      ...(failure !== undefined && { failure }),
    });
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

function argumentsFor({ from, seeds }: Range): readonly string[] {
  const secondsLeft = Math.max(0, (stopAtMs - performance.now()) / 1_000);
  return [
    [import.meta.filename, '--lines', '--workers', '1', '--from', String(from), '--seeds', String(seeds)],
    ['--steps', values.steps, '--seconds', String(secondsLeft)],
    values.without.flatMap((fault) => ['--without', fault]),
    values.shrink ? ['--shrink'] : [],
    values.save ? ['--save'] : [],
  ].flat();
}

/** Returns what is to be said of workers that died. */
async function worldsOf(range: Range, done: Set<number>): Promise<readonly string[]> {
  const workers = Number(values.workers);
  const told = (line: Line) => {
    done.add(line.seed);
    add(line);
  };
  if (workers > 1 && range.seeds > workers && !values.verbose) {
    const start = (part: Range) => spawn(process.execPath, argumentsFor(part));
    return spread(partsOf(range, workers), start, told);
  }
  await live(range, told);
  return [];
}

/** Why a run in which no law was broken has failed all the same. */
function shortcomings(shares: readonly Share[], died: readonly string[]): readonly string[] {
  const worlds = shares.reduce((sum, { done }) => sum + done.size, 0);
  const isShort = shares.some(({ range, done }) => undone(range, done).length > 0);
  const isOutOfTime = performance.now() >= stopAtMs;
  const missing = neverHappened(total, worlds);
  const [fixed] = shares;
  return [
    ...died,
    ...(isShort && !isOutOfTime && died.length === 0 ? ['fewer worlds were run than asked for'] : []),
    ...(worlds === 0 ? ['no world was run'] : []),
    ...((fixed?.done.size ?? 0) < Number(values.least)
      ? [`fewer than ${values.least} fixed seeds were run`]
      : []),
    ...(missing.length > 0 ? [`never happened, so not tested: ${missing.join(', ')}`] : []),
  ];
}

function report(shares: readonly Share[]): void {
  const worlds = shares.reduce((sum, { done }) => sum + done.size, 0);
  const asked = shares.reduce((sum, { range }) => sum + range.seeds, 0);
  const seeds = shares.map(({ done }) => spans(done)).join(' and ');
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(summary(total));
  console.log(`seeds ${seeds}: ${worlds} worlds, ${taken} steps, ${commits} commits, ${seconds} s`);
  for (const text of [notRun(shares), notJudged(asked, worlds)]) if (text) console.log(text);
}

async function all(): Promise<void> {
  const ranges: Omit<Share, 'done'>[] = [
    { what: 'fixed', range: { from: Number(values.from), seeds: Number(values.seeds) } },
  ];
  const fresh = Number(values.fresh);
  if (fresh > 0)
    ranges.push({ what: 'fresh', range: { from: randomInt(1_000_000, 1_000_000_000), seeds: fresh } });
  const shares = ranges.map((one) => ({ ...one, done: new Set<number>() }));
  const died: string[] = [];
  for (const { range, done } of shares)
    if (failed === undefined && died.length === 0) died.push(...(await worldsOf(range, done)));
  if (failed === undefined) report(shares);
  const wrong = failed === undefined ? shortcomings(shares, died) : [failed, ...died];
  for (const text of wrong) console.log(text);
  if (wrong.length > 0) process.exitCode = 1;
}

if (values.lines) {
  await live({ from: Number(values.from), seeds: Number(values.seeds) }, (line) =>
    console.log(JSON.stringify(line)),
  );
} else await all();
