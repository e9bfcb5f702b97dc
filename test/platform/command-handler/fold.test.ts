import { describe, expect, test } from 'vitest';
import { StreamCache } from '../../../platform/command-handler/stream-cache.ts';
import { hashOf } from '../../../platform/event-store/codec.ts';
import { Bench, add, refolded } from './bench.ts';
import { counter } from './counter.ts';

const stream = 'counter-1';

describe('reading a stream', () => {
  test('one that does not exist is at version 0 with the initial state', async () => {
    const bench = new Bench();
    const nothing = { stream, version: 0, state: counter.initial, keys: {}, last: undefined };
    expect(await bench.handler().load(stream, bench.deadline())).toEqual(nothing);
    expect(await bench.handler().stateAt(stream, { version: 5 }, bench.deadline())).toEqual(nothing);
  });

  test('from a snapshot it is the same as from its events', async () => {
    const bench = new Bench();
    const writer = bench.rival();
    for (let version = 1; version <= 40; version += 1) {
      await writer.handle(
        stream,
        add(version),
        version % 3 === 1 ? bench.keyed(`key-${version}`) : bench.context(),
      );
    }
    const written = await writer.load(stream, bench.deadline());
    const restored = await bench.handler().load(stream, bench.deadline());
    const replayed = await bench.handler().stateAt(stream, { version: 40 }, bench.deadline());
    const { last: _, ...known } = written;
    expect(restored).toMatchObject(known);
    expect(replayed).toMatchObject(known);
    expect(restored.keys).toEqual(known.keys);
  });

  test('a snapshot of another fold is ignored', async () => {
    const bench = new Bench();
    await bench.add(bench.rival(), stream, 20);
    const doubling = bench.handler({
      aggregate: {
        ...refolded,
        evolve: (state, event, at) => {
          const next = counter.evolve(state, event, at);
          return { ...next, total: next.total + 1 };
        },
      },
    });
    expect((await doubling.load(stream, bench.deadline())).state.total).toBe(40);
    await bench.add(doubling, stream, 1);
    expect((await bench.handler().load(stream, bench.deadline())).state.total).toBe(21);
  });

  test('as of a moment it holds what was committed at or before it', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    const times = [];
    for (const quantity of [1, 10, 100]) {
      times.push(bench.clock.now());
      await handler.handle(stream, add(quantity), bench.context());
      bench.clock.advance(1);
    }
    const totals = times.map(
      async (asOf) => (await handler.stateAt(stream, { asOf }, bench.deadline())).state.total,
    );
    expect(await Promise.all(totals)).toEqual([1, 11, 111]);
    const small = await handler.stateAt(stream, { holds: ({ version }) => version < 2 }, bench.deadline());
    expect(small).toMatchObject({ version: 1, state: { total: 1 } });
  });

  test('a stream in the cache costs only what was written since', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await bench.add(handler, stream, 3);
    await bench.add(bench.rival(), stream, 2);
    bench.store.calls.length = 0;
    expect((await handler.load(stream, bench.deadline())).version).toBe(5);
    await bench.add(handler, stream, 1);
    expect(bench.store.calls).toEqual([`read ${stream}@4`, `append ${stream}@6`]);
  });
});

describe('what a commit says', () => {
  test('its time is that of the receipt, and never before the commit it follows', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    bench.store.before = async () => bench.clock.sleep(20);
    const received = bench.clock.now();
    const first = await handler.handle(stream, add(1), bench.context());
    bench.clock.wallOffsetMs = -60_000;
    const second = await handler.handle(stream, add(1), bench.context());
    expect(first).toMatchObject({ commit: { at: received } });
    expect(second).toMatchObject({ commit: { at: received } });
  });

  test('it carries the hash of the one before, and the epoch of it when none is given', async () => {
    const bench = new Bench();
    const handler = bench.handler();
    await handler.handle(stream, add(1), bench.context({ epoch: 4 }));
    await handler.handle(stream, add(1), bench.context({ traceparent, causationId: 'cause' }));
    await bench.add(bench.handler(), stream, 1);
    const [first, second, third] = await bench.commits(stream);
    expect(first).not.toHaveProperty('previousHash');
    expect(second).toMatchObject({ previousHash: first && hashOf(first), epoch: 4, causationId: 'cause' });
    expect(third).toMatchObject({ previousHash: second && hashOf(second), epoch: 4 });
  });

  test('what was decided and what is read back are the same', async () => {
    const bench = new Bench();
    const outcome = await bench.handler().handle(stream, add(1), bench.keyed('place'));
    const [stored] = await bench.commits(stream);
    expect(outcome).toMatchObject({ commit: stored });
  });
});

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('the cache of streams', () => {
  test('lets go of what was not used for longest', () => {
    const cache = new StreamCache<{ readonly version: number }>(2);
    cache.put('a', { version: 1 });
    cache.put('b', { version: 1 });
    cache.get('a');
    cache.put('c', { version: 1 });
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([
      { version: 1 },
      undefined,
      { version: 1 },
      2,
    ]);
  });

  test('keeps the newer of two versions', () => {
    const cache = new StreamCache<{ readonly version: number }>();
    cache.put('a', { version: 2 });
    cache.put('a', { version: 1 });
    expect(cache.get('a')).toEqual({ version: 2 });
  });

  test('of no size keeps nothing', async () => {
    const bench = new Bench();
    const handler = bench.handler({ cache: new StreamCache(0) });
    await bench.add(handler, stream, 2);
    expect(bench.store.calls.filter((call) => call.startsWith('readTail'))).toHaveLength(2);
  });
});
