/** Money the slow way: whole numbers without bound, written from the rules and not from the code under test. */

export interface Units {
  readonly tickSize: string;
  readonly lotSize: string;
  readonly currency: string;
}

export interface Fees {
  readonly ratePpm: number;
  readonly perLotMicros: number;
  readonly minimum: number;
}

const decimals: Readonly<Record<string, number>> = { USD: 2, EUR: 2, GBP: 2, CHF: 2, JPY: 0 };

function fraction(text: string): readonly [numerator: bigint, denominator: bigint] {
  const [whole = '', part = ''] = text.split('.');
  return [BigInt(whole + part), 10n ** BigInt(part.length)];
}

function ceiling(numerator: bigint, denominator: bigint): bigint {
  const down = numerator / denominator;
  return down * denominator < numerator ? down + 1n : down;
}

/** Minor units for so many ticks x lots, rounded up and down. */
export function worthOf(
  ticksTimesLots: number,
  units: Units,
): { readonly up: number; readonly down: number } {
  const [tick, tickParts] = fraction(units.tickSize);
  const [lot, lotParts] = fraction(units.lotSize);
  const numerator = BigInt(ticksTimesLots) * tick * lot * 10n ** BigInt(decimals[units.currency] ?? 0);
  const denominator = tickParts * lotParts;
  return { up: Number(ceiling(numerator, denominator)), down: Number(numerator / denominator) };
}

/** The fee of all that an order has traded. */
export function feeFor(lots: number, ticksTimesLots: number, fees: Fees, units: Units): number {
  if (lots === 0) return 0;
  const value = BigInt(worthOf(ticksTimesLots, units).up);
  const byRate = ceiling(value * BigInt(fees.ratePpm), 1_000_000n);
  const byLot = ceiling(BigInt(lots) * BigInt(fees.perLotMicros), 1_000_000n);
  return Math.max(fees.minimum, Number(byRate + byLot));
}
