import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { notJudged, notRun } from './report.ts';
import { spans, undone } from './seeds.ts';

const main = resolve(import.meta.dirname, 'main.ts');

/** Runs two workers. `inWorker` is what each of them does before anything else. */
function simulate(options: string, inWorker?: string) {
  const loaded = `data:text/javascript,if(process.argv.includes('--lines')){${inWorker}}`;
  const env = { ...process.env, ...(inWorker !== undefined && { NODE_OPTIONS: `--import=${loaded}` }) };
  const given = ['--workers', '2', '--steps', '30', ...options.split(' ')];
  const { status, stdout } = spawnSync(process.execPath, [main, ...given], { encoding: 'utf8', env });
  return { status, stdout };
}

test.each([
  ['exit code 7', 'process.exit(7)'],
  // What a heap that is full does.
  ['SIGABRT', 'process.abort()'],
])('a worker that dies with %s fails the run, which names it and its seeds', (how, inWorker) => {
  const { status, stdout } = simulate('--seeds 7', inWorker);
  expect(stdout).toContain(`worker 1 of 2 died with ${how}; seeds not done: 1 to 4`);
  expect(stdout).toContain(`worker 2 of 2 died with ${how}; seeds not done: 5 to 7`);
  expect(stdout).not.toContain('seeds 1 to 7');
  expect(status).toBe(1);
});

test('a worker that dies on its way is said to have done what it had done, and nothing fresh is begun', () => {
  const dies = 'const{log}=console;console.log=(text)=>{log(text);process.exit(7)}';
  const { status, stdout } = simulate('--seeds 7 --fresh 5', dies);
  expect(stdout).toContain('worker 1 of 2 died with exit code 7; seeds not done: 2 to 4');
  expect(stdout).toContain('worker 2 of 2 died with exit code 7; seeds not done: 6 to 7');
  expect(stdout).toContain('only 2 of 7 fixed seeds (1, 5) and 0 of 5 fresh seeds (none)');
  expect(status).toBe(1);
});

test('half a line is no world', () => {
  const dies = 'console.log=(text)=>{process.stdout.write(text.slice(0,20));process.exit(7)}';
  const { status, stdout } = simulate('--seeds 3', dies);
  expect(stdout).toContain('worker 1 of 2 died with exit code 7; seeds not done: 1 to 2');
  expect(status).toBe(1);
});

test('workers that end in peace before their seeds are done fail the run too', () => {
  const { status, stdout } = simulate('--seeds 7', 'process.exit(0)');
  expect(stdout).toContain('fewer worlds were run than asked for');
  expect(status).toBe(1);
});

test('a run that is whole says its seeds and nothing more', () => {
  const { status, stdout } = simulate('--seeds 2 --least 2 --workers 1');
  expect(stdout).toContain('seeds 1 to 2: 2 worlds');
  expect(stdout).not.toContain('***');
  expect(status).toBe(0);
});

test('a run that is out of time says what was run of the fixed seeds and the fresh ones, and what it has not judged', () => {
  const { status, stdout } = simulate('--seeds 100000 --fresh 100 --seconds 1 --workers 1');
  expect(stdout).toMatch(/NOT ALL WAS RUN: only \d+ of 100000 fixed seeds \(1 .*\) and 0 of 100 fresh seeds/);
  expect(stdout).toMatch(/NOT JUDGED: whether what must happen \(from 100 worlds on\)/);
  expect(stdout).not.toContain('100000:');
  expect(status).toBe(0);
});

test('a run that is out of time before the least it was to run has failed, and so has one without a world', () => {
  const { status, stdout } = simulate('--seeds 5 --seconds 0 --least 3 --workers 1');
  expect(stdout).toContain('fewer than 3 fixed seeds were run');
  expect(stdout).toContain('no world was run');
  expect(status).toBe(1);
});

test('CI has time for all its seeds, and fails when fixed ones were not run', () => {
  const ci = readFileSync(resolve(import.meta.dirname, '../../.ci/run'), 'utf8');
  const line = /^step npm run simulate -- --seeds 100 --fresh 100 --seconds (\d+) --least 100$/m.exec(ci);
  expect(Number(line?.[1])).toBeGreaterThanOrEqual(360);
});

test('seeds are told as spans, in whatever order they were run', () => {
  expect(spans([])).toBe('none');
  expect(spans([9, 1, 3, 2, 7, 10])).toBe('1 to 3, 7, 9 to 10');
  expect(undone({ from: 5, seeds: 4 }, new Set([6, 7]))).toEqual([5, 8]);
});

test('what must happen is judged from so many worlds on; a run cut below that says so, a short one owes nothing', () => {
  expect(notJudged(99, 99)).toBeUndefined();
  expect(notJudged(200, 100)).toBeUndefined();
  expect(notJudged(200, 99)).toContain('what must happen (from 100 worlds on) did happen, in 99 of 200');
  expect(notJudged(2_000, 999)).toMatch(/NOT JUDGED: whether what is rare/);
  expect(notJudged(2_000, 1_000)).toBeUndefined();
});

test('a run that is whole leaves nothing out', () => {
  const range = { from: 1, seeds: 2 };
  expect(notRun([{ what: 'fixed', range, done: new Set([1, 2]) }])).toBeUndefined();
  expect(notRun([{ what: 'fixed', range, done: new Set([2]) }])).toContain('1 of 2 fixed seeds (2)');
});
