import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import { MemoryParking } from '../../../platform/consumer/memory-parking.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { VenueConsumer } from '../../../platform/venue/venue-consumer.ts';
import { Settlement, settlementName } from '../../../platform/venue/settlement.ts';
import { Market } from '../../support/market.ts';

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
  await market.settlement.redrive(desk.deadline);
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
  expect(await next.redrive(desk.deadline)).toMatchObject({ parked: 0 });
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
  await second.settlement.redrive(desk.deadline);
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
  await market.settlement.redrive(desk.deadline);
  expect(await market.facts(orderId)).toEqual(['canceled', 0, 0]);
  expect((await desk.types(orderStream(orderId))).filter((type) => type === 'OrderAccepted')).toHaveLength(1);
});
