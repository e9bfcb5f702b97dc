import { afterEach, expect, test } from 'vitest';
import { RestartingWorker, type RestartLimits } from '../../../local/views-thread/restarting-worker.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';

const script = new URL('../../support/dying-worker.ts', import.meta.url);
const death = { ask: 'reach', sequence: 'death', isWaitedFor: false } as const;

let worker: RestartingWorker;
afterEach(() => worker.end());

/** A thread, and what is said of it, each to be awaited. */
function begin(limits: Partial<RestartLimits>) {
  const said: string[] = [];
  let heard = Promise.withResolvers<void>();
  const say = (what: string) => {
    said.push(what);
    heard.resolve();
    heard = Promise.withResolvers();
  };
  worker = new RestartingWorker({
    script,
    workerData: {},
    clock: systemClock,
    onTold: () => undefined,
    onRestarted: () => say('restarted'),
    onFailure: (error) => say(error instanceof Error ? error.message : String(error)),
    limits: { pauseMs: 1, ...limits },
  });
  const until = async (count: number) => {
    while (said.length < count) await heard.promise;
    return said;
  };
  return { until };
}

test('a thread that dies is said so, and another begins', async () => {
  const { until } = begin({});
  await worker.call('start', null);
  worker.post(death);
  expect(await until(2)).toEqual(['killed', 'restarted']);
  expect(await worker.call('start', null)).toBeNull();
});

test('who waits for an answer of a thread that dies is told that another try may help', async () => {
  const { until } = begin({});
  const answer = worker.call('drained', null);
  worker.post(death);
  await expect(answer).rejects.toThrow(StoreUnavailable);
  await until(2);
});

test('one that keeps dying is left alone at last, and asking it fails at once', async () => {
  const { until } = begin({ deathsMax: 3 });
  for (const deaths of [1, 2, 3]) {
    await worker.call('start', null);
    worker.post(death);
    await until(deaths * 2);
  }
  const said = await until(6);
  expect(said.slice(0, 5)).toEqual(['killed', 'restarted', 'killed', 'restarted', 'killed']);
  expect(said[5]).toContain('died 3 times');
  await expect(worker.call('start', null)).rejects.toThrow('not running');
});
