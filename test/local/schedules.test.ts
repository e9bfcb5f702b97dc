import { expect, test } from 'vitest';
import { Schedules } from '../../local/schedules.ts';
import { scheduledFunctions } from '../../functions/manifest.ts';

const entry = scheduledFunctions[0] ?? missing();

function missing(): never {
  throw new Error('the manifest has no schedule');
}

/** A schedule whose time comes when the test says so, and whose turns end when it says so. */
function bench() {
  const turns: PromiseWithResolvers<void>[] = [];
  const errors: unknown[] = [];
  let periodMs = 0;
  let tick: (() => void) | undefined;
  const failed = (_: string, error: unknown) => void errors.push(error);
  const run = () => {
    const turn = Promise.withResolvers<void>();
    turns.push(turn);
    return turn.promise;
  };
  const schedules = new Schedules([{ entry, run }], failed, (everyMs, work) => {
    [periodMs, tick] = [everyMs, work];
    return () => (tick = undefined);
  });
  schedules.start();
  return { schedules, turns, errors, tick: () => tick?.(), periodMs: () => periodMs };
}

/** Lets everything run that waits for nothing but its turn. */
const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

test('runs in the period of the manifest', () => {
  expect(bench().periodMs()).toBe(entry.trigger.everyMinutes * 60_000);
});

test('one that takes longer than its period misses a turn, and runs again after it', async () => {
  const { turns, tick } = bench();
  tick();
  tick();
  expect(turns).toHaveLength(1);
  turns[0]?.resolve();
  await turnOfTheLoop();
  tick();
  expect(turns).toHaveLength(2);
});

test('a turn that fails is said so, and is not the last', async () => {
  const { turns, tick, errors } = bench();
  tick();
  turns[0]?.reject(new Error('down'));
  await turnOfTheLoop();
  tick();
  expect(turns).toHaveLength(2);
  expect(errors).toEqual([new Error('down')]);
});

test('stopping waits for the turn in work, and there is no other', async () => {
  const { schedules, turns, tick } = bench();
  tick();
  let isStopped = false;
  const stopping = schedules.stop().then(() => (isStopped = true));
  await turnOfTheLoop();
  expect(isStopped).toBe(false);
  turns[0]?.resolve();
  await stopping;
  tick();
  expect(turns).toHaveLength(1);
});
