import type { Brand } from './brand.ts';
import { safe } from './integer.ts';
import type { Price } from './price.ts';
import type { Quantity } from './quantity.ts';

/** Price times quantity in ticks x lots: exact, whatever the grid. Turned into money by `minorUnits` of the instrument. */
export type Notional = Brand<number, 'Notional'>;

export function notional(ticksTimesLots: number): Notional {
  return safe(ticksTimesLots) as Notional;
}

export const nothing: Notional = notional(0);

export function notionalOf(quantity: Quantity, price: Price): Notional {
  return notional(quantity * price);
}
