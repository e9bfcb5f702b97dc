import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feeOf } from '../../../domain/account/fees.ts';
import {
  type Contract,
  formatAveragePrice,
  formatPrice,
  formatQuantity,
  isCountable,
  moneyFor,
  parsePrice,
  roundedPrice,
  parseQuantity,
  unitsOf,
} from '../../../domain/instrument/instrument.ts';
import { notional } from '../../../domain/values/notional.ts';
import { price } from '../../../domain/values/price.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { contract } from '../../support/order.ts';

const quarters: Contract = { symbol: 'Q', currency: 'USD', tickSize: '0.25', lotSize: '100' };
const coins: Contract = { symbol: 'C', currency: 'USD', tickSize: '0.0001', lotSize: '0.001' };
const yen: Contract = { symbol: 'Y', currency: 'JPY', tickSize: '1', lotSize: '1' };

describe('a contract', () => {
  test.each([
    [contract, '100.05', 10_005],
    [quarters, '100.25', 401],
    [coins, '0.0001', 1],
    [yen, '7', 7],
  ])('counts prices in ticks: %j', (given, text, ticks) => {
    expect(parsePrice(text, given)).toBe(ticks);
    expect(formatPrice(price(ticks), given)).toBe(text);
  });

  test.each([
    [contract, '7', 7],
    [quarters, '300', 3],
    [coins, '0.001', 1],
  ])('counts quantities in lots: %j', (given, text, lots) => {
    expect(parseQuantity(text, given)).toBe(lots);
    expect(formatQuantity(lots, given)).toBe(text);
  });

  test('has no room between its ticks and lots, nor below zero', () => {
    expect(parsePrice('100.30', quarters)).toBeUndefined();
    expect(parseQuantity('150', quarters)).toBeUndefined();
    expect(parseQuantity('0.0005', coins)).toBeUndefined();
    expect(parsePrice('-0.25', quarters)).toBeUndefined();
    expect(parseQuantity('-100', quarters)).toBeUndefined();
  });

  test.each([
    ['100.30', 401, 402],
    ['100.25', 401, 401],
    ['0.001', 0, 1],
  ])('has ticks below and above a price that was said on another grid: %s', (text, below, above) => {
    expect(roundedPrice(text, quarters, 'down')).toBe(below);
    expect(roundedPrice(text, quarters, 'up')).toBe(above);
  });

  test('rounds nothing that is no price', () => {
    expect(roundedPrice('-0.25', quarters, 'up')).toBeUndefined();
    expect(roundedPrice('near', quarters, 'up')).toBeUndefined();
    expect(roundedPrice('9999999999999', quarters, 'down')).toBeUndefined();
  });

  test('has prices up to a bound that keeps arithmetic exact', () => {
    expect(parsePrice('10995116277.76', contract)).toBe(2 ** 40);
    expect(parsePrice('10995116277.77', contract)).toBeUndefined();
  });

  test('without positive units is impossible', () => {
    expect(() => unitsOf({ ...contract, tickSize: '0' })).toThrow('positive decimals');
    expect(() => unitsOf({ ...contract, lotSize: 'one' })).toThrow('positive decimals');
  });
});

describe('money for what was traded', () => {
  test.each([
    [contract, 12_345, 12_345, 12_345],
    [quarters, 2, 5_000, 5_000],
    [coins, 123_456, 2, 1],
    [yen, 12_345, 12_345, 12_345],
  ])('is exact, or rounded as the caller says: %j', (given, amount, up, down) => {
    expect(moneyFor(notional(amount), given, 'up')).toBe(up);
    expect(moneyFor(notional(amount), given, 'down')).toBe(down);
  });

  test('is countable up to a bound, in ticks x lots as in cents', () => {
    expect(isCountable(2 ** 50, contract)).toBe(true);
    expect(isCountable(2 ** 50 + 1, contract)).toBe(false);
    expect(isCountable(2 ** 39, quarters)).toBe(false);
    expect(isCountable(2 ** 38, quarters)).toBe(true);
  });
});

describe('an average price', () => {
  test.each([
    [contract, 30_001, 3, '100.003333'],
    [contract, 30_002, 3, '100.006667'],
    [contract, 30_000, 3, '100'],
    [quarters, 803, 2, '100.375'],
    [coins, 1, 3, '0.000033'],
  ])('is for display, rounded half up to six decimals: %j', (given, total, filled, text) => {
    expect(formatAveragePrice(notional(total), quantity(filled), given)).toBe(text);
  });
});

describe('a fee', () => {
  const schedules = fc.record({
    ratePpm: fc.integer({ min: 0, max: 50_000 }),
    perLotMicros: fc.integer({ min: 0, max: 5_000_000 }),
    minimum: fc.integer({ min: 0, max: 1_000 }),
  });

  test('never falls when more is traded', () => {
    const traded = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        schedules,
        fc.nat(1_000),
        traded,
        fc.nat(1_000),
        traded,
        (...[schedule, lots, value, more, moreValue]) => {
          const before = feeOf(schedule, lots, notional(value), contract);
          expect(feeOf(schedule, lots + more, notional(value + moreValue), contract)).toBeGreaterThanOrEqual(
            lots === 0 ? 0 : before,
          );
        },
      ),
    );
  });

  test('is nothing before anything is traded, and at least the minimum then', () => {
    const schedule = { ratePpm: 1, perLotMicros: 0, minimum: 99 };
    expect(feeOf(schedule, 0, notional(0), contract)).toBe(0);
    expect(feeOf(schedule, 1, notional(1), contract)).toBe(99);
    expect(feeOf({ ...schedule, minimum: 0 }, 1, notional(1), contract)).toBe(1);
  });
});
