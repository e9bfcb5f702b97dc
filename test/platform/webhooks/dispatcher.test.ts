import { expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import type { Next } from '../../../platform/webhooks/deliverer.ts';
import { Dispatcher, type DispatcherLimits } from '../../../platform/webhooks/dispatcher.ts';
import { SettableClock } from '../../support/settable-clock.ts';

/** A dispatcher over webhooks that are delivered to when the test says so. */
class Bench {
  readonly clock = new SettableClock('2026-11-23T15:00:00Z');
  readonly begun: string[] = [];
  readonly failures: string[] = [];
  readonly dispatcher: Dispatcher;
  readonly #underWay = new Map<string, (next: Next | Error) => void>();
  tellEntries: (accountIds: readonly string[]) => void = () => undefined;
  tellChange: (webhookId: string, accountId: string | undefined) => void = () => undefined;

  constructor(webhooks: readonly string[], limits: Partial<DispatcherLimits> = {}) {
    this.dispatcher = new Dispatcher({
      deliverer: {
        step: (webhookId) => {
          expect(this.#underWay.has(webhookId), 'one step at a time').toBe(false);
          this.begun.push(webhookId);
          return new Promise((resolve, reject) => {
            this.#underWay.set(webhookId, (next) => {
              this.#underWay.delete(webhookId);
              if (next instanceof Error) reject(next);
              else resolve(next);
            });
          });
        },
      },
      subscriptions: {
        all: async () => webhooks.map((webhookId) => ({ webhookId, accountId: `of ${webhookId}` })),
        onChange: (listener) => {
          this.tellChange = listener;
          return () => undefined;
        },
      },
      accountFeed: {
        onEntries: (listener) => {
          this.tellEntries = listener;
          return () => undefined;
        },
      },
      clock: this.clock,
      onFailure: (error, webhookId = 'all') => this.failures.push(`${webhookId}: ${String(error)}`),
      limits: { longestPauseMs: 5, ...limits },
    });
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** The step under way ends so; what follows from it has begun after. */
  async end(webhookId: string, next: Next | Error): Promise<void> {
    this.#underWay.get(webhookId)?.(next);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** What `begun` is once it holds so many. */
  async begins(count: number): Promise<readonly string[]> {
    await expect.poll(() => this.begun.length, { interval: 2 }).toBe(count);
    return this.begun;
  }
}

test('all begin at the start, no more of them at once than may, and the others in their turn', async () => {
  const bench = new Bench(['a', 'b', 'c'], { atOnceMax: 2 });
  await bench.dispatcher.start();
  expect(bench.begun).toEqual(['a', 'b']);
  await bench.end('a', 'with-news');
  expect(bench.begun).toEqual(['a', 'b', 'c']);
  expect(bench.underWay).toBe(2);
  await bench.end('b', 'with-news');
  await bench.end('c', 'with-news');
  await bench.dispatcher.stop();
});

test('who has much to do lets the others go first after some steps', async () => {
  const bench = new Bench(['a', 'b'], { atOnceMax: 1, stepsMax: 2 });
  await bench.dispatcher.start();
  await bench.end('a', 'now');
  await bench.end('a', 'now');
  expect(bench.begun).toEqual(['a', 'a', 'b']);
  await bench.end('b', 'with-news');
  expect(bench.begun).toEqual(['a', 'a', 'b', 'a']);
  await bench.end('a', 'with-news');
  await bench.dispatcher.stop();
});

test('news that come while a step is under way are looked at after it', async () => {
  const bench = new Bench(['a', 'b']);
  await bench.dispatcher.start();
  bench.tellEntries(['of a', 'of nobody']);
  bench.tellEntries(['of a']);
  await bench.end('b', 'with-news');
  await bench.end('a', 'with-news');
  expect(bench.begun).toEqual(['a', 'b', 'a']);
  await bench.end('a', 'with-news');
  expect(bench.begun).toHaveLength(3);
  await bench.dispatcher.stop();
});

test('what waits for its next try is not hurried by news, but by its time and by its owner', async () => {
  const bench = new Bench(['a']);
  await bench.dispatcher.start();
  const { clock } = bench;
  const inAnHour = { at: clock.now() } as const;
  clock.set('2026-11-23T14:00:00Z');
  await bench.end('a', inAnHour);
  bench.tellEntries(['of a']);
  expect(bench.begun).toHaveLength(1);
  clock.set('2026-11-23T15:00:01Z');
  expect(await bench.begins(2)).toEqual(['a', 'a']);
  clock.set('2026-11-23T14:00:00Z');
  await bench.end('a', inAnHour);
  bench.tellChange('a', 'of a');
  expect(bench.begun).toHaveLength(3);
  await bench.end('a', 'with-news');
  await bench.dispatcher.stop();
});

test('a webhook that is made while it runs hears of its account', async () => {
  const bench = new Bench([]);
  await bench.dispatcher.start();
  bench.tellChange('new', 'of new');
  await bench.end('new', 'with-news');
  bench.tellEntries(['of new']);
  expect(bench.begun).toEqual(['new', 'new']);
  await bench.end('new', 'with-news');
  await bench.dispatcher.stop();
});

test('a step that fails is said, and tried again after a pause', async () => {
  const bench = new Bench(['a'], { afterFailureMs: 60_000 });
  await bench.dispatcher.start();
  await bench.end('a', new Error('the store is away'));
  expect(bench.failures).toEqual(['a: Error: the store is away']);
  bench.clock.set('2026-11-23T15:01:01Z');
  await bench.begins(2);
  await bench.end('a', 'with-news');
  await bench.dispatcher.stop();
});

test('stopping waits for what is under way and begins nothing', async () => {
  const bench = new Bench(['a', 'b'], { atOnceMax: 1 });
  await bench.dispatcher.start();
  let isStopped = false;
  const stop = async () => {
    await bench.dispatcher.stop();
    isStopped = true;
  };
  const stopping = stop();
  expect(isStopped).toBe(false);
  await bench.end('a', 'now');
  await stopping;
  expect(bench.begun).toEqual(['a']);
});

test('a pass ends when its time is up, whatever hangs', async () => {
  const bench = new Bench(['a']);
  await bench.dispatcher.pass(deadlineIn(20, systemClock));
  expect(bench.underWay).toBe(1);
  await bench.end('a', 'with-news');
  await bench.dispatcher.idle(deadlineIn(20, systemClock));
});
