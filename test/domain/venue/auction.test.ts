import { describe, expect, test } from 'vitest';
import type { NewOrder } from '../../../domain/venue/new-order.ts';
import { type Command, TestedBook } from './commands.ts';
import { lastReports, order } from './given-book.ts';

const closed = { phase: 'closed' } as const;
const openAt = (referencePrice: number): readonly Command[] => [
  { do: 'beginCall', phase: 'opening_call' },
  { do: 'endCall', referencePrice },
];
const closeAt = (referencePrice: number): readonly Command[] => [
  { do: 'beginCall', phase: 'closing_call' },
  { do: 'endCall', referencePrice },
];

/** The single price at which the orders trade, from [side, quantity, limit] each. */
function auctionPrice(
  orders: readonly (readonly ['buy' | 'sell', number, number])[],
  reference: number,
): number {
  const placed = orders.map(([side, quantity, limitPrice], i) =>
    order(i + 1, side, { quantity, limitPrice }),
  );
  const trades = lastReports([...placed, ...openAt(reference)], closed);
  const prices = new Set(trades.map((line) => Number(/ at (\d+),/.exec(line)?.[1])));
  expect(prices.size).toBe(1);
  return [...prices][0] ?? Number.NaN;
}

describe('the single price', () => {
  test('is the one at which most trades', () => {
    const orders = [
      ['buy', 10, 105],
      ['buy', 10, 101],
      ['sell', 5, 99],
      ['sell', 20, 101],
    ] as const;
    expect(auctionPrice(orders, 105)).toBe(101);
  });

  test('leaves the least over among prices with the same quantity', () => {
    const orders = [
      ['buy', 10, 105],
      ['sell', 10, 100],
      ['sell', 10, 103],
    ] as const;
    expect(auctionPrice(orders, 105)).toBe(102);
  });

  test.each([
    [90, 95],
    [100, 100],
    [120, 105],
  ])('is nearest to the reference of %i when nothing else decides', (reference, expected) => {
    expect(
      auctionPrice(
        [
          ['buy', 10, 105],
          ['sell', 10, 95],
        ],
        reference,
      ),
    ).toBe(expected);
  });

  test('lies between two limits where only there nothing is left over', () => {
    const orders = [
      ['buy', 10, 105],
      ['buy', 5, 100],
      ['sell', 10, 100],
      ['sell', 5, 105],
    ] as const;
    expect(auctionPrice(orders, 100)).toBe(101);
  });
});

test('of two prices as near to the reference the higher one is taken', () => {
  const even = { phase: 'closed', grid: { priceIncrement: 2, quantityIncrement: 1 } } as const;
  const orders = [order(1, 'buy', { limitPrice: 104 }), order(2, 'sell', { limitPrice: 96 })];
  expect(lastReports([...orders, ...openAt(101)], even)).toEqual([
    'auction_traded 1 buy 10 at 102, 0 left with 2 (0 left)',
  ]);
});

test('an order that hides a part trades with all of it, and then shows a whole slice', () => {
  const book = new TestedBook({ phase: 'continuous' });
  const iceberg = order(1, 'sell', { quantity: 20, displayQuantity: 5 });
  for (const command of [iceberg, order(2, 'buy', { quantity: 3 })]) book.run(command);
  expect(book.sight().asks).toEqual([{ price: 100, quantity: 2 }]);
  for (const command of [{ do: 'beginCall', phase: 'opening_call' } as const, order(3, 'buy')])
    book.run(command);
  expect(book.run({ do: 'endCall', referencePrice: 100 })).toEqual([
    'auction_traded 3 buy 10 at 100, 0 left with 1 (7 left)',
  ]);
  expect(book.sight().asks).toEqual([{ price: 100, quantity: 5 }]);
});

test('everything that crosses trades at one price, by price, then time', () => {
  const orders = [
    order(1, 'buy', { limitPrice: 102 }),
    order(2, 'buy', { limitPrice: 103 }),
    order(3, 'sell', { quantity: 15 }),
  ];
  expect(lastReports([...orders, ...openAt(100)], closed)).toEqual([
    'auction_traded 2 buy 10 at 100, 0 left with 3 (5 left)',
    'auction_traded 1 buy 5 at 100, 5 left with 3 (0 left)',
  ]);
});

