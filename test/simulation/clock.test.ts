import { expect, test } from 'vitest';
import { clockOffMaxMs, driftMaxPpm, MachineClock, setMaxMs } from './clock.ts';
import { Prng } from './prng.ts';
import { run } from './run.ts';
import { Scheduler } from './scheduler.ts';
import { faults } from './weather.ts';

function machine() {
  const scheduler = new Scheduler(new Prng('clock'));
  const clock = new MachineClock(scheduler, 'machine');
  const pass = (milliseconds: number) => {
    const waited = scheduler.pause('world', 'waits', milliseconds);
    scheduler.next()?.resume();
    return waited;
  };
  return { scheduler, clock, pass };
}

test.each([
  [driftMaxPpm, 10],
  [-driftMaxPpm, -10],
])('a clock that drifts by %i ppm is off by %i ms after ten seconds, deadlines too', async (ppm, offMs) => {
  const { clock, pass } = machine();
  await pass(1_000);
  const [before, countedMs] = [clock.now(), clock.monotonicMs()];
  clock.drift(ppm);
  await pass(10_000);
  expect(clock.offMs).toBeCloseTo(offMs);
  expect(clock.now() - before).toBe((10_000 + offMs) * 1_000);
  expect(clock.monotonicMs() - countedMs).toBeCloseTo(10_000 + offMs);
});

test('a clock that is set goes on at its rate from there, and no deadline notices', async () => {
  const { clock, pass } = machine();
  clock.drift(driftMaxPpm);
  await pass(10_000);
  const countedMs = clock.monotonicMs();
  clock.set(-setMaxMs);
  expect(clock.offMs).toBeCloseTo(-setMaxMs);
  expect(clock.monotonicMs()).toBe(countedMs);
  await pass(10_000);
  expect(clock.offMs).toBeCloseTo(-setMaxMs + 10);
});

test('who sleeps on a clock that drifts sleeps no less than it asked for, by that clock', async () => {
  for (const ppm of [driftMaxPpm, -driftMaxPpm]) {
    const { scheduler, clock } = machine();
    clock.drift(ppm);
    const slept = clock.sleep(1_000);
    scheduler.next()?.resume();
    await slept;
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(1_000);
    expect(clock.monotonicMs()).toBeLessThan(1_002);
  }
});

test('a clock set as far as it may be, and drifting for two minutes as fast as it may, is off no further than a round of the end allows', async () => {
  const { clock, pass } = machine();
  clock.set(setMaxMs);
  clock.drift(driftMaxPpm);
  await pass(120_000);
  expect(clock.offMs).toBeLessThanOrEqual(clockOffMaxMs);
});

test('a clock drifts in a world, and the world is another one for it', async () => {
  const others = faults.filter((fault) => fault !== 'process: clock drifts');
  const drifting = await run({ seed: 4, steps: 2_000, without: others });
  const steady = await run({ seed: 4, steps: 2_000, without: [...others, 'process: clock drifts'] });
  expect(drifting.failure).toBeUndefined();
  expect(drifting.tally.of('process: clock drifts')).toBeGreaterThan(0);
  expect(steady.tally.of('process: clock drifts')).toBe(0);
  expect(drifting.trace).not.toBe(steady.trace);
});
