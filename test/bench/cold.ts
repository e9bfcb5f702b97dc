import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Bundle, bundle, bundleAll } from '../../lib/bundle/bundle.ts';
import { partsOf } from '../../lib/bundle/parts.ts';
import { parsedArguments } from './cold/arguments.ts';

/** `npm run bench:cold`: what each function carries, and how long loading it takes against the DynamoDB client alone. */
const { rounds, parts } = parsedArguments(process.argv.slice(2));
const folder = resolve(import.meta.dirname, '../../.cache/cold');
const client = 'test/bench/cold/client-alone.ts';
const [alone] = await bundle({ 'client-alone': client }, `${folder}/alone`, 'plain');
const [trimmed] = await bundle({ 'client-trimmed': client }, `${folder}/trimmed`);
if (!alone || !trimmed) throw new Error('esbuild made nothing');
const functions = await bundleAll(`${folder}/functions`);

const times = new Map<Bundle, number[]>([alone, trimmed, ...functions].map((one) => [one, []]));
// By turns, so that what else the machine does meets all of them alike.
for (let round = 0; round < rounds; round++) for (const [one, taken] of times) taken.push(importMs(one));

const base = medianOf(alone);
console.log('function                    KB  KB later    import ms   times the client alone');
for (const one of [alone, trimmed, ...functions]) {
  const ms = medianOf(one);
  const [size, later] = [one.code, one.later].map(({ bytes }) => String(Math.ceil(bytes / 1024)));
  console.log(
    `${one.name.padEnd(24)} ${size?.padStart(5)} ${later?.padStart(9)} ${ms.toFixed(1).padStart(12)} ${(ms / base).toFixed(2).padStart(10)}`,
  );
  if (one.name === parts)
    for (const [part, bytes] of partsOf(one))
      console.log(`    ${(bytes / 1024).toFixed(1).padStart(7)}  ${part}`);
}
console.log(
  `${rounds} rounds, medians, ${process.version}; later: what a call loads that is the first to need it; without the tracer, which is read where traces are asked for.`,
);

function importMs({ folder: of }: Bundle): number {
  const script = resolve(import.meta.dirname, 'cold/import-time.ts');
  return Number(
    execFileSync(process.execPath, [script, resolve(of, 'index.mjs')], { encoding: 'utf8', env: {} }),
  );
}

function medianOf(one: Bundle): number {
  const sorted = (times.get(one) ?? []).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
