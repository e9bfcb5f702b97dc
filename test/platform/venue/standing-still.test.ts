import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import { MemoryParking } from '../../../platform/consumer/memory-parking.ts';
import type { Parking } from '../../../platform/consumer/port.ts';
import { Sweeper } from '../../../platform/consumer/sweeper.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { VenueConsumer } from '../../../platform/venue/venue-consumer.ts';
import { type InTurn, Settlement, settlementName } from '../../../platform/venue/settlement.ts';
import { Market } from '../../support/market.ts';
import { cancel } from '../../support/order.ts';
import { SettableClock } from '../../support/settable-clock.ts';

async function redrive({ venue, settlement, desk }: Market): Promise<void> {
  await new VenueConsumer(venue, settlement, desk.clock).redrive(desk.deadline);
}

test('a book whose stream is not what was written stands still, and nobody else does', async () => {
  const store = new MemoryEventStore();
  const before = new Market(store);
  const account = await before.desk.account(10_000_000);
  const { orderId } = await before.desk.place(account);
  await before.pump();
  const readTail = store.readTail.bind(store);
  store.readTail = async (...call) =>
    (await readTail(...call)).map((commit) =>
      commit.stream === 'book-ACME' ? { ...commit, previousHash: 'another' } : commit,
    );
  const read = store.read.bind(store);
  store.read = async (...call) =>
    (await read(...call)).map((commit) =>
      commit.stream === 'book-ACME' ? { ...commit, previousHash: 'another' } : commit,
    );
  const market = new Market(store);
  await market.pump();
  expect([...market.venue.stopped.keys()]).toEqual(['ACME']);
  const consumer = new VenueConsumer(market.venue, market.settlement, market.desk.clock);
  expect(await consumer.parked(market.desk.deadline)).toMatchObject([{ stream: 'book-ACME' }]);
  Object.assign(store, { read, readTail });
  expect(await consumer.redrive(market.desk.deadline)).toEqual({ restored: 1, parked: 0 });
  await market.desk.place(account);
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['working', 0, 10]);
});

