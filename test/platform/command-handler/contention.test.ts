import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../platform/command-handler/limits.ts';
import { StreamCache } from '../../../platform/command-handler/stream-cache.ts';
import { Bench, type CounterHandler, add } from './bench.ts';
import type { Fault } from './faulty-store.ts';
import { SeededRandom } from './seeded-random.ts';

const stream = 'counter-1';

/** Each writer sends its ten one after the other, all eight at once. */
async function eightWritersTenCommands(bench: Bench, handlers: readonly CounterHandler[]): Promise<void> {
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let command = 0; command < 10; command += 1) {
      const handler = handlers[writer % handlers.length];
      await handler?.handle(stream, add(1), bench.keyed(`writer-${writer}-${command}`));
    }
  });
  await Promise.all(writers);
}

describe('eight writers with ten commands each', () => {
  test.each([0, 1, 5, 20])('all 80 get in from eight processes, %i ms from the log', async (latencyMs) => {
    const bench = new Bench();
    const chance = new SeededRandom('latency', 7);
    if (latencyMs > 0)
      bench.store.before = async () => bench.clock.sleep(latencyMs * (0.5 + chance.fraction()));
    await eightWritersTenCommands(
      bench,
      Array.from({ length: 8 }, () => bench.handler()),
    );
    expect((await bench.rival().load(stream, bench.deadline())).state.total).toBe(80);
  });

  test('within one process all 80 get in without a failed write', async () => {
    const bench = new Bench();
    bench.store.before = async () => bench.clock.sleep(5);
    await eightWritersTenCommands(bench, [bench.handler()]);
    expect((await bench.rival().load(stream, bench.deadline())).state.total).toBe(80);
    expect(bench.store.calls).toHaveLength(81);
  });
});

describe('a writer that never gets in', () => {
  function starved(bench: Bench): CounterHandler {
    const rival = bench.rival();
    const steal = async () => rival.handle(stream, add(1), bench.context());
    bench.store.faults.push(...Array.from({ length: 50 }, () => steal));
    return bench.handler();
  }

  test('gives up after its bounded decisions, naming stream and version', async () => {
    const bench = new Bench();
    const handler = starved(bench);
    const { decisionsMax } = defaultLimits;
    await expect(handler.handle(stream, add(100), bench.context())).rejects.toMatchObject({
      name: 'VersionConflict',
      retryable: true,
      stream,
      version: decisionsMax,
    });
    expect(bench.store.calls.filter((call) => call.startsWith('append'))).toHaveLength(decisionsMax);
    expect((await bench.commits(stream)).every(({ actor: { id } }) => id === 'client-1')).toBe(true);
  });

  test('gives up when its time is over, without sleeping past it', async () => {
    const bench = new Bench();
    const handler = starved(bench);
    bench.store.before = async () => bench.clock.sleep(10);
    const deadline = bench.deadline(60);
    const attempt = handler.handle(stream, add(100), bench.context({ deadline }));
    await expect(attempt).rejects.toMatchObject({ name: 'VersionConflict', stream });
    expect(bench.clock.monotonicMs()).toBeLessThanOrEqual(deadline);
  });

  test('makes no call when the caller has no time left', async () => {
    const bench = new Bench();
    const context = bench.context({ deadline: bench.deadline(5) });
    bench.clock.advance(5);
    await expect(bench.handler().handle(stream, add(1), context)).rejects.toMatchObject({
      name: 'DeadlineExceeded',
      retryable: true,
    });
    expect(bench.store.calls).toEqual([]);
  });
});

