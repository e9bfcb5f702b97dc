import type { Brand } from './brand.ts';
import { formatFixed, parseScaled } from './decimal.ts';
import { safe } from './integer.ts';

/** An amount in the minor units of some currency (cents for USD). May be negative. */
export type Money = Brand<number, 'Money'>;

/** ISO 4217 codes we can hold, with the decimals of their minor unit. */
const scales = { USD: 2, EUR: 2, GBP: 2, CHF: 2, JPY: 0 } as const;

export type Currency = keyof typeof scales;

export const currencies = Object.keys(scales).filter(isCurrency);

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(scales, text);
}

export function currencyScale(currency: Currency): number {
  return scales[currency];
}

export function money(minorUnits: number): Money {
  return safe(minorUnits) as Money;
}

export const zero: Money = money(0);

export function formatMoney(amount: Money, currency: Currency): string {
  return formatFixed(amount, currencyScale(currency));
}

export function parseMoney(text: string, currency: Currency): Money | undefined {
  const value = parseScaled(text, currencyScale(currency));
  return value === undefined ? undefined : money(value);
}
