import type { Side } from '../../domain/order/terms.ts';
import type { InstrumentRules } from '../../domain/risk/rules.ts';
import { scaleBy } from '../../domain/values/integer.ts';
import { type Price, price } from '../../domain/values/price.ts';
import { type Quantity, quantity } from '../../domain/values/quantity.ts';

/** How a provider quotes. Parts per million are of the price in the middle. */
export interface QuoteStyle {
  readonly halfSpreadPpm: number;
  /** A quote stays while the middle is no farther than this from where it was. */
  readonly tolerancePpm: number;
  /** What each side is about worth, in minor units. */
  readonly sideValue: number;
}

/** Between these a quote stays; ticks. */
export interface Middle {
  readonly at: Price;
  readonly from: number;
  readonly to: number;
}

const whole = 1_000_000;

/** Where the made-up price is, no farther from the last trade than half of what the collar lets pass, wherever clients took that. */
export function middleOf(
  base: Price,
  reference: Price,
  strayed: number,
  { collarPpm }: Pick<InstrumentRules, 'collarPpm'>,
): Price {
  const made = scaleBy(base, whole + strayed, whole, 'down');
  const lowest = scaleBy(reference, whole - Math.floor(collarPpm / 2), whole, 'up');
  const highest = scaleBy(reference, whole + Math.floor(collarPpm / 2), whole, 'down');
  return price(Math.max(1, lowest, Math.min(highest, made)));
}

export function around(at: Price, { tolerancePpm }: QuoteStyle): Middle {
  const from = scaleBy(at, whole - tolerancePpm, whole, 'down');
  return { at, from, to: scaleBy(at, whole + tolerancePpm, whole, 'up') };
}

/** At least a tick from the middle, so that a bid and an ask of one provider never meet. */
export function quotedPrice(side: Side, at: Price, { halfSpreadPpm }: QuoteStyle): Price {
  if (side === 'sell') return price(Math.max(at + 1, scaleBy(at, whole + halfSpreadPpm, whole, 'up')));
  return price(Math.max(1, Math.min(at - 1, scaleBy(at, whole - halfSpreadPpm, whole, 'down'))));
}

/** Lots for about what a side is worth; `lotValue` in minor units. */
export function quotedQuantity(lotValue: number, { sideValue }: QuoteStyle): Quantity {
  return quantity(Math.max(1, Math.floor(sideValue / Math.max(1, lotValue))));
}
