import { describe, expect, test } from 'vitest';
import { isReason, reasons } from '../../../domain/risk/reasons.ts';

/** FIX 4.4: OrdRejReason (103) and CxlRejReason (102), the values each may have. */
const ordRejReasons = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 99];
const cxlRejReasons = [0, 1, 2, 3, 4, 5, 6, 8, 18, 99];

describe('every reason', () => {
  test.each(Object.entries(reasons))('%s has its codes, and says why in a sentence', (name, entry) => {
    expect(name).toMatch(/^[a-z_]+$/);
    expect(ordRejReasons).toContain(entry.ordRejReason);
    expect(cxlRejReasons).toContain(entry.cxlRejReason);
    expect([403, 404, 409, 422]).toContain(entry.httpStatus);
    expect(entry.sentence).toMatch(/^[A-Z].+\.$/);
  });

  test('is known by its name, and nothing else is', () => {
    expect(isReason('too_late')).toBe(true);
    expect(isReason('toString')).toBe(false);
  });

  test('tells an unknown order, and no other, as one FIX calls unknown', () => {
    const unknown = Object.entries(reasons).filter(([, { cxlRejReason }]) => cxlRejReason === 1);
    expect(unknown.map(([name]) => name)).toEqual(['order_unknown']);
  });
});
