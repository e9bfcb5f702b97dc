import { assert } from './assert.ts';
import type { Brand } from './brand.ts';
import { safe } from './integer.ts';

/** A price in ticks of its instrument. Never negative. */
export type Price = Brand<number, 'Price'>;

export function price(ticks: number): Price {
  assert(safe(ticks) >= 0, `${ticks} is not a price in ticks`);
  return ticks as Price;
}
