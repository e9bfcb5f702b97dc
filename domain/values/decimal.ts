/**
 * Decimal text to scaled integers and back, exactly. `digits` at `scale` stands for digits x 10^-scale.
 * No floating point is involved anywhere.
 */
export interface Decimal {
  readonly digits: number;
  readonly scale: number;
}

const pattern = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?$/;

/** The value in units of 10^-scale; undefined when the text is no decimal, has more decimals than that, or is too large. */
export function parseScaled(text: string, scale: number): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', rawFraction = ''] = match;
  const fraction = rawFraction.replace(/0+$/, '');
  if (fraction.length > scale) return undefined;
  const value = Number(BigInt(whole + fraction.padEnd(scale, '0')));
  if (!Number.isSafeInteger(value)) return undefined;
  return sign === '-' && value !== 0 ? -value : value;
}

/** The shortest exact decimal text, e.g. 12345 at scale 2 is `123.45` and 12300 is `123`. */
export function formatScaled(value: number, scale: number): string {
  return formatFixed(value, scale).replace(/\.?0+$/, scale > 0 ? '' : '$&');
}

/** Exact decimal text with all `scale` decimals, e.g. 12300 at scale 2 is `123.00`. */
export function formatFixed(value: number, scale: number): string {
  const sign = value < 0 ? '-' : '';
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Reads a positive decimal such as a tick size; undefined when it is none. */
export function parseDecimal(text: string): Decimal | undefined {
  const fraction = text.split('.')[1]?.replace(/0+$/, '') ?? '';
  const digits = parseScaled(text, fraction.length);
  return digits !== undefined && digits > 0 ? { digits, scale: fraction.length } : undefined;
}
