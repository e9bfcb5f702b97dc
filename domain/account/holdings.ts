import type { Currency } from '../values/money.ts';
import type { Item, ItemKey } from './items.ts';

/**
 * The account item: status, epoch, reduceOnly (0 or 1), restrictions (how often it was set), suspended (0 or 1, by its owner), openOrders, and per currency
 * available_, held_, shortfall_, dayNotional_ (minor units) and day_ (the day that notional counts for). A position item: available, held, shortfall
 * (lots; shortfall negative when owed) and exposure (net position plus reserved buys).
 */
export const accountItem = (accountId: string): ItemKey => ({ owner: accountId, name: 'account' });
export const positionItem = (accountId: string, symbol: string): ItemKey => ({
  owner: accountId,
  name: `position-${symbol}`,
});

export const positionPrefix = 'position-';

export type AccountStatus = 'active' | 'halted' | 'closed';

export interface CashAttributes {
  readonly available: string;
  readonly held: string;
  readonly shortfall: string;
  readonly dayNotional: string;
  readonly day: string;
}

const cashNames = new Map<Currency, CashAttributes>();

export function cashAttributes(currency: Currency): CashAttributes {
  const known = cashNames.get(currency);
  if (known) return known;
  const names = {
    available: `available_${currency}`,
    held: `held_${currency}`,
    shortfall: `shortfall_${currency}`,
    dayNotional: `dayNotional_${currency}`,
    day: `day_${currency}`,
  };
  cashNames.set(currency, names);
  return names;
}

/** A missing item or attribute counts as zero. */
export function amount(item: Item | 'missing', attribute: string): number {
  const value = item === 'missing' ? 0 : (item[attribute] ?? 0);
  return typeof value === 'number' ? value : 0;
}

export function text(item: Item | 'missing', attribute: string): string {
  const value = item === 'missing' ? '' : (item[attribute] ?? '');
  return typeof value === 'string' ? value : '';
}
