import { assert } from '../values/assert.ts';
import { formatScaled, parseDecimal, parseScaled } from '../values/decimal.ts';
import { type Rounding, scaleBy } from '../values/integer.ts';
import { type Currency, currencyScale, type Money, money } from '../values/money.ts';
import type { Notional } from '../values/notional.ts';
import { type Price, price } from '../values/price.ts';
import { type Quantity, quantity } from '../values/quantity.ts';

/** What an order must remember of its instrument for ever: the units its integers are counted in. */
export interface Contract {
  readonly symbol: string;
  readonly currency: Currency;
  /** Decimal text, e.g. `0.01`: one tick of price. */
  readonly tickSize: string;
  /** Decimal text, e.g. `1`: one lot of quantity. */
  readonly lotSize: string;
}

/** Whether the same integers mean the same in both. */
export function haveSameUnits(one: Contract, other: Contract): boolean {
  return one.tickSize === other.tickSize && one.lotSize === other.lotSize && one.currency === other.currency;
}

/** A contract with its units worked out once. */
export interface Units {
  readonly tickDigits: number;
  readonly tickScale: number;
  readonly lotDigits: number;
  readonly lotScale: number;
  /** One tick x lot in minor units of the currency, as a fraction. */
  readonly numerator: number;
  readonly denominator: number;
}

const known = new Map<string, Units>();
const knownMax = 1_000;

/** Pure: the same text always gives the same units; remembered because every fill needs them. */
export function unitsOf(contract: Contract): Units {
  const key = `${contract.tickSize}|${contract.lotSize}|${contract.currency}`;
  const found = known.get(key);
  if (found) return found;
  const units = workOut(contract);
  if (known.size < knownMax) known.set(key, units);
  return units;
}

function workOut(contract: Contract): Units {
  const tick = parseDecimal(contract.tickSize);
  const lot = parseDecimal(contract.lotSize);
  assert(
    tick !== undefined && lot !== undefined,
    `${contract.symbol}: tick and lot size are positive decimals`,
  );
  const exponent = currencyScale(contract.currency) - tick.scale - lot.scale;
  return {
    tickDigits: tick.digits,
    tickScale: tick.scale,
    lotDigits: lot.digits,
    lotScale: lot.scale,
    numerator: tick.digits * lot.digits * 10 ** Math.max(0, exponent),
    denominator: 10 ** Math.max(0, -exponent),
  };
}

/** A few amounts up to this can be added and still be exact, in ticks x lots as in minor units. */
const countableMax = 2 ** 50;

/** Prices above this are no prices; the bound keeps price arithmetic exact. */
const ticksMax = 2 ** 40;

/** Whether an amount of ticks x lots is small enough for exact arithmetic on it, here and as money. */
export function isCountable(ticksTimesLots: number, contract: Contract): boolean {
  const { numerator, denominator } = unitsOf(contract);
  return ticksTimesLots <= countableMax && (ticksTimesLots / denominator) * numerator <= countableMax;
}

/** Money for an exact notional, rounded to the minor unit against or for the client as the caller says. */
export function moneyFor(amount: Notional, contract: Contract, rounding: Rounding): Money {
  const { numerator, denominator } = unitsOf(contract);
  return money(scaleBy(amount, numerator, denominator, rounding));
}

/** Undefined: not a decimal, not on the tick grid, or beyond any price. */
export function parsePrice(text: string, contract: Contract): Price | undefined {
  const { tickDigits, tickScale } = unitsOf(contract);
  const scaled = parseScaled(text, tickScale);
  if (scaled === undefined || scaled < 0 || scaled % tickDigits !== 0) return undefined;
  const ticks = scaled / tickDigits;
  return ticks <= ticksMax ? price(ticks) : undefined;
}

/**
 * What the market is at, in ticks of an order or a day that may have another grid than whoever said it: rounded to it. Undefined: not a
 * decimal, or beyond any price.
 */
export function roundedPrice(text: string, contract: Contract, rounding: Rounding): Price | undefined {
  const { tickDigits, tickScale } = unitsOf(contract);
  const scale = Math.max(tickScale, text.split('.')[1]?.length ?? 0);
  const scaled = parseScaled(text, scale);
  if (scaled === undefined || scaled < 0) return undefined;
  const ticks = scaleBy(scaled, 1, tickDigits * 10 ** (scale - tickScale), rounding);
  return ticks <= ticksMax ? price(ticks) : undefined;
}

/** Undefined: not a decimal, or not on the lot grid. */
export function parseQuantity(text: string, contract: Contract): Quantity | undefined {
  const { lotDigits, lotScale } = unitsOf(contract);
  const scaled = parseScaled(text, lotScale);
  return scaled === undefined || scaled < 0 || scaled % lotDigits !== 0
    ? undefined
    : quantity(scaled / lotDigits);
}

export function formatPrice(value: Price, contract: Contract): string {
  const { tickDigits, tickScale } = unitsOf(contract);
  return formatScaled(value * tickDigits, tickScale);
}

export function formatQuantity(value: number, contract: Contract): string {
  const { lotDigits, lotScale } = unitsOf(contract);
  return formatScaled(value * lotDigits, lotScale);
}

/** Notional divided by quantity, for display only: six decimals, rounded half up. */
export function formatAveragePrice(total: Notional, filled: Quantity, contract: Contract): string {
  const { tickDigits, tickScale } = unitsOf(contract);
  const decimals = 6;
  const divisor = BigInt(filled) * 10n ** BigInt(tickScale);
  const dividend = BigInt(total) * BigInt(tickDigits) * 10n ** BigInt(decimals);
  return formatScaled(Number((2n * dividend + divisor) / (2n * divisor)), decimals);
}
