import { entry, type Entry, type Posting } from '../account/posting.ts';
import { type Contract, formatQuantity } from '../instrument/instrument.ts';
import { type Currency, formatMoney, type Money, money } from '../values/money.ts';
import type { Quantity } from '../values/quantity.ts';

/** `in`: into the account from the world outside. */
export type TransferDirection = 'in' | 'out';

export type TransferAsset =
  | { readonly kind: 'cash'; readonly currency: Currency; readonly amount: Money }
  | { readonly kind: 'shares'; readonly contract: Contract; readonly quantity: Quantity };

/** Minor units or lots that one transfer moves at most; more is taken for a slip of the pen. */
export const transferMax = 10_000_000_000_000;

/** Minor units or lots beyond which nothing more comes in: a ninetieth of 2^53, since what a venue reports always posts on top. */
export const balanceMax = 100_000_000_000_000;

/** Minor units, or lots. */
export function amountOf(asset: TransferAsset): number {
  return asset.kind === 'cash' ? asset.amount : asset.quantity;
}

/** In the units clients read: `12.50`, or a number of shares. */
export function formatAmount(asset: TransferAsset, amount: number): string {
  return asset.kind === 'cash'
    ? formatMoney(money(amount), asset.currency)
    : formatQuantity(amount, asset.contract);
}

const still = { available: 0, held: 0, clearing: 0, fees: 0, external: 0, shortfall: 0 };

/** What leaves is out of the client's reach from the moment it is asked for. */
export function reserved(asset: TransferAsset): Posting {
  const amount = amountOf(asset);
  return within(asset, entry({ ...still, available: -amount, held: amount }));
}

export function released(asset: TransferAsset): Posting {
  const amount = amountOf(asset);
  return within(asset, entry({ ...still, available: amount, held: -amount }));
}

export function paidOut(asset: TransferAsset): Posting {
  const amount = amountOf(asset);
  return {
    ...within(asset, entry({ ...still, held: -amount, external: amount })),
    ...exposed(asset, -amount),
  };
}

/** What comes in first pays what the account owes (`shortfall`, negative), only the rest is the client's. */
export function paidIn(asset: TransferAsset, shortfall: number): Posting {
  const amount = amountOf(asset);
  const owed = Math.min(amount, Math.max(0, -shortfall));
  const moved = entry({ ...still, external: -amount, shortfall: owed, available: amount - owed });
  return { ...within(asset, moved), ...exposed(asset, amount) };
}

function within(asset: TransferAsset, moved: Entry | undefined): Posting {
  if (!moved) return {};
  return asset.kind === 'cash' ? { cash: moved } : { shares: moved };
}

function exposed(asset: TransferAsset, lots: number): Posting {
  return asset.kind === 'shares' ? { exposure: lots } : {};
}
