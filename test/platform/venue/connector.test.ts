import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import type { OrderId } from '../../../domain/values/ids.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { VenueConnector } from '../../../platform/venue/connector.ts';
import { Desk } from '../../support/desk.ts';
import { cancel } from '../../support/order.ts';
import { UnreliableVenue } from '../../support/unreliable-venue.ts';
import { SeededRandom } from '../command-handler/seeded-random.ts';

async function connected(seed: number, weather: ConstructorParameters<typeof UnreliableVenue>[1]) {
  const random = new SeededRandom('weather', seed);
  const store = new MemoryEventStore();
  const desk = new Desk(store);
  const venue = new UnreliableVenue(() => random.fraction(), weather);
  const start = () => new VenueConnector({ venue, orders: desk.orders, reporting: desk.reporting });
  const account = await desk.account(10_000_000);
  return { store, desk, venue, start, account, random };
}

const lost = { lost: 1, repeated: 0, late: 0 };

test('an order whose sending was not answered stays as it is, and is in doubt', async () => {
  const { desk, start, account } = await connected(1, lost);
  const connector = start();
  const { orderId } = await desk.place(account);
  await connector.attend(orderId, desk.deadline);
  expect(connector.doubtful).toEqual([orderId]);
  expect(await desk.types(orderStream(orderId))).toEqual(['OrderPlaced']);
  expect(await connector.reconcile(desk.deadline)).toBe(1);
  expect(await desk.types(orderStream(orderId))).toEqual(['OrderPlaced']);
});

test('an order that its venue never got is sent again once the venue has said so', async () => {
  const { desk, start, account, venue } = await connected(1, lost);
  const connector = start();
  const { orderId } = await desk.place(account);
  await connector.attend(orderId, desk.deadline);
  venue.calm();
  expect(await connector.reconcile(desk.deadline)).toBe(0);
  expect(venue.openOrders).toEqual([orderId]);
});

test('what a venue did and never reported is learned by asking', async () => {
  const { desk, start, account, venue } = await connected(1, { lost: 0, repeated: 0, late: 1 });
  const connector = start();
  const { orderId } = await desk.place(account);
  await connector.attend(orderId, desk.deadline);
  venue.fill(orderId, 4);
  expect(venue.arrivals()).toEqual([]);
  connector.review([orderId]);
  expect(await connector.reconcile(desk.deadline)).toBe(0);
  expect(await desk.types(orderStream(orderId))).toEqual(['OrderPlaced', 'OrderAccepted', 'OrderExecuted']);
});

const day = fc.array(
  fc.record({
    what: fc.constantFrom(
      'place',
      'place',
      'fill',
      'fill',
      'cancel',
      'arrive',
      'arrive',
      'reconcile',
      'restart',
    ),
    which: fc.nat(20),
    lots: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 5, maxLength: 40 },
);

test('whatever a venue loses, repeats, delays and swaps, orders end as the venue has them, and every execution counts once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), day, async (seed, steps) => {
      const world = await connected(seed, { lost: 0.3, repeated: 0.3, late: 0.3 });
      const { desk, venue } = world;
      let connector = world.start();
      const orderIds: OrderId[] = [];
      for (const { what, which, lots } of steps) {
        const orderId = orderIds[which % Math.max(1, orderIds.length)];
        if (what === 'place') {
          const placed = await desk.place(world.account);
          orderIds.push(placed.orderId);
          await connector.attend(placed.orderId, desk.deadline);
        } else if (what === 'arrive') {
          for (const report of venue.arrivals()) await connector.reported(report, desk.deadline);
        } else if (what === 'reconcile') {
          await connector.reconcile(desk.deadline);
        } else if (what === 'restart') {
          connector = world.start();
          connector.review(orderIds);
        } else if (orderId !== undefined && what === 'fill') {
          venue.fill(orderId, lots);
        } else if (orderId !== undefined) {
          await desk.command(orderId, cancel(`c-${which}-${lots}`));
          await connector.attend(orderId, desk.deadline);
        }
      }
      venue.calm();
      connector.review(orderIds);
      expect(await connector.reconcile(desk.deadline)).toBe(0);
      for (const report of venue.arrivals()) await connector.reported(report, desk.deadline);
      for (const orderId of orderIds) await expectTruth(world, orderId);
      expect(desk.quarantined).toEqual([]);
      expect(await reconcile(world.store)).toMatchObject({ findings: [] });
    }),
    { numRuns: 200 },
  );
});

async function expectTruth(
  { desk, venue }: { readonly desk: Desk; readonly venue: UnreliableVenue },
  orderId: OrderId,
): Promise<void> {
  const { state } = await desk.orders.load(orderStream(orderId), desk.deadline);
  if (state.kind !== 'order') throw new TypeError('it was placed');
  const said = venue.said.get(orderId) ?? [];
  const filled = said.reduce(
    (sum, { report }) => sum + (report.report === 'execute' ? report.lastQuantity : 0),
    0,
  );
  expect(state.totals.cumulativeQuantity).toBe(filled);
  expect(state.pending).toEqual([]);
  expect(state.phase.name === 'closed').toBe(!venue.openOrders.includes(orderId));
}
