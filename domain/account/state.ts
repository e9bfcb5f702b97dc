import type { AccountId } from '../values/ids.ts';
import type { Currency } from '../values/money.ts';
import type { Timestamp } from '../values/time.ts';
import type { AccountConfiguration } from './configuration.ts';
import type { AccountStatus } from './holdings.ts';

/** What the account's own stream says. What it holds is in its items, the running totals of every stream's entries. */
export interface Account {
  readonly kind: 'account';
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly epoch: number;
  readonly status: AccountStatus;
  /** How often it was halted: tells one halt from another. */
  readonly halts: number;
  /** When it was last allowed to trade again; absent: it never had to be. */
  readonly liftedAt?: Timestamp;
  readonly openedAt: Timestamp;
  readonly configuration: AccountConfiguration;
}

export type AccountState = { readonly kind: 'unopened' } | Account;

export const unopened: AccountState = { kind: 'unopened' };

export function accountStream(accountId: string): string {
  return `account-${accountId}`;
}
