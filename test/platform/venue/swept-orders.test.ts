import { beforeEach, expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import type { StreamHead } from '../../../platform/event-store/port.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { VenueConsumer } from '../../../platform/venue/venue-consumer.ts';
import { Market } from '../../support/market.ts';
import { cancel } from '../../support/order.ts';

let market: Market;
let buyer: string;

beforeEach(async () => {
  market = new Market(new MemoryEventStore());
  buyer = await market.desk.account(10_000_000);
});

const sweeping = ({ venue, settlement, desk }: Market) => new VenueConsumer(venue, settlement, desk.clock);
const placed = async () => (await market.desk.place(buyer)).orderId;
const at = (orderId: string, version: number): StreamHead => ({ stream: orderStream(orderId), version });

test('orders that no delivery brought are counted once, however many were looked at', async () => {
  const brought = await placed();
  await market.pump();
  const heads = [at(brought, 2), at(await placed(), 1), at(await placed(), 1)];
  const swept = sweeping(market);
  expect(await swept.sweepHeads(heads)).toEqual({ streams: 3, behind: 2, applied: 2, parked: 0 });
  expect(await swept.sweepHeads(heads)).toEqual({ streams: 3, behind: 0, applied: 0, parked: 0 });
});

test('what an order asked since the sweep saw it is brought, and not counted: it may be on its way', async () => {
  const orderId = await placed();
  await market.pump();
  await market.desk.command(orderId, cancel('c'));
  expect(await sweeping(market).sweepHeads([at(orderId, 2)])).toMatchObject({ behind: 0, applied: 0 });
  expect(await market.facts(orderId)).toEqual(['canceled', 0, 0]);
});

test('what another process takes while it is swept is not counted: it was delivered', async () => {
  const store = new MemoryEventStore();
  const [ours, theirs] = [new Market(store, { isShared: true }), new Market(store, { isShared: true })];
  const { orderId } = await ours.desk.place(await ours.desk.account(10_000_000));
  const append = store.append.bind(store);
  let isFirst = true;
  store.append = async (...call) => {
    if (isFirst && call[0][0].stream.startsWith('book-')) {
      isFirst = false;
      await theirs.pump();
    }
    return append(...call);
  };
  expect(await sweeping(ours).sweepHeads([at(orderId, 1)])).toMatchObject({ behind: 0, applied: 0 });
  expect(await ours.facts(orderId)).toEqual(['working', 0, 10]);
});
