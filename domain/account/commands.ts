import type { AccountId } from '../values/ids.ts';
import type { Currency } from '../values/money.ts';
import type { Timestamp } from '../values/time.ts';
import type { AccountConfiguration } from './configuration.ts';
import type { Item } from './items.ts';

/** `currency` is the one the account is reported in; it may hold others. */
export interface OpenAccount {
  readonly do: 'open';
  readonly accountId: AccountId;
  readonly currency: Currency;
}

/** A limit that was crossed so far that the account has to stop. Amounts are texts in the unit the limit is in. */
export interface HaltingBreach {
  readonly breachId: string;
  /** What was watched: `exposure`, `exposure ALFA`, `message_rate` ... */
  readonly watched: string;
  readonly limit: string;
  readonly observed: string;
  /** When what crossed it was decided. */
  readonly at: Timestamp;
}

/**
 * No new orders, no transfers but cash coming in; cancels and what the venue reports still work. `breach`: why, where nobody but
 * surveillance asks; one from before the latest lift has been looked at by those who lifted, and halts nothing again.
 */
export interface HaltAccount {
  readonly do: 'halt';
  readonly reason: string;
  readonly breach?: HaltingBreach;
}

/** Takes a second person: `approvalId` is where both are on record. `halt`: the one they spoke of; a later one stays. */
export interface LiftHalt {
  readonly do: 'lift-halt';
  readonly halt?: number;
  readonly approvalId?: string;
}

/**
 * Lets an account that was short or overfilled buy again, and pays what it owes out of what is available by then. `symbols`
 * are those of the positions that owed shares once it had been restricted `restrictions` times; what falls short later goes on
 * counting there.
 */
export interface LiftRestriction {
  readonly do: 'lift-restriction';
  readonly restrictions: number;
  readonly symbols: readonly string[];
  /** The items that refused the write, by name; filled in by the command handler. */
  readonly observed?: Readonly<Record<string, Item | 'missing'>>;
}

/**
 * For ever, and only what is empty. `symbols` are those of the positions that existed during halt number `halt`: while it lasts
 * none can be added, so the write's conditions on these see them all.
 */
export interface CloseAccount {
  readonly do: 'close';
  readonly halt: number;
  readonly symbols: readonly string[];
  /** The items that refused the write, by name; filled in by the command handler. */
  readonly observed?: Readonly<Record<string, Item | 'missing'>>;
}

/** What the account's owner wants of it; what is left out stays as it is. */
export interface ConfigureAccount {
  readonly do: 'configure';
  readonly asked: Partial<AccountConfiguration>;
}

/** Sells what the account holds: what is on record is what a repeat goes by, whatever it holds by then. Quantities are decimal texts. */
export interface ClosePositions {
  readonly do: 'close-positions';
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
}

export type AccountCommand =
  | OpenAccount
  | HaltAccount
  | LiftHalt
  | LiftRestriction
  | CloseAccount
  | ConfigureAccount
  | ClosePositions;
