import { expect, test } from 'vitest';
import { executionId } from '../../../domain/values/ids.ts';
import { price } from '../../../domain/values/price.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { undoTrade } from '../../../platform/venue/undo.ts';
import { Market } from '../../support/market.ts';

/** A seller works 20 at 99.50; a buyer takes 10 of them. */
async function traded(buy = '10', sell = '20') {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const { desk, venue } = market;
  const buyer = await desk.account(1_000_000);
  const seller = await desk.account(0, 1_000);
  const sale = (await desk.place(seller, { side: 'sell', limitPrice: '99.50', quantity: sell })).orderId;
  await market.pump();
  const purchase = (await desk.place(buyer, { limitPrice: '100', quantity: buy })).orderId;
  await market.pump();
  const execution = (await desk.store.read(`order-${purchase}`, 1, desk.deadline))
    .flatMap(({ events }) => events)
    .find(({ type }) => type === 'OrderExecuted');
  const id = executionId(String(execution?.data['executionId']));
  const undo = async (correction?: { readonly price: number; readonly quantity: number }, of = id) =>
    undoTrade(
      venue,
      store,
      {
        symbol: 'ACME',
        executionId: of,
        ...(correction && {
          correction: { price: price(correction.price), quantity: quantity(correction.quantity) },
        }),
      },
      desk.context(),
    );
  return { store, market, desk, buyer, seller, sale, purchase, undo, id };
}

test('a bust gives both sides back what they had, and the order that still works keeps what it works', async () => {
  const { market, desk, buyer, seller, sale, purchase, undo, store } = await traded();
  expect(await undo()).toBe('undone');
  await market.pump();
  expect(await desk.cash(buyer)).toEqual([1_000_000, 0]);
  expect(await desk.cash(seller)).toEqual([0, 0]);
  expect(await market.facts(sale)).toEqual(['working', 0, 10]);
  expect(await market.facts(purchase)).toEqual(['canceled', 0, 0]);
  expect(market.venue.book('ACME')?.depth('sell', 1)).toEqual([{ price: 9_950, quantity: 10 }]);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('a trade is looked up by one read of its commit, however long its book has traded since', async () => {
  const { undo, store } = await traded();
  const reads: string[] = [];
  const read = store.read.bind(store);
  const readOne = store.readOne.bind(store);
  store.read = async (...call) => {
    reads.push(call[0]);
    return read(...call);
  };
  store.readOne = async (...call) => {
    reads.push(`${call[0]} ${call[1]}`);
    return readOne(...call);
  };
  expect(await undo()).toBe('undone');
  expect(reads.filter((stream) => stream.startsWith('book-'))).toEqual(['book-ACME 2']);
});

test('a trade that was busted is not busted again', async () => {
  const { undo, market, desk, buyer } = await traded();
  await undo();
  await market.pump();
  expect(await undo()).toBe('not-standing');
  expect(await desk.cash(buyer)).toEqual([1_000_000, 0]);
});

test('a correction changes price and quantity of both sides, and can be busted in its turn', async () => {
  const { market, desk, buyer, seller, sale, undo, store, id } = await traded();
  expect(await undo({ price: 9_900, quantity: 6 })).toBe('undone');
  await market.pump();
  expect(await desk.cash(buyer)).toEqual([1_000_000 - 59_400, 0]);
  expect(await desk.cash(seller)).toEqual([59_400, 0]);
  expect(await market.facts(sale)).toEqual(['working', 6, 10]);
  expect(await undo(undefined, id)).toBe('not-standing');
  const head = market.venue.book('ACME') && (await store.read('book-ACME', 1)).length;
  const corrected = executionId(`ACME-${Number(head) - 1}-0-S`);
  expect(await undo(undefined, corrected)).toBe('undone');
  await market.pump();
  expect(await desk.cash(seller)).toEqual([0, 0]);
  expect(await market.facts(sale)).toEqual(['working', 0, 10]);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('a correction upwards of an order that works is no overfill', async () => {
  const { market, sale, undo, store } = await traded();
  expect(await undo({ price: 9_950, quantity: 12 })).toBe('undone');
  await market.pump();
  expect(await market.facts(sale)).toEqual(['working', 12, 10]);
  const restated = (await market.order(sale)).terms.orderQuantity;
  expect(restated).toBe(22);
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});

test('a bust undoes a purchase also when what was bought is sold by now', async () => {
  const { market, desk, buyer, undo, store } = await traded();
  const third = await desk.account(1_000_000);
  const bid = (await desk.place(third, { limitPrice: '99', quantity: '10' })).orderId;
  await market.pump();
  await desk.place(buyer, { side: 'sell', limitPrice: '99', quantity: '10' });
  await market.pump();
  expect(await market.facts(bid)).toEqual(['filled', 10, 0]);
  expect(await undo()).toBe('undone');
  await market.pump();
  expect(await desk.cash(buyer)).toEqual([1_000_000 + 99_000, 0]);
  expect(await desk.position(buyer)).toMatchObject({ available: 0, shortfall: -10 });
  expect(await reconcile(store)).toMatchObject({ findings: [] });
});
