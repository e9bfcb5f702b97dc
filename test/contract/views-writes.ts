import { describe, expect, test } from 'vitest';
import { timestamp } from '../../domain/values/time.ts';
import type { Advance, Parked } from '../../platform/consumer/port.ts';
import { emptyFold } from '../../platform/views/order-row.ts';
import type { ViewEffect } from '../../platform/views/projection.ts';
import { anId } from '../support/commits.ts';
import type { ViewBench } from './view-bench.ts';

export function viewWriteContract(bench: ViewBench): void {
  const advance = (change: Partial<Advance<ViewEffect>> = {}): Advance<ViewEffect> => ({
    stream: `order-${anId()}`,
    from: 0,
    to: 1,
    memory: emptyFold,
    effects: [],
    ...change,
  });

  describe('writing', () => {
    test('moves the cursor of each stream with its effects', async () => {
      const [one, two] = [advance(), advance({ to: 3, memory: { ...emptyFold, x: 1 } })];
      expect(await bench.views.write([one, two], bench.deadline)).toEqual(['written', 'written']);
      const unknown = `order-${anId()}`;
      const progress = await bench.views.progress([one.stream, two.stream, unknown], bench.deadline);
      const { memory } = progress.get(two.stream) ?? {};
      expect(progress.get(one.stream)).toMatchObject({ applied: 1 });
      expect(progress.get(two.stream)).toMatchObject({ applied: 3 });
      // Stored or not at all.
      expect(memory ?? two.memory).toEqual(two.memory);
      expect(progress.has(unknown)).toBe(false);
    });

    test('finds the progress of hundreds of streams', async () => {
      const advances = Array.from({ length: 120 }, () => advance());
      await bench.views.write(advances, bench.deadline);
      const streams = advances.map(({ stream }) => stream);
      expect([...(await bench.views.progress(streams, bench.deadline)).keys()].sort()).toEqual(
        streams.sort(),
      );
    });

    test('does nothing for a stream that is elsewhere already, and still does the others', async () => {
      const account = bench.account();
      const order = bench.order({ account }).place();
      await bench.show(order);
      const row = { ...(await bench.list(account))[0] };
      const stale = advance({ stream: order.stream, effects: [] });
      const late = advance({ stream: order.stream, from: 5, to: 6 });
      const fresh = advance();
      expect(await bench.views.write([stale, fresh, late], bench.deadline)).toEqual([
        'conflict',
        'written',
        'conflict',
      ]);
      expect(await bench.list(account)).toEqual([row]);
    });

    test('two consumers of one stream at once apply it once', async () => {
      const account = bench.account();
      const order = bench.order({ account }).place({ quantity: '100' });
      for (let fill = 0; fill < 20; fill++) order.fill(1, 1_000 + fill);
      const commits = order.stored();
      for (const commit of commits) await bench.log.append([commit], []);
      const consumers = [bench.anotherConsumer(), bench.anotherConsumer(), bench.anotherConsumer()];
      await Promise.all(
        consumers.map(async (consumer) => {
          for (const commit of commits) await consumer.deliver([commit], bench.deadline);
        }),
      );
      expect(await bench.list(account)).toMatchObject([{ filledQuantity: '20', version: 21 }]);
      expect(await bench.position(account)).toMatchObject({ quantity: '20', costBasis: '201.9' });
    });

    test('orders that trade the same position at once lose nothing', async () => {
      const account = bench.account();
      const orders = Array.from({ length: 8 }, (_, index) =>
        bench
          .order({ account, venue: `venue-${index}` })
          .place({ quantity: '10' })
          .fill(3, 1_000)
          .fill(4, 1_100),
      );
      for (const commit of orders.flatMap((order) => order.stored())) await bench.log.append([commit], []);
      await Promise.all(
        orders.map((order) =>
          bench.anotherConsumer().catchUp([{ stream: order.stream, version: 3 }], bench.deadline),
        ),
      );
      await bench.consumer.settle(bench.deadline);
      expect(await bench.position(account)).toMatchObject({ quantity: '56', costBasis: '592' });
    });

    test('a long stream is applied in steps', async () => {
      const account = bench.account();
      const order = bench.order({ account }).place({ quantity: '100' });
      for (let fill = 0; fill < 60; fill++) order.fill(1, 1_000);
      for (const commit of order.stored()) await bench.log.append([commit], []);
      const head = { stream: order.stream, version: 61 };
      expect(await bench.consumer.catchUp([head], bench.deadline)).toMatchObject({ applied: 61, parked: 0 });
      expect(await bench.position(account)).toMatchObject({ quantity: '60' });
    });
  });

  describe('clearing', () => {
    test('deletes all that the log can bring back, and nothing that it cannot', async () => {
      const account = bench.account();
      const consumer = anId();
      const order = bench.order({ account }).place().fill(1, 1_000);
      await bench.show(order);
      const stuck = { stream: order.stream, version: 9, error: 'Error: no', at: timestamp(0) };
      await bench.views.park(consumer, stuck, bench.deadline);
      await bench.views.clear(bench.deadline);
      bench.consumer.forget();
      expect(await bench.list(account)).toEqual([]);
      expect(await bench.list(account, { status: 'open' })).toEqual([]);
      expect(await bench.position(account)).toBeUndefined();
      expect(await bench.views.progress([order.stream], bench.deadline)).toEqual(new Map());
      expect(await bench.views.parked(consumer, bench.deadline)).toEqual([stuck]);
      const head = { stream: order.stream, version: 2 };
      expect(await bench.consumer.catchUp([head], bench.deadline)).toMatchObject({ applied: 2 });
      expect(await bench.position(account)).toMatchObject({ quantity: '1' });
    });
  });

  describe('parking', () => {
    const parked = (version: number): Parked => ({
      stream: `order-${anId()}`,
      version,
      error: 'Error: no',
      at: timestamp(1_763_856_000_000_000),
    });

    test('keeps what could not be processed for each consumer until it is taken out', async () => {
      const consumer = anId();
      const [one, two] = [parked(3), parked(4)];
      await bench.views.park(consumer, one, bench.deadline);
      await bench.views.park(consumer, two, bench.deadline);
      await bench.views.park(anId(), parked(5), bench.deadline);
      expect(await bench.views.parked(consumer, bench.deadline)).toEqual([one, two]);
      await bench.views.unpark(consumer, one.stream, bench.deadline);
      expect(await bench.views.parked(consumer, bench.deadline)).toEqual([two]);
    });

    test('says when the version was parked already', async () => {
      const consumer = anId();
      const one = parked(3);
      expect(await bench.views.park(consumer, one, bench.deadline)).toBe('parked');
      expect(await bench.views.park(consumer, { ...one, error: 'other' }, bench.deadline)).toBe('known');
      expect(await bench.views.park(consumer, { ...one, version: 9 }, bench.deadline)).toBe('parked');
      expect(await bench.views.parked(consumer, bench.deadline)).toEqual([{ ...one, version: 9 }]);
    });
  });
}
