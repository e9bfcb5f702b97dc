import * as z from 'zod';

/** What an order's integers are counted in; it never changes over the life of the order. */
const contractSchema = z.looseObject({
  symbol: z.string(),
  currency: z.string(),
  tickSize: z.string(),
  lotSize: z.string(),
});
const feesSchema = z.looseObject({ ratePpm: z.int(), perLotMicros: z.int(), minimum: z.int() });

export const placedSchema = z.looseObject({
  accountId: z.string(),
  orderId: z.string(),
  clientOrderId: z.string(),
  side: z.enum(['buy', 'sell']),
  contract: contractSchema,
  fees: feesSchema,
});
export type Placed = z.infer<typeof placedSchema>;
type Contract = Placed['contract'];

/** ISO 4217: decimals of the minor unit. */
const decimals: Readonly<Record<string, number>> = { USD: 2, EUR: 2, GBP: 2, CHF: 2, JPY: 0 };
const million = 1_000_000n;

interface Scaled {
  readonly digits: bigint;
  readonly scale: number;
}

function scaled(text: string): Scaled {
  const [whole = '0', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** Ticks times lots as minor units, rounded up or down. */
export function minorUnits(ticksTimesLots: bigint, contract: Contract, rounding: 'up' | 'down'): bigint {
  const [tick, lot] = [scaled(contract.tickSize), scaled(contract.lotSize)];
  const dividend =
    ticksTimesLots * tick.digits * lot.digits * 10n ** BigInt(decimals[contract.currency] ?? 0);
  const divisor = 10n ** BigInt(tick.scale + lot.scale);
  return rounding === 'up' ? divideUp(dividend, divisor) : dividend / divisor;
}

/** What everything traded so far is charged in all; a fill is charged the difference. */
export function feeFor({ fees, contract }: Placed, lots: bigint, ticksTimesLots: bigint): bigint {
  if (lots === 0n) return 0n;
  const value = minorUnits(ticksTimesLots, contract, 'up');
  const fee =
    divideUp(value * BigInt(fees.ratePpm), million) + divideUp(lots * BigInt(fees.perLotMicros), million);
  return fee > BigInt(fees.minimum) ? fee : BigInt(fees.minimum);
}

export function showQuantity(lots: bigint | number, { lotSize }: Contract): string {
  return show(BigInt(lots), scaled(lotSize));
}

export function showPrice(ticks: bigint | number, { tickSize }: Contract): string {
  return show(BigInt(ticks), scaled(tickSize));
}

export function showMoney(minor: bigint | number, { currency }: Contract): string {
  return `${show(BigInt(minor), { digits: 1n, scale: decimals[currency] ?? 0 })} ${currency}`;
}

function show(count: bigint, { digits, scale }: Scaled): string {
  const value = count * digits;
  const text = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
