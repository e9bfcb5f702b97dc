import { expect, test } from 'vitest';
import { venueConsumer } from '../../../functions/consumers/venue.ts';
import { busSource } from '../../../platform/event-bus/names.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { VenueConsumer } from '../../../platform/venue/venue-consumer.ts';
import { Market } from '../../support/market.ts';

async function subscribed() {
  const store = new MemoryEventStore();
  const market = new Market(store);
  const { clock } = market.desk;
  const failures: unknown[] = [];
  const consumer = new VenueConsumer(market.venue, market.settlement, clock);
  const handle = venueConsumer({
    consumer,
    clock,
    onFailure: (error) => failures.push(error),
    batchMs: 10_000,
  });
  const account = await market.desk.account(10_000_000, 100);
  /** As a queue behind the bus hands it over: only where in the log the commit is. */
  const message = (stream: string) => ({
    messageId: stream,
    body: JSON.stringify({ source: busSource, detail: { stream, version: 1 } }),
  });
  return { market, handle, failures, account, message, store };
}

test('orders that the bus announces meet in their book, in whatever order and however often they come', async () => {
  const { market, handle, account, message } = await subscribed();
  const seller = await market.desk.account(0, 100);
  const bid = (await market.desk.place(account)).orderId;
  const ask = (await market.desk.place(seller, { side: 'sell' })).orderId;
  const Records = [`order-${ask}`, `order-${bid}`, `order-${ask}`].map(message);
  expect(await handle({ Records })).toEqual({ batchItemFailures: [] });
  expect(await handle({ Records })).toEqual({ batchItemFailures: [] });
  expect(await market.facts(bid)).toEqual(['filled', 10, 0]);
  expect(await market.facts(ask)).toEqual(['filled', 10, 0]);
});

test('what may succeed later is handed back, and does', async () => {
  const { market, handle, account, message, failures, store } = await subscribed();
  const { orderId } = await market.desk.place(account);
  const append = store.append.bind(store);
  store.append = () => Promise.reject(new StoreUnavailable('not now'));
  const Records = [message(`order-${orderId}`)];
  expect(await handle({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: `order-${orderId}` }] });
  expect(failures).toHaveLength(1);
  store.append = append;
  expect(await handle({ Records })).toEqual({ batchItemFailures: [] });
  expect(await market.facts(orderId)).toEqual(['working', 0, 10]);
});