describe('the line of one stream in one process', () => {
  test('has a bound, beyond which a command is turned away undecided', async () => {
    const bench = new Bench();
    const handler = bench.handler({ limits: { lineMax: 3 } });
    const handled = Array.from({ length: 5 }, async () => handler.handle(stream, add(1), bench.context()));
    const results = await Promise.allSettled(handled);
    const reasons = results.map((result) => (result.status === 'rejected' ? String(result.reason) : 'in'));
    const busy = `StreamBusy: 3 commands wait for ${stream} already`;
    expect(reasons).toEqual(['in', 'in', 'in', busy, busy]);
    expect((await handler.handle(stream, add(1), bench.context())).state.total).toBe(4);
  });

  test('does not keep a command with little time behind one with much', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    const slow = Promise.withResolvers<void>();
    bench.store.faults.push(async () => slow.promise);
    const patient = handler.handle(stream, add(1), bench.context());
    const urgent = await handler.handle(stream, add(10), bench.context({ deadline: bench.deadline(50) }));
    slow.resolve();
    expect(urgent).toMatchObject({ commit: { version: 1 } });
    expect(await patient).toMatchObject({ commit: { version: 2 }, state: { total: 11 } });
  });

  test('goes on after a command that failed', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    bench.store.faults.push('never-arrives', 'never-arrives');
    const [failed, next] = await Promise.allSettled([
      handler.handle(stream, add(1), bench.context()),
      handler.handle(stream, add(10), bench.context()),
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
    expect(next).toMatchObject({ status: 'fulfilled', value: { state: { total: 10 } } });
  });
});

const scenario = fc.record({
  /** What each writer adds, one command after the other. */
  writers: fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 5,
  }),
  processes: fc.integer({ min: 1, max: 5 }),
  cacheSize: fc.constantFrom(0, 100),
  faults: fc.array(
    fc.constantFrom('none', 'none', 'answer-lost', 'never-arrives', 'sent-twice', 'arrives-late'),
    { maxLength: 40 },
  ),
  latenciesMs: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 }),
});

/** A bench whose calls take their time, fail as planned, and where what was on its way for long arrives at some point. */
function troubled(faults: readonly Fault[], latenciesMs: readonly number[]): Bench {
  const bench = new Bench();
  let calls = 0;
  bench.store.faults.push(...faults);
  bench.store.before = async () => {
    calls += 1;
    const latencyMs = latenciesMs[calls % latenciesMs.length] ?? 0;
    if (latencyMs > 0) await bench.clock.sleep(latencyMs);
    if (calls % 3 === 0) await bench.store.deliver();
  };
  return bench;
}

/** As a client does: the same command under the same key, to any process, until it is answered. */
async function insist(bench: Bench, handlers: readonly CounterHandler[], key: string, quantity: number) {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const handler = handlers[(key.length + attempt) % handlers.length];
    try {
      return await handler?.handle(stream, add(quantity), bench.keyed(key));
    } catch (error) {
      expect(error).toMatchObject({ retryable: true });
    }
  }
  throw new Error(`${key} never got in`);
}

test('however writers interleave and answers get lost, no command is lost and none is applied twice', async () => {
  const property = fc.asyncProperty(
    scenario,
    async ({ writers, processes, cacheSize, faults, latenciesMs }) => {
      const bench = troubled(faults, latenciesMs);
      const handlers = Array.from({ length: processes }, () =>
        bench.handler({ cache: new StreamCache(cacheSize) }),
      );
      const keys: string[] = [];
      const outcomes: Awaited<ReturnType<typeof insist>>[] = [];
      const write = async (quantities: readonly number[], writer: number) => {
        for (const [command, quantity] of quantities.entries()) {
          const key = `${'w'.repeat(writer)}-${command}`;
          keys.push(key);
          outcomes.push(await insist(bench, handlers, key, quantity));
        }
      };
      await Promise.all(writers.map(write));
      await bench.store.deliver();

      const commits = await bench.commits(stream);
      expect(commits).toHaveLength(keys.length);
      expect(new Set(commits.map(({ commandId }) => commandId))).toEqual(new Set(keys));
      const { state } = await bench.rival().load(stream, bench.deadline());
      expect(state.total).toBe(writers.flat().reduce((sum, quantity) => sum + quantity, 0));
      for (const outcome of outcomes) {
        const version = outcome && 'commit' in outcome ? outcome.commit.version : 0;
        const then = await bench.rival().stateAt(stream, { version }, bench.deadline());
        expect(outcome?.state).toEqual(then.state);
      }
    },
  );
  await fc.assert(property, { numRuns: 300 });
});