test('an order in quarantine is parked with all that follows, and hears it once somebody has looked', async () => {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const { desk, parking } = market;
  const buyer = await desk.account(10_000_000);
  const seller = await desk.account(0, 100);
  const { orderId } = await desk.place(buyer);
  await market.pump();
  const handle = desk.orders.handle.bind(desk.orders);
  desk.orders.handle = async (...call) => {
    if (call[0] === orderStream(orderId)) throw new TypeError('a rule that does not hold');
    return handle(...call);
  };
  for (let sale = 0; sale < 2; sale += 1) {
    await desk.place(seller, { side: 'sell', quantity: '3' });
    await market.pump();
  }
  expect(await market.facts(orderId)).toEqual(['working', 0, 10]);
  expect(await parking.parked(settlementName, desk.deadline)).toMatchObject([{ version: 2 }]);
  desk.orders.handle = handle;
  await redrive(market);
  expect(await market.facts(orderId)).toEqual(['working', 6, 4]);
  expect(await parking.parked(settlementName, desk.deadline)).toEqual([]);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('what a former process parked is known to the next, and tried again', async () => {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const { desk, parking } = market;
  const { orderId } = await desk.place(await desk.account(10_000_000), { timeInForce: 'gtc' });
  const handle = desk.orders.handle.bind(desk.orders);
  desk.orders.handle = () => Promise.reject(new TypeError('a rule that does not hold'));
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['sent', 0, 10]);
  desk.orders.handle = handle;
  const another = (await desk.place(await desk.account(10_000_000))).orderId;
  await market.pump();
  await market.venue.attend([{ orderId, version: 9 }], desk.deadline);
  expect(market.venue.book('ACME')?.orderCount).toBe(2);
  expect(await market.facts(another)).toEqual(['working', 0, 10]);
  const next = new Settlement({ ...market.settlementOptions, parking });
  const inTurn: InTurn = (symbol, work) => market.venue.inTurn(symbol, work, desk.deadline);
  expect(await next.redrive(desk.deadline, inTurn)).toMatchObject({ parked: 0 });
  expect(await market.facts(orderId)).toEqual(['working', 0, 10]);
});

test('a process that takes over tells an order nothing before what another has parked', async () => {
  const store = new MemoryEventStore();
  const parking = new MemoryParking();
  const first = new Market(store, { parking });
  const { desk } = first;
  const seller = await desk.account(0, 100);
  const { orderId } = await desk.place(await desk.account(10_000_000));
  await first.pump();
  const handle = desk.orders.handle.bind(desk.orders);
  desk.orders.handle = async (...call) => {
    if (call[0] === orderStream(orderId)) throw new TypeError('a rule that does not hold');
    return handle(...call);
  };
  for (let sale = 0; sale < 2; sale += 1) {
    await desk.place(seller, { side: 'sell', quantity: '3' });
    await first.pump();
  }
  const second = new Market(store, { parking });
  await second.pump();
  expect(await second.facts(orderId)).toEqual(['working', 0, 10]);
  await redrive(second);
  expect(await second.facts(orderId)).toEqual(['working', 6, 4]);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('an order that is parked is not taken for new when its book has long forgotten it', async () => {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const { desk } = market;
  const { orderId } = await desk.place(await desk.account(10_000_000), { timeInForce: 'ioc' });
  const handle = desk.orders.handle.bind(desk.orders);
  desk.orders.handle = () => Promise.reject(new TypeError('a rule that does not hold'));
  await market.pump();
  desk.orders.handle = handle;
  await desk.place(await desk.account(10_000_000));
  await market.pump();
  await market.venue.attend([{ orderId, version: 9 }], desk.deadline);
  await redrive(market);
  expect(await market.facts(orderId)).toEqual(['canceled', 0, 0]);
  expect((await desk.types(orderStream(orderId))).filter((type) => type === 'OrderAccepted')).toHaveLength(1);
});

/** A buyer's order of 10 that has missed two sales of 3, and how to let it hear. */
async function parkedOrder(store: MemoryEventStore, parking: Parking = new MemoryParking()) {
  const market = new Market(store, { parking });
  const { desk } = market;
  const seller = await desk.account(0, 100);
  const { orderId } = await desk.place(await desk.account(10_000_000));
  await market.pump();
  const handle = desk.orders.handle.bind(desk.orders);
  desk.orders.handle = async (...call) => {
    if (call[0] === orderStream(orderId)) throw new TypeError('a rule that does not hold');
    return handle(...call);
  };
  const sell = async () => desk.place(seller, { side: 'sell', quantity: '3' });
  for (let sale = 0; sale < 2; sale += 1) {
    await sell();
    // Delivered once more where the store failed for the moment.
    await market.pump().catch(() => market.pump());
  }
  const heal = () => {
    desk.orders.handle = handle;
  };
  return { market, orderId, sell, heal };
}

/** As much as can happen meanwhile without whoever waits. */
async function meanwhile(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await setImmediate();
}

test('what a book says while a parked order is told again reaches the order too', async () => {
  const store = new MemoryEventStore();
  const { market, orderId, sell, heal } = await parkedOrder(store);
  heal();
  let pumping = Promise.resolve();
  const read = store.read.bind(store);
  store.read = async (...call) => {
    const commits = await read(...call);
    if (call[0] === 'book-ACME') {
      store.read = read;
      await sell();
      pumping = market.pump();
      await meanwhile();
    }
    return commits;
  };
  await redrive(market);
  await pumping;
  expect(await market.facts(orderId)).toEqual(['working', 9, 1]);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('an order whose being told again fails for the moment hears nothing before what it has missed', async () => {
  const store = new MemoryEventStore();
  const { market, orderId, sell, heal } = await parkedOrder(store);
  const { desk } = market;
  heal();
  const handle = desk.orders.handle.bind(desk.orders);
  desk.orders.handle = async (...call) => {
    if (call[0] !== orderStream(orderId)) return handle(...call);
    desk.orders.handle = handle;
    throw new StoreUnavailable('for the moment');
  };
  await expect(redrive(market)).rejects.toThrow(StoreUnavailable);
  await sell();
  await market.pump();
  await redrive(market);
  expect(await market.facts(orderId)).toEqual(['working', 9, 1]);
});

test('an order that could not be parked for the moment is parked with the next try', async () => {
  const store = new MemoryEventStore();
  const parking: Parking = new MemoryParking();
  const park = parking.park.bind(parking);
  parking.park = () => {
    parking.park = park;
    return Promise.reject(new StoreUnavailable('for the moment'));
  };
  const { market, orderId, heal } = await parkedOrder(store, parking);
  expect(await parking.parked(settlementName, market.desk.deadline)).toMatchObject([{ version: 2 }]);
  heal();
  await redrive(market);
  expect(await market.facts(orderId)).toEqual(['working', 6, 4]);
});

test('an order that another process let go hears from this one what it has missed meanwhile', async () => {
  const store = new MemoryEventStore();
  const parking: Parking = new MemoryParking();
  const { market, orderId, sell, heal } = await parkedOrder(store, parking);
  await redrive(new Market(store, { parking }));
  heal();
  await sell();
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['working', 9, 1]);
  expect(await parking.parked(settlementName, market.desk.deadline)).toEqual([]);
});

test('an order that another process let go asks its book for more from this one too', async () => {
  const store = new MemoryEventStore();
  const parking: Parking = new MemoryParking();
  const { market, orderId, heal } = await parkedOrder(store, parking);
  const { desk } = market;
  heal();
  await redrive(new Market(store, { parking }));
  expect(await market.facts(orderId)).toEqual(['working', 6, 4]);
  await desk.command(orderId, cancel('c'));
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['canceled', 6, 0]);
});

test('a book that others lead too goes on here once what stopped it is mended, whoever mended it', async () => {
  const store = new MemoryEventStore();
  const clock = new SettableClock('2026-07-31T10:00:00Z');
  const before = new Market(store, { clock });
  const account = await before.desk.account(10_000_000);
  await before.desk.place(account);
  await before.pump();
  const readTail = store.readTail.bind(store);
  store.readTail = async (...call) => {
    if (call[0] === 'book-ACME') throw new TypeError('nobody may read it');
    return readTail(...call);
  };
  const market = new Market(store, { clock, isShared: true });
  await market.pump();
  expect([...market.venue.stopped.keys()]).toEqual(['ACME']);
  Object.assign(store, { readTail });
  clock.set('2026-07-31T10:01:00Z');
  const { orderId } = await before.desk.place(account);
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['working', 0, 10]);
  expect(market.venue.stopped.size).toBe(0);
});

test('what orders asked of a book that stood still a sweep brings once it goes on', async () => {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const { desk, venue, settlement } = market;
  const account = await desk.account(10_000_000);
  const readTail = store.readTail.bind(store);
  store.readTail = async (...call) => {
    if (call[0] === 'book-ACME') throw new TypeError('nobody may read it');
    return readTail(...call);
  };
  const { orderId } = await desk.place(account);
  await market.pump();
  const consumer = new VenueConsumer(venue, settlement, desk.clock);
  const failures: unknown[] = [];
  const sweeper = new Sweeper({
    source: store,
    consumers: () => [consumer],
    clock: desk.clock,
    onFailure: (_name, error) => failures.push(error),
    limits: { graceMs: 0 },
  });
  await sweeper.run();
  expect(failures).toMatchObject([{ name: 'BookStandsStill' }]);
  Object.assign(store, { readTail });
  await redrive(market);
  await sweeper.run();
  expect(await market.facts(orderId)).toEqual(['working', 0, 10]);
});
