import { assert } from './assert.ts';

/** All sums near money go through these: a result outside the safe integers ends the command instead of losing a cent. */
export function safe(value: number): number {
  assert(Number.isSafeInteger(value), `${value} is not an exact integer`);
  return value;
}

export type Rounding = 'up' | 'down';

/** value x numerator / denominator, exactly, rounded to an integer towards plus or minus infinity. */
export function scaleBy(value: number, numerator: number, denominator: number, rounding: Rounding): number {
  const product = value * numerator;
  if (!Number.isSafeInteger(product)) return scaleLarge(value, numerator, denominator, rounding);
  const remainder = product % denominator;
  const truncated = (product - remainder) / denominator;
  if (remainder === 0) return truncated;
  if (rounding === 'up') return remainder > 0 ? truncated + 1 : truncated;
  return remainder < 0 ? truncated - 1 : truncated;
}

function scaleLarge(value: number, numerator: number, denominator: number, rounding: Rounding): number {
  const product = BigInt(value) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const remainder = product % divisor;
  const truncated = (product - remainder) / divisor;
  if (rounding === 'up') return safe(Number(remainder > 0n ? truncated + 1n : truncated));
  return safe(Number(remainder < 0n ? truncated - 1n : truncated));
}
