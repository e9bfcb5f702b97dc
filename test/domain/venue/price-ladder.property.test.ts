import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BookOrder } from '../../../domain/venue/book-order.ts';
import { PriceLadder } from '../../../domain/venue/price-ladder.ts';

/** Prices close together, so that levels come and go, and far apart, so that nothing depends on them being close. */
const price = fc.oneof(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 2 ** 39 }));
const steps = fc.array(fc.record({ price, remove: fc.boolean() }), { maxLength: 3000, size: 'max' });

for (const prefers of ['highest', 'lowest'] as const) {
  test(`a ladder that prefers the ${prefers} price keeps its levels sorted, linked and found`, () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const ladder = new PriceLadder(prefers);
        const kept = new Map<number, BookOrder>();
        for (const step of taken) {
          const held = kept.get(step.price);
          if (held === undefined) kept.set(step.price, add(ladder, step.price));
          else if (step.remove) kept.delete(remove(ladder, held));
          else expect(ladder.levelAt(step.price).head).toBe(held);
        }
        const sorted = [...kept.keys()].toSorted((a, b) => (prefers === 'highest' ? b - a : a - b));
        expect(pricesOf(ladder)).toEqual(sorted);
        for (const order of kept.values()) remove(ladder, order);
        expect(ladder.best).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
}

test('a hundred thousand levels are emptied from the best to the worst', () => {
  const ladder = new PriceLadder('lowest');
  const orders = Array.from({ length: 100_000 }, (_, i) => add(ladder, (i * 7_919) % 100_003));
  expect(ladder.levelCount).toBe(orders.length);
  let last = -1;
  for (let level = ladder.best; level?.head !== undefined; level = ladder.best) {
    expect(level.price).toBeGreaterThan(last);
    last = level.price;
    remove(ladder, level.head);
  }
  expect(ladder.levelCount).toBe(0);
});

function add(ladder: PriceLadder, at: number): BookOrder {
  const order = new BookOrder();
  order.limitPrice = at;
  ladder.levelAt(at).append(order);
  return order;
}

function remove(ladder: PriceLadder, order: BookOrder): number {
  const { level } = order;
  level?.remove(order);
  if (level !== undefined && level.head === undefined) ladder.close(level);
  return order.limitPrice;
}

/** From best to worst, checking that the links back agree. */
function pricesOf(ladder: PriceLadder): number[] {
  const prices: number[] = [];
  for (let level = ladder.best; level !== undefined; level = level.worse) {
    prices.push(level.price);
    if (level.worse !== undefined) expect(level.worse.better).toBe(level);
  }
  return prices;
}
