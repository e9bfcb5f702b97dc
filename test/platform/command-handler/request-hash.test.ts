import { expect, test } from 'vitest';
import { requestHashOf } from '../../../platform/command-handler/request-hash.ts';

test('the order of properties does not matter, nor does an undefined one', () => {
  const one = requestHashOf({ symbol: 'AAPL', quantity: '100', nested: { a: [1, 2], b: null } });
  const other = requestHashOf({
    nested: { b: null, a: [1, 2] },
    note: undefined,
    quantity: '100',
    symbol: 'AAPL',
  });
  expect(other).toBe(one);
});

test('another value, type or order of a list is another request', () => {
  const hashes = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}, { b: 1 }].map(
    requestHashOf,
  );
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('128 bits in 22 characters that need no escaping', () => {
  expect(requestHashOf({})).toMatch(/^[\w-]{22}$/);
});
