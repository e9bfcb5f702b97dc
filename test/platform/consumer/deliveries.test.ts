import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { sweep } from '../../../platform/consumer/sweep.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { OrderScript } from '../../support/orders.ts';

const deadline = () => deadlineIn(15_000, systemClock);

function consumerOf(log: MemoryEventStore, views: MemoryViews, streamsCached = 20_000) {
  return new StreamConsumer({
    projection: viewProjection,
    effects: views,
    parking: views,
    log,
    clock: systemClock,
    onParked: (_, { error }) => {
      throw new Error(error);
    },
    limits: { commitsMax: 3, streamsCached },
  });
}

async function shown(views: MemoryViews) {
  const query = { accountId: 'account-1', status: 'all', direction: 'asc', limit: 500 } as const;
  return { orders: await views.orders(query), positions: await views.positions('account-1') };
}

type Step = (order: OrderScript) => unknown;
const steps: readonly Step[] = [
  (order) => order.fill(3, 9_900),
  (order) => order.fill(5, 9_800),
  (order) => order.replace({ quantity: '60' }),
  (order) => order.cancel(),
  (order) => order.report({ report: 'confirm-replace' }),
  (order) => order.report({ report: 'reject-replace' }),
  (order) => order.report({ report: 'confirm-cancel' }),
  (order) => order.bust(`${order.id}-e2`),
  (order) => order.correct(`${order.id}-e3`, { id: `${order.id}-c`, lots: 2, ticks: 9_000 }),
];

/** Up to four orders of one account and symbol, some on the same venue stream, and their commits as they were written. */
const orders = fc
  .array(
    fc.record({
      venue: fc.constantFrom('venue-a', 'venue-b'),
      startsAt: fc.nat(20),
      chosen: fc.array(fc.nat(8)),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((plans) =>
    plans.flatMap(({ venue, startsAt, chosen }, index) => {
      const order = new OrderScript(`o${index}`, { venue, startsAt }).place({
        side: index % 2 === 0 ? 'buy' : 'sell',
      });
      for (const step of chosen) steps[step]?.(order);
      return order.stored();
    }),
  );

interface Way {
  readonly sort: readonly number[];
  readonly batch: number;
  readonly lost: number;
}

/** What a bad bus makes of deliveries: each has a chance to be lost, to come twice, to come at any time. */
const ways: fc.Arbitrary<Way> = fc.record({
  sort: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 50 }),
  batch: fc.integer({ min: 1, max: 7 }),
  lost: fc.nat(9),
});

function carried(commits: readonly Commit[], { sort, batch, lost }: Way): readonly (readonly Commit[])[] {
  const key = (index: number) => sort[index % sort.length] ?? 0;
  const doubled = commits.flatMap((commit, index) => (key(index) % 3 === 0 ? [commit, commit] : [commit]));
  const arriving = doubled
    .map((commit, index) => ({ commit, when: (key(index) * 31 + index * 17) % 101 }))
    .filter(({ when }) => when % 10 >= lost)
    .toSorted((a, b) => a.when - b.when)
    .map(({ commit }) => commit);
  return Array.from({ length: Math.ceil(arriving.length / batch) }, (_, index) =>
    arriving.slice(index * batch, (index + 1) * batch),
  );
}

async function logOf(commits: readonly Commit[]): Promise<MemoryEventStore> {
  const log = new MemoryEventStore();
  for (const commit of commits) await log.append([commit], []);
  return log;
}

describe('deliveries lost, repeated, swapped and delayed', () => {
  test('end like a clean run, once the sweep has been', async () => {
    await fc.assert(
      fc.asyncProperty(orders, ways, fc.constantFrom(1, 20_000), async (commits, way, streamsCached) => {
        const log = await logOf(commits);
        const [clean, rough] = [new MemoryViews(), new MemoryViews()];
        const calm = consumerOf(log, clean);
        for (const commit of commits) await calm.deliver([commit], deadline());
        const consumer = consumerOf(log, rough, streamsCached);
        for (const batch of carried(commits, way)) await consumer.deliver(batch, deadline());
        await sweep(log, [consumer], deadline);
        expect(await shown(rough)).toEqual(await shown(clean));
      }),
      { numRuns: 300 },
    );
  });

  test('end like a clean run with two consumers at once', async () => {
    await fc.assert(
      fc.asyncProperty(orders, ways, ways, async (commits, one, other) => {
        const log = await logOf(commits);
        const [clean, rough] = [new MemoryViews(), new MemoryViews()];
        await consumerOf(log, clean).deliver(commits, deadline());
        const consume = async (way: Way) => {
          const consumer = consumerOf(log, rough);
          for (const batch of carried(commits, way)) await consumer.deliver(batch, deadline());
        };
        await Promise.all([consume(one), consume(other)]);
        await sweep(log, [consumerOf(log, rough)], deadline);
        expect(await shown(rough)).toEqual(await shown(clean));
      }),
      { numRuns: 150 },
    );
  });
});
