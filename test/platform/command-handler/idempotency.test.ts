import { describe, expect, test } from 'vitest';
import { keysMax } from '../../../platform/command-handler/key-memory.ts';
import { Bench, add } from './bench.ts';

const stream = 'counter-1';

describe('an answer that was lost', () => {
  test('two fills of 100, one answered late, stay 200', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    bench.store.faults.push('answer-lost', 'sent-twice');
    const first = await handler.handle(stream, add(100), bench.context());
    const second = await handler.handle(stream, add(100), bench.context());
    expect([first.outcome, second.outcome]).toEqual(['committed', 'committed']);
    expect((await bench.rival().load(stream, bench.deadline())).state.total).toBe(200);
    expect(bench.store.calls).toEqual([
      `readTail ${stream}`,
      `append ${stream}@1`,
      `append ${stream}@1`,
      `append ${stream}@2`,
    ]);
  });

  test('our own write is recognised after others have written behind it', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    const rival = bench.rival();
    bench.store.faults.push('answer-lost', () => rival.handle(stream, add(5), bench.context()));
    const outcome = await handler.handle(stream, add(100), bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', commit: { version: 1 }, state: { total: 100 } });
    expect((await handler.load(stream, bench.deadline())).state.total).toBe(105);
  });

  test('a write that never arrived is sent again as the same commit', async () => {
    const bench = new Bench();
    bench.store.faults.push('never-arrives');
    await bench.handler().handle(stream, add(100), bench.context());
    expect((await bench.commits(stream)).map(({ commitId }) => commitId)).toEqual(['process1-1']);
  });

  test('with no answer twice the outcome is unknown, and the same key finds it out', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    bench.store.faults.push('answer-lost', 'never-arrives');
    await expect(handler.handle(stream, add(100), bench.keyed('key-1'))).rejects.toMatchObject({
      name: 'StoreUnavailable',
      retryable: true,
    });
    const outcome = await handler.handle(stream, add(100), bench.keyed('key-1'));
    expect(outcome).toMatchObject({ outcome: 'replayed', state: { total: 100 } });
    expect(await bench.types(stream)).toEqual(['Added']);
  });

  test('a write that arrives late, after its repetition was refused, is still ours', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    const arrival = async () => {
      await bench.deposit(100);
      await bench.store.deliver();
    };
    bench.store.faults.push('arrives-late', 'none', arrival);
    const outcome = await handler.handle(stream, { type: 'Reserve', cash: 100 }, bench.context());
    expect(outcome).toMatchObject({
      outcome: 'committed',
      events: [{ type: 'Reserved' }],
      state: { count: 1 },
    });
    expect(await bench.types(stream)).toEqual(['Reserved']);
  });

  test('a try the store gave up on that arrives after the refusal of the next is found to be ours', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    const arrival = async () => {
      await bench.deposit(100);
      await bench.store.deliver();
    };
    bench.store.faults.push('arrives-again', arrival);
    const outcome = await handler.handle(stream, { type: 'Reserve', cash: 100 }, bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', events: [{ type: 'Reserved' }] });
    expect(await bench.types(stream)).toEqual(['Reserved']);
  });

  test('a beginning whose answer was lost has not been taken by somebody else', async () => {
    const bench = new Bench();
    bench.store.faults.push('answer-lost');
    const outcome = await bench.handler().handle(stream, { type: 'Alias', name: 'a' }, bench.context());
    expect(outcome).toMatchObject({ outcome: 'committed', events: [{ type: 'Aliased' }] });
  });
});

describe('an idempotency key', () => {
  test('gives the outcome of then, not the state of today', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await handler.handle(stream, add(1), bench.keyed('place'));
    await handler.handle(stream, add(10), bench.keyed('second'));
    await handler.handle(stream, add(100), bench.keyed('third'));
    for (const process of [handler, bench.handler()]) {
      const first = await process.handle(stream, add(1), bench.keyed('place'));
      const second = await process.handle(stream, add(10), bench.keyed('second'));
      expect(first).toMatchObject({ outcome: 'replayed', commit: { version: 1 }, state: { total: 1 } });
      expect(second).toMatchObject({ outcome: 'replayed', commit: { version: 2 }, state: { total: 11 } });
    }
    expect(await bench.types(stream)).toHaveLength(3);
  });

  test('repeats a refusal as it was, though the command would pass today', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    const reserve = { type: 'Reserve', cash: 100 } as const;
    await bench.deposit(60);
    const refused = await handler.handle(stream, reserve, bench.keyed('place'));
    await bench.deposit(1_000);
    const again = await handler.handle(stream, reserve, bench.keyed('place'));
    expect(refused).toMatchObject({
      outcome: 'committed',
      events: [{ data: { reason: 'cash', value: 60 } }],
    });
    expect(again).toEqual({ ...refused, outcome: 'replayed' });
  });

  test('used for another request decides nothing', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await handler.handle(stream, add(1), bench.keyed('place', 'one'));
    await handler.handle(stream, add(2), bench.keyed('cancel', 'two'));
    const first = await handler.handle(stream, add(9), bench.keyed('place', 'other'));
    const later = await bench.handler().handle(stream, add(9), bench.keyed('cancel', 'other'));
    expect(first).toMatchObject({ outcome: 'key-reused', commit: { version: 1 } });
    expect(later).toMatchObject({ outcome: 'key-reused', commit: { version: 2 } });
    expect(await bench.types(stream)).toHaveLength(2);
  });

  test('that another process used first is found in the conflict', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    const rival = bench.rival();
    await bench.add(handler, stream, 1);
    await rival.handle(stream, add(7), bench.keyed('cancel'));
    const outcome = await handler.handle(stream, add(7), bench.keyed('cancel'));
    expect(outcome).toMatchObject({ outcome: 'replayed', commit: { version: 2 }, state: { total: 8 } });
  });

  test('is remembered for the last 64, the first of the stream for ever', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    for (let version = 1; version <= keysMax + 3; version += 1) {
      await handler.handle(stream, add(1), bench.keyed(`key-${version}`));
    }
    const { keys } = await bench.rival().load(stream, bench.deadline());
    expect(keys.first).toBe('key-1');
    expect(keys.recent).toHaveLength(keysMax);
    expect(keys.recent?.[0]).toEqual(['key-4', 4]);
    for (const process of [handler, bench.handler()]) {
      const outcomes = ['key-1', 'key-4', `key-${keysMax + 3}`].map(async (key) => {
        const { outcome } = await process.handle(stream, add(1), bench.keyed(key));
        return outcome;
      });
      expect(await Promise.all(outcomes)).toEqual(['replayed', 'replayed', 'replayed']);
    }
    const forgotten = await handler.handle(stream, add(1), bench.keyed('key-3'));
    expect(forgotten.outcome).toBe('committed');
  });

  test('is not used up by a command that was already in effect', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await handler.handle(stream, { type: 'Close' }, bench.context());
    const outcome = await handler.handle(stream, { type: 'Close' }, bench.keyed('close'));
    expect(outcome).toMatchObject({ outcome: 'unchanged', version: 1 });
    expect((await handler.load(stream, bench.deadline())).keys).toEqual({});
  });
});
