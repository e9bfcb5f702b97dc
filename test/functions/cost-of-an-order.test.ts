import { describe, expect, test } from 'vitest';
import { beside, core, dearer, fullLife, reconciling, total } from '../../lib/cost/cost.ts';
import { record } from '../../lib/cost/counted.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';
import { orderLives } from '../support/order-lives.ts';

await onDynamoDb('what an order takes', (endpoint) => {
  test('is no more than is on record', async () => {
    const lives = await orderLives(endpoint, record.orders / 2);
    expect(lives.orders).toBe(record.orders);
    expect(dearer(lives, record)).toEqual([]);
  }, 60_000);
});

describe('the bill for a million orders', () => {
  test('placing them is within 8 USD', () => {
    expect(total(core(record))).toBeLessThanOrEqual(8);
  });

  test('a function that is not on record is dearer', () => {
    const placed = {
      ...record.placed,
      extra: { calls: 1, messages: 0, requests: 1, writeUnits: 1, readUnits: 0 },
    };
    expect(dearer({ ...record, placed }, record)).toEqual([
      'extra, placed: 1 calls for 40 orders, recorded are 0',
      'extra, placed: 1 requests for 40 orders, recorded are 0',
      'extra, placed: 1 writeUnits for 40 orders, recorded are 0',
    ]);
  });

  test('so is one that reads more', () => {
    const { views } = record.placed;
    const placed = Object.assign({}, record.placed, { views: { ...views, readUnits: 200 } });
    expect(dearer({ ...record, placed }, record)).toEqual([
      'views, placed: 200 readUnits for 40 orders, recorded are 120',
    ]);
  });

  test('one write unit more for each order is 0.63 USD', () => {
    const place = record.placed['place-order'];
    const more = { ...record.placed, 'place-order': { ...place, writeUnits: 280 } };
    const changed = { ...record, placed: Object.assign({}, record.placed, more) };
    expect(total(core(changed)) - total(core(record))).toBeCloseTo(0.625, 6);
  });

  test('reconciling them every day is a request for each, and little beside its line in the trail', () => {
    const lines = reconciling(record);
    expect(lines.find(({ unit }) => unit === 'event')?.count).toBe(1_000_000);
    expect(total(lines)).toBeLessThan(1.3);
  });

  test('a whole life holds everything that placing does', () => {
    const names = fullLife(record).map(({ what }) => what);
    for (const { what, count } of core(record))
      if (count > 0 && !what.endsWith(' ms')) expect(names).toContain(what);
    expect(total(beside(record))).toBeGreaterThan(0);
  });
});
