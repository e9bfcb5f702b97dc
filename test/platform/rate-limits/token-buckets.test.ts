import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBuckets } from '../../../platform/rate-limits/token-buckets.ts';

const rate = { requestsPerMinute: 60, burst: 3 };

test('a burst is let in at once, then one a second', () => {
  const buckets = new TokenBuckets(10);
  expect([1, 2, 3, 4].map(() => buckets.take('key', rate, 0))).toEqual([2, 1, 0, undefined]);
  expect(buckets.take('key', rate, 999)).toBeUndefined();
  expect(buckets.take('key', rate, 1_000)).toBe(0);
  expect(buckets.take('key', rate, 1_001)).toBeUndefined();
});

test('a bucket never holds more than a burst, however long the pause', () => {
  const buckets = new TokenBuckets(10);
  buckets.take('key', rate, 0);
  expect(buckets.take('key', rate, 10_000_000)).toBe(2);
});

test('it says how long to wait for one token, and for all of them', () => {
  const buckets = new TokenBuckets(10);
  for (let count = 0; count < 3; count += 1) buckets.take('key', rate, 0);
  expect(buckets.waitMs('key', rate, 250)).toBe(750);
  expect(buckets.fullMs('key', rate, 250)).toBe(2_750);
});

test('names do not share, and no more of them are kept than allowed', () => {
  const buckets = new TokenBuckets(2);
  for (const name of ['a', 'a', 'a', 'b', 'c']) buckets.take(name, rate, 0);
  expect(buckets.size).toBe(2);
  expect(buckets.has('a')).toBe(false);
  expect(buckets.take('a', rate, 0)).toBe(2);
});

test('a smaller limit counts from the next request', () => {
  const buckets = new TokenBuckets(10);
  buckets.take('key', { requestsPerMinute: 60, burst: 100 }, 0);
  expect(buckets.take('key', rate, 0)).toBe(2);
});

test('over any stretch no more pass than a burst and what the time brings', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(steps, (pauses) => {
      const buckets = new TokenBuckets(1);
      let nowMs = 0;
      let passed = 0;
      for (const pauseMs of pauses) {
        nowMs += pauseMs;
        if (buckets.take('key', rate, nowMs) !== undefined) passed += 1;
        expect(passed).toBeLessThanOrEqual(rate.burst + nowMs / 1_000 + 1e-6);
      }
    }),
  );
});
