import { assert } from '../values/assert.ts';
import { safe } from '../values/integer.ts';

/**
 * Double entry within one asset: what moved between the client's own accounts (`available`, `held`), the firm's side
 * (`clearing`, `fees`), the world (`external`), and what the client could not pay (`shortfall`, negative when owed).
 * The numbers of one entry add up to zero.
 */
export interface Entry {
  readonly available?: number;
  readonly held?: number;
  readonly clearing?: number;
  readonly fees?: number;
  readonly external?: number;
  readonly shortfall?: number;
}

/** Everything one event moves: cash in minor units, shares in lots. */
export interface Posting {
  readonly cash?: Entry;
  readonly shares?: Entry;
  /** Lots by which net position plus reserved buys changes: what a position limit is compared with. */
  readonly exposure?: number;
}

export type LedgerAccount = keyof Entry;
export const ledgerAccounts: readonly LedgerAccount[] = [
  'available',
  'held',
  'clearing',
  'fees',
  'external',
  'shortfall',
];

/** Leaves out zeros and asserts that the rest balances; undefined when nothing moves. */
export function entry(amounts: Readonly<Record<LedgerAccount, number>>): Entry | undefined {
  let sum = 0;
  const moved: { -readonly [account in LedgerAccount]?: number } = {};
  for (const account of ledgerAccounts) {
    const amount = safe(amounts[account]);
    if (amount === 0) continue;
    sum += amount;
    moved[account] = amount;
  }
  assert(sum === 0, `an entry balances to zero, not to ${sum}`);
  return Object.keys(moved).length > 0 ? moved : undefined;
}

export function sumOf(amounts: Entry): number {
  return ledgerAccounts.reduce((sum, account) => sum + (amounts[account] ?? 0), 0);
}
