import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { capacityFor, type Demand } from '../../lib/capacity/capacity.ts';
import {
  composed,
  deathsAYear,
  fiveNinesSeconds,
  anyOf,
  paths,
  secondsDown,
} from '../../lib/availability/availability.ts';
import { record } from '../../lib/cost/counted.ts';

const aDay: Demand = { ordersPerDay: 200_000_000, tradingHours: 8, peak: 5, region: 'us-east-1' };

describe('what a day of orders needs', () => {
  test('the busiest second is the mean of the trading hours, times the peak', () => {
    const { peakPerSecond } = capacityFor({ ...aDay, ordersPerDay: 28_800, peak: 2 }, record);
    expect(peakPerSecond).toBe(2);
  });

  test('twice the orders need twice of everything, and bounds of one account stay', () => {
    const [one, two] = [aDay, { ...aDay, ordersPerDay: 400_000_000 }].map((day) => capacityFor(day, record));
    expect(two?.needs.map(({ needed }) => needed)).toEqual(one?.needs.map(({ needed }) => needed * 2));
    expect(two?.bounds).toEqual(one?.bounds);
  });

  test('a hundred orders a second fit into what a new account is given; two hundred million a day do not', () => {
    const small = capacityFor({ ...aDay, ordersPerDay: 28_800 * 20 }, record);
    expect(small.peakPerSecond).toBe(100);
    expect(small.cellsAsGiven).toBe(1);
    expect(capacityFor(aDay, record).cellsAsGiven).toBeGreaterThan(1);
  });

  test('an account takes at most 250 orders a second, whatever is raised', () => {
    expect(capacityFor(aDay, record).bounds[0]).toMatchObject({ what: 'one account', ordersPerSecond: 250 });
  });

  test('docs/capacity.md has the figures of today', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../docs/capacity.md'), 'utf8');
    const { peakPerSecond, needs, bounds, ordersReconciled, cellsAsGiven } = capacityFor(aDay, record);
    const figures = [
      peakPerSecond,
      ...needs.map(({ needed }) => needed),
      ...bounds.map((one) => one.ordersPerSecond),
      ordersReconciled,
      cellsAsGiven,
    ];
    for (const figure of figures) expect(text).toContain(Math.ceil(figure).toLocaleString('en-US'));
  });
});

describe('what is promised for a year', () => {
  test('five nines leave five minutes and a quarter', () => {
    expect(Math.floor(fiveNinesSeconds)).toBe(315);
  });

  test('services that are all needed fail more often than any of them, and cells that replace each other less', () => {
    for (const path of paths) expect(composed(path)).toBeLessThan(0.9999);
    expect(anyOf(0.999, 2)).toBeCloseTo(0.999999, 9);
    expect(secondsDown(anyOf(0.9989, 2))).toBeLessThan(fiveNinesSeconds);
  });

  test('a recovery of two seconds may happen 157 times', () => {
    expect(deathsAYear(2)).toBe(157);
  });
});
