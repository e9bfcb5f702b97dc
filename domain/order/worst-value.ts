import { moneyFor } from '../instrument/instrument.ts';
import type { InstrumentRules } from '../risk/rules.ts';
import { assert } from '../values/assert.ts';
import { notionalOf } from '../values/notional.ts';
import { type Terms, worstPrice } from './terms.ts';

/** Minor units the terms come to at their worst price. */
export function worstValue(terms: Terms, instrument: InstrumentRules): number {
  const worst = worstPrice(terms);
  assert(worst !== undefined, 'an order has a limit or a protection price');
  return moneyFor(notionalOf(terms.orderQuantity, worst), instrument.contract, 'up');
}
