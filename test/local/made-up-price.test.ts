import { property, assert as holds, integer } from 'fast-check';
import { expect, test } from 'vitest';
import { price } from '../../domain/values/price.ts';
import { strayedPpm } from '../../local/demo-market/made-up-price.ts';
import { middleOf, quotedPrice } from '../../local/demo-market/quote.ts';
import { readSeed } from '../../local/seed.ts';

const { walk, providers } = readSeed().demo.market;
const day = 24 * 3_600_000;
const everyStepOf = (symbol: string) =>
  Array.from({ length: (7 * day) / walk.stepMs }, (_, step) => strayedPpm(walk, symbol, step * walk.stepMs));

test('the same seed and moment give the same price, another symbol another one', () => {
  expect(strayedPpm(walk, 'ALFA', 5 * day)).toBe(strayedPpm(walk, 'ALFA', 5 * day));
  expect(strayedPpm(walk, 'ALFA', 5 * day)).not.toBe(strayedPpm(walk, 'BRVO', 5 * day));
});

test('in a week a price moves, comes back again and again, and stays within its bounds', () => {
  const week = everyStepOf('ALFA');
  const crossings = week.filter((ppm, step) => Math.sign(ppm) !== Math.sign(week[step - 1] ?? ppm)).length;
  expect(crossings).toBeGreaterThan(10);
  expect(Math.max(...week)).toBeGreaterThan(2_000);
  expect(Math.min(...week)).toBeLessThan(-2_000);
  for (const ppm of week) expect(Math.abs(ppm)).toBeLessThanOrEqual(walk.farthestPpm);
});

test('a bid is below the middle and an ask above it, and both are within the collar of the last trade', () => {
  const [ticks, ppm] = [integer({ min: 100, max: 1_000_000 }), integer({ min: -15_000, max: 15_000 })];
  const law = property(ticks, ticks, ppm, (base, last, strayed) => {
    const middle = middleOf(price(base), price(last), strayed, { collarPpm: 50_000 });
    for (const style of providers) {
      const [bid, ask] = [quotedPrice('buy', middle, style), quotedPrice('sell', middle, style)];
      expect(bid).toBeLessThan(middle);
      expect(ask).toBeGreaterThan(middle);
      expect(bid).toBeLessThanOrEqual(last * 1.05);
      expect(ask).toBeGreaterThanOrEqual(last * 0.95);
    }
  });
  holds(law);
});
