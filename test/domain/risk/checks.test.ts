import { describe, expect, test } from 'vitest';
import { collarBase, firstRefusal, referenceAgeMs, worseBy } from '../../../domain/risk/checks.ts';
import { price } from '../../../domain/values/price.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { now, rules } from '../../support/order.ts';

test('the first refusal of a list is the one that counts', () => {
  const asked: string[] = [];
  const check = (name: string, refuses: boolean) => () => {
    asked.push(name);
    return refuses ? ({ reason: 'too_late', observed: name } as const) : undefined;
  };
  const checks = [check('a', false), check('b', true), check('c', true)];
  expect(firstRefusal(checks, undefined)).toEqual({ reason: 'too_late', observed: 'b' });
  expect(asked).toEqual(['a', 'b']);
  expect(firstRefusal([], undefined)).toBeUndefined();
});

describe('a price worse by parts per million', () => {
  test.each([
    [10_000, 100_000, 11_000, 9_000],
    [333, 100_000, 366, 300],
    [1, 100_000, 1, 1],
    [10_000, 1_000_000, 20_000, 1],
    [10_000, 3_000_000, 40_000, 1],
    [2 ** 40, 1_000_000, 2 ** 41, 1],
  ])(
    '%i by %i is %i for a buy and %i for a sale: never beyond the band, never below a tick',
    (base, ppm, up, down) => {
      expect(worseBy(price(base), ppm, 'buy')).toBe(up);
      expect(worseBy(price(base), ppm, 'sell')).toBe(down);
    },
  );
});

describe('the price a collar is measured from', () => {
  const reference = price(10_000);
  test.each([
    ['the reference', {}, 10_000, 10_000],
    ['a stop that is worse', { stopPrice: price(10_500) }, 10_500, 10_000],
    ['the reference when the stop is better', { stopPrice: price(9_500) }, 10_000, 9_500],
    ['where a trail starts', { trail: { by: 'price', ticks: price(300) } }, 10_300, 9_700],
    ['where a percentage starts', { trail: { by: 'percent', hundredths: 250 } }, 10_250, 9_750],
    [
      'a tick, where a trail is longer than the price',
      { trail: { by: 'price', ticks: price(20_000) } },
      30_000,
      1,
    ],
  ] as const)('is %s', (_, terms, buy, sell) => {
    expect(collarBase(terms, reference, 'buy')).toBe(buy);
    expect(collarBase(terms, reference, 'sell')).toBe(sell);
  });
});

test('a reference price from the future has no age', () => {
  const at = (microseconds: number) => rules({ reference: { price: price(1), at: timestamp(microseconds) } });
  expect(referenceAgeMs(at(now + 5_000))).toBe(0);
  expect(referenceAgeMs(at(now - 5_999))).toBe(5);
  expect(referenceAgeMs(rules({ reference: undefined }))).toBe(0);
});
