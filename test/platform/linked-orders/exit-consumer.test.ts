import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import { accountId, orderId } from '../../../domain/values/ids.ts';
import { readSeed } from '../../../local/seed.ts';
import { MemoryParking } from '../../../platform/consumer/memory-parking.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { FixedConfig } from '../../../platform/hot-config/fixed.ts';
import { exitConsumer } from '../../../platform/linked-orders/exit-consumer.ts';
import { Desk } from '../../support/desk.ts';
import { accept, execution } from '../../support/order.ts';
import { bracket, placeLinked, profitId } from '../../support/order-group.ts';

test('an exit whose stop the market has passed takes over, though the first try ended before it was asked', async () => {
  const store = new MemoryEventStore();
  const desk = new Desk(store);
  const account = await desk.account(10_000_000);
  const entry = orderId('entry');
  const placed = { ...placeLinked(bracket, { timeInForce: 'gtc' }), orderId: entry };
  await desk.command(entry, { ...placed, accountId: accountId(account) }, desk.context({ expectNew: true }));
  for (const report of [accept, execution('e1', 10)]) await desk.report(entry, report);
  let failures = 1;
  const consumer = exitConsumer({
    orders: desk.orders,
    store,
    clock: desk.clock,
    config: new FixedConfig(readSeed().config),
    prices: {
      quote: async () => {
        failures -= 1;
        if (failures >= 0) throw new StoreUnavailable('for the moment');
        return { price: '90', source: 'operator', at: desk.clock.now() };
      },
    },
    parking: new MemoryParking(),
    onParked: () => undefined,
  });
  const commits = await store.read(orderStream(entry), 1);
  await expect(consumer.deliver(commits, desk.deadline)).rejects.toThrow(StoreUnavailable);
  await consumer.deliver(commits, desk.deadline);
  expect(await desk.types(orderStream(profitId))).toContain('StopElected');
});