test('orders for the opening expire with it and are refused after it', () => {
  const opening: Partial<NewOrder> = { timeInForce: 'opg', limitPrice: 90 };
  expect(lastReports([order(1, 'buy', opening), ...openAt(100)], closed)).toEqual([
    'expired 1 buy 10 at 90, 0 left: auction_over',
  ]);
  expect(lastReports([...openAt(100), order(1, 'buy', opening)], closed)).toEqual([
    'rejected 1 buy 0 at 0, 0 left: opening_over',
  ]);
});

test('an order for the close trades in the closing auction and in nothing before it', () => {
  const close = order(1, 'sell', { orderType: 'market', timeInForce: 'cls', limitPrice: 95 });
  const passing = [close, order(2, 'buy'), order(3, 'buy', { quantity: 3, timeInForce: 'day' })];
  expect(lastReports(passing)).toEqual(['accepted 3 buy 3 at 100, 3 left']);
  expect(lastReports([...passing, ...closeAt(100)])).toEqual([
    'auction_traded 2 buy 10 at 100, 0 left with 1 (0 left)',
    'expired 3 buy 3 at 100, 0 left: day_over',
  ]);
});

test('a stop that the opening price reaches enters continuous trading', () => {
  const stop = order(9, 'buy', { orderType: 'stop', stopPrice: 102, limitPrice: 110, timeInForce: 'day' });
  const orders = [
    stop,
    order(1, 'buy', { limitPrice: 102 }),
    order(2, 'sell', { limitPrice: 102, quantity: 14 }),
  ];
  expect(lastReports([...orders, ...openAt(100)], closed)).toEqual([
    'auction_traded 1 buy 10 at 102, 0 left with 2 (4 left)',
    'triggered 9 buy 10 at 102, 0 left',
    'traded 2 sell 4 at 102, 0 left with 9 (6 left)',
    'canceled 9 buy 6 at 110, 0 left: no_liquidity',
  ]);
});

test('an account that meets itself in an auction does not trade with itself, and the rest gets its own price', () => {
  const mine = { account: 7, selfTradePrevention: 'cancel_resting' } as const;
  const orders = [
    order(1, 'buy', { ...mine, limitPrice: 110 }),
    order(2, 'buy', { limitPrice: 101, quantity: 4 }),
    order(3, 'sell', { ...mine, limitPrice: 100 }),
  ];
  expect(lastReports([...orders, ...openAt(110)], closed)).toEqual([
    'canceled 1 buy 10 at 110, 0 left: self_trade',
    'auction_traded 2 buy 4 at 101, 0 left with 3 (6 left)',
  ]);
});

test('outside continuous trading an immediate order is refused and any other one waits', () => {
  expect(lastReports([order(1, 'buy', { timeInForce: 'ioc' })], closed)).toEqual([
    'rejected 1 buy 0 at 0, 0 left: not_continuous',
  ]);
  expect(lastReports([order(1, 'buy'), order(2, 'sell')], closed)).toEqual([
    'accepted 2 sell 10 at 100, 10 left',
  ]);
});

test('a halt takes cancels only, and gives the phase back', () => {
  const halted: readonly Command[] = [order(1, 'buy'), { do: 'halt' }];
  expect(lastReports([...halted, order(2, 'sell')])).toEqual(['rejected 2 sell 0 at 0, 0 left: halted']);
  expect(lastReports([...halted, { do: 'replace', change: { orderId: 1, quantity: 5 } }])).toEqual([
    'replace_rejected 1 buy 0 at 0, 0 left: halted',
  ]);
  expect(lastReports([...halted, { do: 'cancel', orderId: 1 }])).toEqual([
    'canceled 1 buy 10 at 100, 0 left: requested',
  ]);
  expect(lastReports([...halted, { do: 'resume' }, order(2, 'sell')])).toContain(
    'traded 1 buy 10 at 100, 0 left with 2 (0 left)',
  );
});

test('a dated order expires at its moment and not before', () => {
  const dated = order(1, 'buy', { timeInForce: 'gtd', expireAt: 500 });
  expect(lastReports([dated, { do: 'expire', now: 499 }])).toEqual([]);
  expect(lastReports([dated, { do: 'expire', now: 500 }])).toEqual([
    'expired 1 buy 10 at 100, 0 left: date_reached',
  ]);
  const later = order(2, 'buy', { timeInForce: 'gtd', expireAt: 600 });
  expect(lastReports([dated, later, { do: 'expire', now: 500 }, { do: 'expire', now: 600 }])).toEqual([
    'expired 2 buy 10 at 100, 0 left: date_reached',
  ]);
});
