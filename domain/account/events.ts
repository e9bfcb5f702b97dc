import type { DomainEvent } from '../decider.ts';
import type { Reason } from '../risk/reasons.ts';
import type { AccountId } from '../values/ids.ts';
import type { Currency } from '../values/money.ts';
import type { HaltingBreach } from './commands.ts';
import type { AccountConfiguration } from './configuration.ts';
import type { Posting } from './posting.ts';

/** Opaque ids only: who an account belongs to is in a profile that can be erased. */
export type AccountOpened = DomainEvent<
  'AccountOpened',
  { readonly accountId: AccountId; readonly currency: Currency; readonly epoch: number }
>;
export type AccountHalted = DomainEvent<
  'AccountHalted',
  { readonly reason: string; readonly breach?: HaltingBreach }
>;
export type HaltLifted = DomainEvent<'HaltLifted', { readonly approvalId?: string }>;
/** What was owed in one currency or instrument is paid out of what is available there. */
export type Repayment =
  | { readonly kind: 'cash'; readonly currency: Currency; readonly posting: Pick<Posting, 'cash'> }
  | { readonly kind: 'shares'; readonly symbol: string; readonly posting: Pick<Posting, 'shares'> };
export type RestrictionLifted = DomainEvent<'RestrictionLifted', { readonly repaid?: readonly Repayment[] }>;
export type AccountClosed = DomainEvent<'AccountClosed', Record<string, never>>;
/** Only what changed. */
export type AccountConfigured = DomainEvent<'AccountConfigured', Partial<AccountConfiguration>>;
/** The orders that close them follow, each in its own stream. */
export type PositionsClosingRequested = DomainEvent<
  'PositionsClosingRequested',
  { readonly positions: readonly { readonly symbol: string; readonly quantity: string }[] }
>;
export type AccountChangeRefused = DomainEvent<
  'AccountChangeRefused',
  {
    readonly change: 'halt' | 'lift-halt' | 'lift-restriction' | 'close' | 'configure' | 'close-positions';
    readonly reason: Reason;
    readonly limit?: string;
    readonly observed?: string;
  }
>;

export type AccountEvent =
  | AccountOpened
  | AccountHalted
  | HaltLifted
  | RestrictionLifted
  | AccountClosed
  | AccountConfigured
  | PositionsClosingRequested
  | AccountChangeRefused;
