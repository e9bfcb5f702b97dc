import { expect, test } from 'vitest';
import { price } from '../../../domain/values/price.ts';
import { lastReports, order } from './given-book.ts';
import { type Command, TestedBook } from './commands.ts';

/** One trade of one lot at this price, between orders that leave nothing behind. */
function tradeAt(limitPrice: number, orderId: number): readonly Command[] {
  return [
    order(orderId, 'sell', { quantity: 1, limitPrice }),
    order(orderId + 1, 'buy', { quantity: 1, limitPrice, timeInForce: 'ioc' }),
  ];
}

const stop = (orderId: number, stopPrice: number) =>
  order(orderId, 'buy', { orderType: 'stop_limit', stopPrice, limitPrice: 99, timeInForce: 'day' });

test('a trade at the stop price triggers, and the order then counts as a new arrival', () => {
  expect(lastReports([stop(1, 105), ...tradeAt(105, 10)])).toEqual([
    'accepted 11 buy 1 at 105, 1 left',
    'traded 10 sell 1 at 105, 0 left with 11 (0 left)',
    'triggered 1 buy 10 at 105, 0 left',
  ]);
});

test('a stop whose price the last trade has reached is triggered as it comes', () => {
  expect(lastReports([...tradeAt(105, 10), stop(1, 105)])).toEqual([
    'accepted 1 buy 10 at 99, 10 left',
    'triggered 1 buy 10 at 105, 0 left',
  ]);
});

test('one sweep triggers the nearer stop first, then the earlier one at a price', () => {
  const asks = [order(10, 'sell', { limitPrice: 101 }), order(11, 'sell', { limitPrice: 104 })];
  const reports = lastReports([
    stop(1, 103),
    stop(2, 102),
    stop(3, 102),
    ...asks,
    order(12, 'buy', { quantity: 20, limitPrice: 104 }),
  ]);
  expect(reports.filter((line) => line.startsWith('triggered')).map((line) => line.split(' ')[1])).toEqual([
    '2',
    '3',
    '1',
  ]);
});

test('a triggered stop that trades triggers the next one', () => {
  const market = order(1, 'buy', { orderType: 'stop', stopPrice: 101, limitPrice: 110, timeInForce: 'day' });
  const asks = [order(10, 'sell', { limitPrice: 101, quantity: 1 }), order(11, 'sell', { limitPrice: 108 })];
  expect(
    lastReports([market, stop(2, 108), ...asks, order(12, 'buy', { quantity: 1, limitPrice: 101 })]),
  ).toEqual([
    'accepted 12 buy 1 at 101, 1 left',
    'traded 10 sell 1 at 101, 0 left with 12 (0 left)',
    'triggered 1 buy 10 at 101, 0 left',
    'traded 11 sell 10 at 108, 0 left with 1 (0 left)',
    'triggered 2 buy 10 at 108, 0 left',
  ]);
});

test.each([
  ['five ticks', { by: 'price', ticks: price(5) }, 105],
  ['five percent', { by: 'percent', hundredths: 500 }, 105],
] as const)('a trailing stop %s below follows the market up and not down', (_, trail, triggeredAt) => {
  const trailing = order(1, 'sell', {
    orderType: 'trailing_stop',
    trail,
    limitPrice: 90,
    timeInForce: 'day',
  });
  const up = [...tradeAt(100, 10), trailing, ...tradeAt(110, 20), ...tradeAt(106, 30)];
  expect(lastReports(up)).toHaveLength(2);
  expect(lastReports([...up, ...tradeAt(triggeredAt, 40)])).toContain(
    `triggered 1 sell 10 at ${triggeredAt}, 0 left`,
  );
});

test('a stop waits under a new trigger after a replace, and keeps what its trail has seen', () => {
  const trailing = order(1, 'sell', {
    orderType: 'trailing_stop',
    trail: { by: 'price', ticks: price(5) },
    limitPrice: 90,
    timeInForce: 'day',
  });
  const closer = { do: 'replace', change: { orderId: 1, trail: { by: 'price', ticks: price(2) } } } as const;
  const commands = [
    ...tradeAt(100, 10),
    trailing,
    ...tradeAt(110, 20),
    ...tradeAt(109, 30),
    closer,
    ...tradeAt(108, 40),
  ];
  expect(lastReports(commands)).toContain('triggered 1 sell 10 at 108, 0 left');
});

test('a trail longer than the price waits for a price of zero', () => {
  const long = { by: 'price', ticks: price(500) } as const;
  const trailing = order(1, 'sell', {
    orderType: 'trailing_stop',
    trail: long,
    limitPrice: 0,
    timeInForce: 'day',
  });
  const low = [...tradeAt(100, 10), trailing, ...tradeAt(1, 20)];
  expect(lastReports(low)).toHaveLength(2);
  expect(lastReports([...low, ...tradeAt(0, 30)])).toContain('triggered 1 sell 10 at 0, 0 left');
});

test('what an order has trailed is not left behind for the next one', () => {
  const trailing = order(1, 'sell', {
    orderType: 'trailing_stop',
    trail: { by: 'price', ticks: price(5) },
    limitPrice: 90,
    timeInForce: 'day',
  });
  const cancel = { do: 'cancel', orderId: 1 } as const;
  const used = new TestedBook({ phase: 'continuous' });
  for (const command of [...tradeAt(100, 10), trailing, cancel]) used.run(command);
  used.run(order(2, 'buy'));
  const [kept] = used.book.workingOrders();
  expect(kept?.bestPrice).toBe(0);
});
