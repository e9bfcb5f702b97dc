import { parseArgs } from 'node:util';
import { failureText, manySeeds, neverHappened, summary } from './report.ts';
import { run } from './run.ts';
import { shrink } from './shrink.ts';
import { Tally } from './tally.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '1500' },
    without: { type: 'string', multiple: true, default: [] },
    shrink: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const [seeds, from, steps] = [values.seeds, values.from, values.steps].map(Number) as [
  number,
  number,
  number,
];
const total = new Tally();
const startedMs = performance.now();
let taken = 0;
let commits = 0;
let failed = false;

for (let seed = from; seed < from + seeds && !failed; seed += 1) {
  const result = await run({ seed, steps, without: values.without });
  total.add(result.tally);
  taken += result.steps;
  commits += result.commits;
  if (values.verbose)
    console.log(`seed ${seed}: ${result.steps} steps, ${result.commits} commits, trace ${result.trace}`);
  if (!result.failure) continue;
  failed = true;
  console.log(failureText(result, { seed, steps, without: values.without }));
  if (!values.shrink) continue;
  const smallest = await shrink({ seed, steps, without: values.without }, result);
  console.log(failureText(smallest.result, smallest.plan));
}

if (!failed) {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(summary(total));
  console.log(`seeds ${from} to ${from + seeds - 1}: ${taken} steps, ${commits} commits, ${seconds} s`);
  const missing = seeds >= manySeeds ? neverHappened(total) : [];
  if (missing.length > 0) console.log(`never happened, so not tested: ${missing.join(', ')}`);
  failed = missing.length > 0;
}
if (failed) process.exitCode = 1;
