import { describe, expect, test } from 'vitest';
import { OrderBook } from '../../../domain/venue/order-book.ts';
import { lastReports, order } from './given-book.ts';

describe('priority', () => {
  test('the better price trades first, then the earlier order, each at its own price', () => {
    const book = [
      order(1, 'sell', { limitPrice: 101 }),
      order(2, 'sell', { limitPrice: 100 }),
      order(3, 'sell', { limitPrice: 100 }),
    ];
    expect(lastReports([...book, order(4, 'buy', { quantity: 25, limitPrice: 101 })])).toEqual([
      'accepted 4 buy 25 at 101, 25 left',
      'traded 2 sell 10 at 100, 0 left with 4 (15 left)',
      'traded 3 sell 10 at 100, 0 left with 4 (5 left)',
      'traded 1 sell 5 at 101, 5 left with 4 (0 left)',
    ]);
  });

  test('a reduced quantity keeps its place', () => {
    const reduced = { do: 'replace', change: { orderId: 1, quantity: 4 } } as const;
    const commands = [order(1, 'buy'), order(2, 'buy'), reduced, order(3, 'sell', { quantity: 4 })];
    expect(lastReports(commands)).toContain('traded 1 buy 4 at 100, 0 left with 3 (0 left)');
  });

  test.each([
    ['more quantity', { orderId: 1, quantity: 11 }],
    ['a new price and back', { orderId: 1, limitPrice: 99 }],
  ])('%s loses the place', (_, change) => {
    const back = { do: 'replace', change: { orderId: 1, limitPrice: 100 } } as const;
    const commands = [order(1, 'buy'), order(2, 'buy'), { do: 'replace', change } as const, back];
    expect(lastReports([...commands, order(3, 'sell', { quantity: 4 })])).toContain(
      'traded 2 buy 4 at 100, 6 left with 3 (0 left)',
    );
  });

  test('a replace to what is already executed fills the order', () => {
    const filled = { do: 'replace', change: { orderId: 1, quantity: 4 } } as const;
    const commands = [order(1, 'buy'), order(2, 'sell', { quantity: 4 }), filled];
    expect(lastReports(commands)).toEqual(['replaced 1 buy 4 at 100, 0 left']);
    expect(lastReports([...commands, { do: 'cancel', orderId: 1 }])).toEqual([
      'cancel_rejected 1 buy 0 at 0, 0 left: unknown_order',
    ]);
  });
});

describe('immediate orders', () => {
  test('an immediate order cancels what it cannot trade', () => {
    expect(lastReports([order(1, 'sell'), order(2, 'buy', { quantity: 12, timeInForce: 'ioc' })])).toEqual([
      'accepted 2 buy 12 at 100, 12 left',
      'traded 1 sell 10 at 100, 0 left with 2 (2 left)',
      'canceled 2 buy 2 at 100, 0 left: immediate_remainder',
    ]);
  });

  test('fill or kill trades all or nothing, hidden quantity included', () => {
    const iceberg = order(1, 'sell', { quantity: 30, displayQuantity: 5 });
    expect(lastReports([iceberg, order(2, 'buy', { quantity: 31, timeInForce: 'fok' })])).toEqual([
      'accepted 2 buy 31 at 100, 31 left',
      'canceled 2 buy 31 at 100, 0 left: not_fillable',
    ]);
    const filled = lastReports([iceberg, order(2, 'buy', { quantity: 30, timeInForce: 'fok' })]);
    expect(filled.at(-1)).toBe('traded 1 sell 5 at 100, 0 left with 2 (0 left)');
  });

  test('an order that cannot reach its minimum leaves no trace', () => {
    const wanting = order(2, 'buy', { quantity: 20, timeInForce: 'ioc', minimumQuantity: 11 });
    expect(lastReports([order(1, 'sell'), wanting])).toEqual([
      'accepted 2 buy 20 at 100, 20 left',
      'canceled 2 buy 20 at 100, 0 left: below_minimum',
    ]);
  });

  test('a market order does not trade through its protection limit', () => {
    const sells = [order(1, 'sell', { limitPrice: 105 }), order(2, 'sell', { limitPrice: 106 })];
    const market = order(3, 'buy', {
      orderType: 'market',
      quantity: 15,
      limitPrice: 105,
      timeInForce: 'day',
    });
    expect(lastReports([...sells, market]).at(-1)).toBe('canceled 3 buy 5 at 105, 0 left: protection_limit');
    expect(lastReports([market])).toContain('canceled 3 buy 15 at 105, 0 left: no_liquidity');
  });
});

