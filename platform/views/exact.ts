import { assert } from '../../domain/values/assert.ts';

/**
 * Exact decimals of any size, for sums over orders whose instrument's grid may have changed in between: quantities and prices in
 * units of 10^-18, their products in units of 10^-36.
 */
export const unitScale = 18;
export const valueScale = 2 * unitScale;

/** Throws for a text that is no decimal or has more decimals than `scale`. */
export function parseExact(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  assert(match !== null, `${text} is not a decimal`);
  const [, sign = '', whole = '', fraction = ''] = match;
  assert(fraction.length <= scale, `${text} has more than ${scale} decimals`);
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -value : value;
}

/** The shortest text. */
export function formatExact(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '');
  return value < 0n ? `-${text}` : text;
}

export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
