import { expect, test } from 'vitest';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { orderStream } from '../../../domain/order/effects.ts';
import { cancel, replace } from '../../support/order.ts';
import { Market } from '../../support/market.ts';

async function market() {
  const store = new MemoryEventStore();
  const open = new Market(store);
  const buyer = await open.desk.account(1_000_000);
  const seller = await open.desk.account(0, 1_000);
  return { open, store, buyer, seller, desk: open.desk };
}

test('two orders that cross are filled at the price of the one that waited, on both sides alike', async () => {
  const { open, desk, buyer, seller, store } = await market();
  const sale = await desk.place(seller, { side: 'sell', limitPrice: '99.50' });
  const purchase = await desk.place(buyer, { limitPrice: '100', quantity: '12' });
  await open.pump();
  expect(await open.facts(sale.orderId)).toEqual(['filled', 10, 0]);
  expect(await open.facts(purchase.orderId)).toEqual(['working', 10, 2]);
  expect(await desk.cash(buyer)).toEqual([1_000_000 - 99_500 - 20_000, 20_000]);
  expect(await desk.cash(seller)).toEqual([99_500, 0]);
  expect(await desk.types(orderStream(sale.orderId))).toEqual([
    'OrderPlaced',
    'OrderAccepted',
    'OrderExecuted',
  ]);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('a cancel takes an order off the book', async () => {
  const { open, desk, buyer } = await market();
  const { orderId } = await desk.place(buyer);
  await open.pump();
  await desk.command(orderId, cancel('c1'));
  expect((await open.order(orderId)).pending).toHaveLength(1);
  await open.pump();
  expect(await open.facts(orderId)).toEqual(['canceled', 0, 0]);
  expect(open.venue.book('ACME')?.orderCount).toBe(0);
});

test('a replace changes the order in the book', async () => {
  const { open, desk, buyer, seller } = await market();
  const { orderId } = await desk.place(buyer, { limitPrice: '99' });
  await open.pump();
  await desk.command(orderId, replace('r1', { limitPrice: '100', quantity: '20' }));
  await open.pump();
  expect((await open.order(orderId)).terms).toMatchObject({ limitPrice: 10_000, orderQuantity: 20 });
  await desk.place(seller, { side: 'sell', limitPrice: '100', quantity: '15' });
  await open.pump();
  expect(await open.facts(orderId)).toEqual(['working', 15, 5]);
});