describe('displayed quantity', () => {
  test('a used up slice is followed by the next one, behind the others at the price', () => {
    const iceberg = order(1, 'sell', { quantity: 12, displayQuantity: 5 });
    expect(lastReports([iceberg, order(2, 'sell'), order(3, 'buy', { quantity: 17 })])).toEqual([
      'accepted 3 buy 17 at 100, 17 left',
      'traded 1 sell 5 at 100, 7 left with 3 (12 left)',
      'traded 2 sell 10 at 100, 0 left with 3 (2 left)',
      'traded 1 sell 2 at 100, 5 left with 3 (0 left)',
    ]);
  });

  test('only the slice is seen', () => {
    const book = OrderBook.open({ phase: 'continuous' });
    const shown = {
      orderId: 1,
      side: 'sell',
      orderType: 'limit',
      timeInForce: 'gtc',
      quantity: 12,
      limitPrice: 100,
    } as const;
    book.place({ ...shown, displayQuantity: 5 });
    expect(book.depth('sell', 10)).toEqual([{ price: 100, quantity: 5 }]);
  });
});

test('a post-only order that would trade is refused, and one that would not rests', () => {
  const sell = order(1, 'sell');
  expect(lastReports([sell, order(2, 'buy', { postOnly: true })])).toEqual([
    'rejected 2 buy 0 at 0, 0 left: would_trade',
  ]);
  const behind = order(2, 'buy', { postOnly: true, limitPrice: 99 });
  expect(lastReports([sell, behind])).toEqual(['accepted 2 buy 10 at 99, 10 left']);
});

describe('self-trade prevention', () => {
  const resting = [order(1, 'sell', { quantity: 4 }), order(2, 'sell', { account: 7 }), order(3, 'sell')];
  const incoming = (
    selfTradePrevention: 'cancel_resting' | 'cancel_incoming' | 'cancel_both' | 'decrement',
  ) => order(4, 'buy', { quantity: 16, account: 7, selfTradePrevention });

  test('acts on meeting: what lies before is traded, what lies behind is reached as the mode says', () => {
    const before = ['accepted 4 buy 16 at 100, 16 left', 'traded 1 sell 4 at 100, 0 left with 4 (12 left)'];
    expect(lastReports([...resting, incoming('cancel_resting')])).toEqual([
      ...before,
      'canceled 2 sell 10 at 100, 0 left: self_trade',
      'traded 3 sell 10 at 100, 0 left with 4 (2 left)',
    ]);
    expect(lastReports([...resting, incoming('cancel_incoming')])).toEqual([
      ...before,
      'canceled 4 buy 12 at 100, 0 left: self_trade',
    ]);
    expect(lastReports([...resting, incoming('cancel_both')])).toEqual([
      ...before,
      'canceled 2 sell 10 at 100, 0 left: self_trade',
      'canceled 4 buy 12 at 100, 0 left: self_trade',
    ]);
    expect(lastReports([...resting, incoming('decrement')])).toEqual([
      ...before,
      'canceled 2 sell 10 at 100, 0 left: self_trade',
      'reduced 4 buy 10 at 100, 2 left: self_trade',
      'traded 3 sell 2 at 100, 8 left with 4 (0 left)',
    ]);
  });

  test('an order of the same account that is not met stays', () => {
    const commands = [
      ...resting,
      order(4, 'buy', { quantity: 4, account: 7, selfTradePrevention: 'cancel_both' }),
    ];
    expect(lastReports(commands)).toEqual([
      'accepted 4 buy 4 at 100, 4 left',
      'traded 1 sell 4 at 100, 0 left with 4 (0 left)',
    ]);
  });
});

test('a book that holds all the quantity it can count refuses more', () => {
  const most = order(1, 'buy', { quantity: Number.MAX_SAFE_INTEGER });
  expect(lastReports([most, order(2, 'buy', { quantity: 1 })])).toEqual([
    'rejected 2 buy 0 at 0, 0 left: book_full',
  ]);
});
