import { assert } from './assert.ts';
import type { Brand } from './brand.ts';
import { safe } from './integer.ts';

/** A number of lots of its instrument. Never negative. */
export type Quantity = Brand<number, 'Quantity'>;

export function quantity(lots: number): Quantity {
  assert(safe(lots) >= 0, `${lots} is not a quantity in lots`);
  return lots as Quantity;
}

export const none: Quantity = quantity(0);

export function least(a: Quantity, b: Quantity): Quantity {
  return a < b ? a : b;
}
