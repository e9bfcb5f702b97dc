import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import { executionId } from '../../../domain/values/ids.ts';
import { DeadlineExceeded } from '../../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { undoTrade } from '../../../platform/venue/undo.ts';
import { Market } from '../../support/market.ts';
import { cancel, replace } from '../../support/order.ts';

/** A bid for 10 at 100 in the book, and a seller with plenty. */
async function race() {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const { desk } = market;
  const buyer = await desk.account(10_000_000);
  const seller = await desk.account(0, 1_000);
  const { orderId } = await desk.place(buyer);
  await market.pump();
  const sell = async (quantity: string, limitPrice = '100') =>
    (await desk.place(seller, { side: 'sell', quantity, limitPrice })).orderId;
  const types = async () => (await desk.types(orderStream(orderId))).slice(2);
  const check = async () => expect(await reconcile(store)).toMatchObject({ findings: [] });
  return { store, market, desk, orderId, sell, types, check };
}

test('a cancel after a fill is too late', async () => {
  const { market, desk, orderId, sell, types, check } = await race();
  await sell('10');
  await desk.command(orderId, cancel('c'));
  await market.pump();
  expect(await types()).toEqual(['CancelRequested', 'OrderExecuted', 'CancelRejected']);
  expect(await market.facts(orderId)).toEqual(['filled', 10, 0]);
  await check();
});

test('an order whose cancel was there before the book had seen it does not trade on its way out', async () => {
  const { market, desk, orderId: bid, sell, check } = await race();
  const late = await sell('10');
  await desk.command(late, cancel('c'));
  await market.pump();
  expect(await desk.types(orderStream(late))).toEqual(['OrderPlaced', 'CancelRequested', 'OrderCanceled']);
  expect(await market.facts(late)).toEqual(['canceled', 0, 0]);
  expect(await market.facts(bid)).toEqual(['working', 0, 10]);
  await check();
});

test('what an order asks that was accepted by hand elsewhere is nothing that the book refuses', async () => {
  const { market, desk, sell, check } = await race();
  const elsewhere = await sell('10', '101');
  await desk.reporting.report(
    'manual',
    elsewhere,
    { report: 'accept', venueOrderId: 'by-hand' },
    desk.context(),
  );
  await desk.command(elsewhere, cancel('c'));
  await market.pump();
  expect(await desk.types(orderStream(elsewhere))).toEqual([
    'OrderPlaced',
    'OrderAccepted',
    'CancelRequested',
  ]);
  await check();
});

test('a cancel after a partial fill takes the rest', async () => {
  const { market, desk, orderId, sell, check } = await race();
  await sell('4');
  await desk.command(orderId, cancel('c'));
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['canceled', 4, 0]);
  await check();
});

test('a fill while a replace is pending counts against the old terms', async () => {
  const { market, desk, orderId, sell, types, check } = await race();
  await sell('4');
  await desk.command(orderId, replace('r', { quantity: '20', limitPrice: '99' }));
  await market.pump();
  expect(await types()).toEqual(['ReplaceRequested', 'OrderExecuted', 'OrderReplaced']);
  expect(await market.facts(orderId)).toEqual(['working', 4, 16]);
  expect((await market.order(orderId)).totals.notional).toBe(40_000);
  await check();
});

test('a cancel behind a pending replace is applied after it', async () => {
  const { market, desk, orderId, types, check } = await race();
  await desk.command(orderId, replace('r', { quantity: '20' }));
  await desk.command(orderId, cancel('c'));
  await market.pump();
  expect(await types()).toEqual(['ReplaceRequested', 'CancelRequested', 'OrderReplaced', 'OrderCanceled']);
  await check();
});

test('a replace to what is filled meanwhile, or less, fills the order', async () => {
  const { market, desk, orderId, sell, check } = await race();
  await sell('6');
  await desk.command(orderId, replace('r', { quantity: '5' }));
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['filled', 6, 0]);
  expect((await market.order(orderId)).terms.orderQuantity).toBe(6);
  await check();
});

test('a replace after the fill is refused, and its hold is given back', async () => {
  const { market, desk, orderId, sell, types, check } = await race();
  await sell('10');
  await desk.command(orderId, replace('r', { quantity: '20' }));
  await market.pump();
  expect(await types()).toEqual(['ReplaceRequested', 'OrderExecuted', 'ReplaceRejected']);
  expect((await market.order(orderId)).hold).toEqual({ cash: 0, shares: 0, exposure: 0 });
  await check();
});

test('a bust re-opens nothing that was canceled', async () => {
  const { market, desk, store, orderId, sell, check } = await race();
  await sell('4');
  await market.pump();
  await desk.command(orderId, cancel('c'));
  await market.pump();
  const named = { symbol: 'ACME', executionId: executionId('ACME-2-1-B') };
  expect(await undoTrade(market.venue, store, named, desk.context())).toBe('undone');
  await market.pump();
  expect(await market.facts(orderId)).toEqual(['canceled', 0, 0]);
  await check();
});

test('an order that somebody else has ended leaves the book, and is not told a second time', async () => {
  const { market, desk, orderId, sell, types, check } = await race();
  await desk.reporting.report('manual', orderId, { report: 'expire', reason: 'session' }, desk.context());
  const ask = await sell('4');
  await market.pump();
  expect(await types()).toEqual(['OrderExpired']);
  expect(await market.facts(ask)).toEqual(['working', 0, 4]);
  await check();
});

test('a fill that was on its way when the order expired posts, and the order stays closed', async () => {
  const { market, desk, store, orderId, sell, check } = await race();
  const late = new Market(store);
  await sell('4');
  const append = store.append.bind(store);
  // Between the book's commit and the order's: somebody reports that the order has expired.
  store.append = async (...call) => {
    const isBook = call[0][0].stream.startsWith('book-');
    const result = await append(...call);
    if (isBook) {
      store.append = append;
      await desk.reporting.report('manual', orderId, { report: 'expire', reason: 'session' }, desk.context());
    }
    return result;
  };
  await late.pump();
  expect(await market.facts(orderId)).toEqual(['expired', 4, 0]);
  expect(late.venue.book('ACME')?.orderCount).toBe(0);
  await check();
});

test('what a process wrote and could not tell everybody, another that knows the book from before tells', async () => {
  const { store, market, desk, orderId, sell, check } = await race();
  const other = new Market(store, { isShared: true });
  await other.pump();
  const ask = await sell('10');
  const handle = desk.orders.handle.bind(desk.orders);
  // Its time is over between the two sides of the trade.
  desk.orders.handle = async (...call) => {
    if (call[0] === orderStream(orderId)) throw new DeadlineExceeded('the process was stopped');
    return handle(...call);
  };
  await expect(market.pump()).rejects.toThrow(DeadlineExceeded);
  expect([await other.facts(ask), await other.facts(orderId)]).toEqual([
    ['filled', 10, 0],
    ['working', 0, 10],
  ]);
  await other.pump();
  expect(await other.facts(orderId)).toEqual(['filled', 10, 0]);
  await check();
});
