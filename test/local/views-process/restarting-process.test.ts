import { afterEach, expect, test } from 'vitest';
import type { Calls } from '../../../local/views-process/messages.ts';
import { RestartingProcess, type RestartLimits } from '../../../local/views-process/restarting-process.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';

const script = new URL('../../support/dying-process.ts', import.meta.url);
const death = { ask: 'reach', sequence: 'death', isWaitedFor: false } as const;
const aborted = 'the views’ process ended by SIGABRT';

let views: RestartingProcess;
afterEach(() => views.end());

/** A process, and what is said of it, each to be awaited. */
function begin(limits: Partial<RestartLimits>, onRestarted: () => Promise<void> = async () => undefined) {
  const said: string[] = [];
  let heard = Promise.withResolvers<void>();
  const say = (what: string) => {
    said.push(what);
    heard.resolve();
    heard = Promise.withResolvers();
  };
  views = new RestartingProcess({
    script,
    begin: () => ({ ask: 'begin', folder: 'none' }),
    clock: systemClock,
    onTold: () => undefined,
    onRestarted: async () => {
      await onRestarted();
      say('restarted');
    },
    onFailure: (error) => say(error instanceof Error ? error.message : String(error)),
    limits: { pauseMs: 1, ...limits },
  });
  const until = async (count: number) => {
    while (said.length < count) await heard.promise;
    return said;
  };
  return { until };
}

test('a process that dies is said so, and another begins', async () => {
  const { until } = begin({});
  const first = await processId();
  views.post(death);
  expect(await until(2)).toEqual([aborted, 'restarted']);
  expect(await processId()).not.toBe(first);
  expect(views.isWorking).toBe(true);
});

test('who waits for an answer of a process that dies is told that another try may help', async () => {
  const { until } = begin({});
  const answer = views.call('drained', null);
  views.post(death);
  await expect(answer).rejects.toThrow(StoreUnavailable);
  await until(2);
});

test('one that keeps dying is said to stand still, is left alone for longer, and then tried again', async () => {
  const { until } = begin({ deathsMax: 2, stillMs: 500 });
  for (const said of [0, 2]) {
    await processId();
    views.post(death);
    await until(said + 2);
  }
  const said = await until(4);
  expect(said.slice(0, 3)).toEqual([aborted, 'restarted', aborted]);
  expect(said[3]).toContain('died 2 times');
  expect(views.isWorking).toBe(false);
  await expect(views.call('start', null)).rejects.toThrow('not running');
  expect((await until(5))[4]).toBe('restarted');
  expect(await processId()).toBeGreaterThan(0);
  expect(views.isWorking).toBe(true);
});

test('one that cannot be made use of after a restart has died as well, and is tried again', async () => {
  let tries = 0;
  const { until } = begin({}, async () => {
    tries += 1;
    if (tries < 3) throw new Error(`not yet ${tries}`);
  });
  await processId();
  views.post(death);
  expect(await until(4)).toEqual([aborted, 'not yet 1', 'not yet 2', 'restarted']);
  expect(views.isWorking).toBe(true);
});

test('one that cannot even be begun is tried again', async () => {
  const { until } = begin({});
  await processId();
  const { execPath } = process;
  process.execPath = '/nowhere/node';
  try {
    views.post(death);
    expect((await until(2))[1]).toContain('ENOENT');
  } finally {
    process.execPath = execPath;
  }
  const said = await until(3);
  expect(said.at(-1)).toBe('restarted');
});

/** Of the one that is running: the script answers a start with it. */
async function processId(): Promise<number> {
  const answer: Calls['start']['answer'] | number = await views.call('start', null);
  return Number(answer);
}
