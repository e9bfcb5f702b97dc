import { expect, test } from 'vitest';
import { accountId } from '../../../domain/values/ids.ts';
import { price } from '../../../domain/values/price.ts';
import { type Timestamp, timestamp } from '../../../domain/values/time.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { Market } from '../../support/market.ts';
import { contract, now, replace } from '../../support/order.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

async function market(clock = clockAtNow()) {
  const store = new MemoryEventStore();
  const open = new Market(store, { clock });
  const buyer = await open.desk.account(10_000_000, 100);
  const seller = await open.desk.account(10_000_000, 1_000);
  return { open, store, buyer, seller, desk: open.desk };
}

/** At the moment that commands are placed at. */
function clockAtNow(): VirtualClock {
  const clock = new VirtualClock();
  clock.wallOffsetMs = (now - clock.now()) / 1_000;
  return clock;
}

function inSeconds(clock: VirtualClock, seconds: number): Timestamp {
  return timestamp(clock.now() + seconds * 1_000_000);
}

test('a halted book refuses orders and takes cancels, until everybody who halted it has resumed', async () => {
  const { open, desk, buyer } = await market();
  const before = (await desk.place(buyer)).orderId;
  await open.pump();
  open.markets.stopped = { ...open.markets.stopped, isHalted: true };
  await open.venue.command('ACME', [{ input: 'halt', by: 'operator' }], desk.deadline);
  const during = (await desk.place(buyer)).orderId;
  await open.pump();
  expect(await open.facts(during)).toEqual(['rejected', 0, 0]);
  await open.venue.massCancel({ reason: 'requested' }, desk.deadline);
  expect(await open.facts(before)).toEqual(['canceled', 0, 0]);
  open.markets.stopped = { ...open.markets.stopped, isHalted: false };
  await open.venue.align(desk.deadline);
  expect(open.venue.book('ACME')?.isHalted).toBe(true);
  await open.venue.command('ACME', [{ input: 'resume', by: 'operator' }], desk.deadline);
  expect(open.venue.book('ACME')?.isHalted).toBe(false);
});

test('a kill switch cancels what works, of everybody or of one account', async () => {
  const { open, desk, buyer, seller } = await market();
  const bid = (await desk.place(buyer)).orderId;
  const ask = (await desk.place(seller, { side: 'sell', limitPrice: '101' })).orderId;
  await open.pump();
  open.markets.stopped = { isHalted: false, isKilled: false, killedAccounts: [accountId(buyer)] };
  await open.venue.align(desk.deadline);
  expect(await open.facts(bid)).toEqual(['canceled', 0, 0]);
  expect(await open.facts(ask)).toEqual(['working', 0, 10]);
  open.markets.stopped = { isHalted: true, isKilled: true, killedAccounts: [] };
  await open.venue.align(desk.deadline);
  expect(await open.facts(ask)).toEqual(['canceled', 0, 0]);
});

test('an order that was on its way when its account was stopped does not trade', async () => {
  const { open, desk, buyer, seller } = await market();
  const ask = (await desk.place(seller, { side: 'sell', limitPrice: '100' })).orderId;
  await open.pump();
  const bid = (await desk.place(buyer, { limitPrice: '100' })).orderId;
  open.markets.stopped = { isHalted: false, isKilled: false, killedAccounts: [accountId(buyer)] };
  await open.pump();
  expect(await open.facts(bid)).toEqual(['rejected', 0, 0]);
  expect(await open.facts(ask)).toEqual(['working', 0, 10]);
});

test('a dated order does not trade after its time, however late its book is called, and has expired', async () => {
  const clock = clockAtNow();
  const { open, desk, buyer, seller } = await market(clock);
  const dated = { timeInForce: 'gtd', expireAt: inSeconds(clock, 60) } as const;
  const ask = (await desk.place(seller, { ...dated, side: 'sell', limitPrice: '100' })).orderId;
  const later = await desk.place(seller, {
    ...dated,
    expireAt: inSeconds(clock, 61),
    side: 'sell',
    limitPrice: '101',
  });
  await open.pump();
  clock.advance(59_999);
  const inTime = (await desk.place(buyer, { limitPrice: '100', quantity: '4' })).orderId;
  await open.pump();
  expect(await open.facts(inTime)).toEqual(['filled', 4, 0]);
  clock.advance(1);
  const late = (await desk.place(buyer, { limitPrice: '100' })).orderId;
  await open.pump();
  expect(await open.facts(ask)).toEqual(['expired', 4, 0]);
  expect(await open.facts(late)).toEqual(['working', 0, 10]);
  expect(await open.facts(later.orderId)).toEqual(['working', 0, 10]);
  clock.advance(1_000);
  await open.venue.align(desk.deadline);
  expect(await open.facts(later.orderId)).toEqual(['expired', 0, 0]);
});

test('a dated order that comes to its book after its time is refused as too late, and trades nothing', async () => {
  const clock = clockAtNow();
  const { open, desk, buyer, seller } = await market(clock);
  const ask = (await desk.place(seller, { side: 'sell', limitPrice: '100' })).orderId;
  await open.pump();
  const expireAt = inSeconds(clock, 60);
  const bid = (await desk.place(buyer, { timeInForce: 'gtd', expireAt, limitPrice: '100' })).orderId;
  clock.advance(60_000);
  await open.pump();
  expect(await open.facts(bid)).toEqual(['rejected', 0, 0]);
  expect(await open.facts(ask)).toEqual(['working', 0, 10]);
});

