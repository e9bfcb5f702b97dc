import type { Account } from '../../domain/account/state.ts';
import { type Entry, type LedgerAccount, ledgerAccounts } from '../../domain/account/posting.ts';
import type { Contract } from '../../domain/instrument/instrument.ts';
import type { Currency } from '../../domain/values/money.ts';

export type Sums = { [account in LedgerAccount]: number };

export function noSums(): Sums {
  return { available: 0, held: 0, clearing: 0, fees: 0, external: 0, shortfall: 0 };
}

export function addTo(sums: Sums, entry: Entry): void {
  for (const account of ledgerAccounts) sums[account] += entry[account] ?? 0;
}

export interface PositionTotals {
  readonly sums: Sums;
  exposure: number;
  /** As some event of the position names it; absent while none has. */
  contract?: Contract;
}

export interface CommitName {
  readonly stream: string;
  readonly version: number;
}

export interface DayTotal {
  readonly day: string;
  readonly notional: number;
}

/** What the streams of one account add up to. Its size depends on what the account holds, not on how often it traded. */
export class AccountTotals {
  readonly accountId: string;
  readonly #cash = new Map<Currency, Sums>();
  readonly #positions = new Map<string, PositionTotals>();
  readonly #days = new Map<Currency, DayTotal>();
  account: Account | undefined;
  openOrders = 0;
  /** The commits that made the account reduce only, and those that let it buy again. */
  readonly restrictedBy: CommitName[] = [];
  readonly liftedBy: CommitName[] = [];

  constructor(accountId: string) {
    this.accountId = accountId;
  }

  cash(currency: Currency): Sums {
    const sums = this.#cash.get(currency) ?? noSums();
    this.#cash.set(currency, sums);
    return sums;
  }

  position(symbol: string): PositionTotals {
    const position = this.#positions.get(symbol) ?? { sums: noSums(), exposure: 0 };
    this.#positions.set(symbol, position);
    return position;
  }

  /** Every order counts under the day it found; the latest day is the one the item keeps. */
  countDay(currency: Currency, day: string, notional: number): void {
    const known = this.#days.get(currency);
    if (known && known.day > day) return;
    this.#days.set(currency, { day, notional: notional + (known?.day === day ? known.notional : 0) });
  }

  day(currency: Currency): DayTotal | undefined {
    return this.#days.get(currency);
  }

  get currencies(): Iterable<readonly [Currency, Sums]> {
    return this.#cash;
  }

  get positions(): Iterable<readonly [string, PositionTotals]> {
    return this.#positions;
  }
}
