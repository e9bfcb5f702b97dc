import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './simulation/run.ts';

const seeds = [1, 2, 3, 4, 5, 6];

test.each(seeds)('nothing is lost or doubled in the world of seed %i', async (seed) => {
  const { failure } = await run({ seed, steps: 2_000 });
  expect(failure).toBeUndefined();
});

test('the same seed gives the same steps and the same log, twice and in another process', async () => {
  const first = await run({ seed: 10, steps: 2_000 });
  const second = await run({ seed: 10, steps: 2_000 });
  const main = resolve(import.meta.dirname, 'simulation/main.ts');
  const options = ['--seeds', '1', '--from', '10', '--steps', '2000', '--verbose'];
  const { stdout } = spawnSync(process.execPath, [main, ...options], { encoding: 'utf8' });
  expect(second.trace).toBe(first.trace);
  expect(stdout).toContain(`trace ${first.trace}`);
  expect(first.commits).toBeGreaterThan(50);
  expect(first.tally.of('door: 2xx')).toBeGreaterThan(0);
});

test('another seed gives another world', async () => {
  const one = await run({ seed: 8, steps: 300 });
  const other = await run({ seed: 9, steps: 300 });
  expect(other.trace).not.toBe(one.trace);
});