test('an account that would trade with itself does what its rule says', async () => {
  const { open, desk, seller } = await market();
  const ask = (await desk.place(seller, { side: 'sell', limitPrice: '99' })).orderId;
  await open.pump();
  const first = (await desk.place(seller, { limitPrice: '100' })).orderId;
  await open.pump();
  expect(await open.facts(first)).toEqual(['canceled', 0, 0]);
  open.markets.prevention = 'decrement';
  const second = (await desk.place(seller, { limitPrice: '100', quantity: '4' })).orderId;
  await open.pump();
  expect(await open.facts(second)).toEqual(['canceled', 0, 0]);
  expect(await open.facts(ask)).toEqual(['working', 0, 6]);
  expect((await open.order(ask)).terms.orderQuantity).toBe(6);
});

test('a market order trades up to its protection limit and no further', async () => {
  const { open, desk, buyer, seller } = await market();
  await desk.place(seller, { side: 'sell', limitPrice: '109', quantity: '4' });
  await desk.place(seller, { side: 'sell', limitPrice: '110.01', quantity: '4' });
  await open.pump();
  const { orderId } = await desk.place(buyer, { orderType: 'market' });
  await open.pump();
  expect(await open.facts(orderId)).toEqual(['canceled', 4, 0]);
  expect((await desk.cash(buyer))[1]).toBe(0);
});

test('post-only, minimum and displayed quantity reach the book', async () => {
  const { open, desk, buyer, seller } = await market();
  const iceberg = (await desk.place(seller, { side: 'sell', quantity: '10', displayQuantity: '3' })).orderId;
  await open.pump();
  expect(open.venue.book('ACME')?.top().ask).toEqual({ price: 10_000, quantity: 3 });
  const passive = (await desk.place(buyer, { postOnly: true })).orderId;
  const least = (await desk.place(buyer, { timeInForce: 'ioc', quantity: '20', minimumQuantity: '11' }))
    .orderId;
  await open.pump();
  expect(await open.facts(passive)).toEqual(['rejected', 0, 0]);
  expect(await open.facts(least)).toEqual(['canceled', 0, 0]);
  expect(await open.facts(iceberg)).toEqual(['working', 0, 10]);
});

test('day orders expire with the day and dated ones at their time', async () => {
  const { open, desk, buyer } = await market();
  const day = (await desk.place(buyer, { timeInForce: 'day' })).orderId;
  const expireAt = timestamp(now + 60_000_000);
  const dated = (await desk.place(buyer, { timeInForce: 'gtd', expireAt })).orderId;
  const good = (await desk.place(buyer, { timeInForce: 'gtc' })).orderId;
  await open.pump();
  await desk.command(good, replace('r1', { timeInForce: 'gtd', expireAt: timestamp(now + 120_000_000) }));
  await open.pump();
  await open.venue.command('ACME', [{ input: 'expire-date', now: expireAt }], desk.deadline);
  await open.venue.command('ACME', [{ input: 'expire-day' }], desk.deadline);
  expect([await open.facts(day), await open.facts(dated)]).toEqual([
    ['expired', 0, 0],
    ['expired', 0, 0],
  ]);
  expect(await open.facts(good)).toEqual(['working', 0, 10]);
  await open.venue.command(
    'ACME',
    [{ input: 'expire-date', now: timestamp(now + 120_000_000) }],
    desk.deadline,
  );
  expect(await open.facts(good)).toEqual(['expired', 0, 0]);
});

test('orders gather in a closing call and trade at one price', async () => {
  const { open, desk, buyer, seller } = await market();
  await desk.place(seller, { side: 'sell', limitPrice: '105' });
  await open.pump();
  await open.venue.command('ACME', [{ input: 'begin-call', call: 'closing_call' }], desk.deadline);
  const ask = (await desk.place(seller, { side: 'sell', limitPrice: '99', timeInForce: 'cls' })).orderId;
  const bid = (await desk.place(buyer, { limitPrice: '101', timeInForce: 'cls' })).orderId;
  await open.pump();
  expect(await open.facts(bid)).toEqual(['working', 0, 10]);
  await open.venue.command('ACME', [{ input: 'uncross', referencePrice: price(10_000) }], desk.deadline);
  expect([await open.facts(bid), await open.facts(ask)]).toEqual([
    ['filled', 10, 0],
    ['filled', 10, 0],
  ]);
  expect((await open.order(bid)).totals.notional).toBe(100_000);
  expect(open.venue.book('ACME')?.phase).toBe('closed');
});

test('a book that nobody has traded in begins in the units its instrument has by then', async () => {
  const { open, desk, buyer } = await market();
  const { markets, venue } = open;
  markets.current = { ...markets.current, contract: { ...contract, tickSize: '0.1' } };
  await venue.follow('ACME', desk.deadline);
  markets.current = { ...markets.current, contract };
  const order = (await desk.place(buyer, { limitPrice: '99.95', quantity: '10' })).orderId;
  await open.pump();
  expect(await open.facts(order)).toEqual(['working', 0, 10]);
});
