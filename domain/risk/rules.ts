import type { FeeSchedule } from '../account/fees.ts';
import type { Contract } from '../instrument/instrument.ts';
import type { Price } from '../values/price.ts';
import type { Timestamp } from '../values/time.ts';

/** A bound that must be stated: a number, or `unlimited` said out loud. Undefined is not configured, and denies. */
export type Limit = number | 'unlimited' | undefined;

/**
 * What the market does at a moment: trade, gather orders for an auction, or not take any. What comes while it is closed is queued with
 * us; what has to trade at once is refused outside `open`.
 */
export type SessionState = 'closed' | 'opening_call' | 'open' | 'closing_call';

/** Everything outside the order that decides whether it may be placed, as it was when the command arrived. */
export interface TradingRules {
  readonly now: Timestamp;
  /** The trading day that the day's notional counts for, `YYYY-MM-DD`. */
  readonly day: string;
  readonly instrument: InstrumentRules | undefined;
  readonly reference: { readonly price: Price; readonly at: Timestamp } | undefined;
  readonly session: SessionState;
  readonly account: AccountRules;
  readonly fees: FeeSchedule;
  readonly switches: Switches;
}

export interface InstrumentRules {
  readonly contract: Contract;
  readonly tradable: boolean;
  readonly halted: boolean;
  /** Parts per million of the reference price that a price may be worse for the client, and where unpriced orders stop. */
  readonly collarPpm: number;
  /** Parts per million that a limit may lie on the passive side of the reference price. */
  readonly passiveBandPpm: number;
  readonly referenceAgeMaxMs: number;
  /** Lots. */
  readonly orderQuantityMax: Limit;
  /** Minor units. */
  readonly orderValueMax: Limit;
  /** Lots, long, counting working buys as if filled. */
  readonly positionMax: Limit;
}

export interface AccountRules {
  readonly epoch: number;
  /** Lots. */
  readonly orderQuantityMax: Limit;
  /** Minor units. */
  readonly orderValueMax: Limit;
  readonly openOrdersMax: Limit;
  /** Minor units. */
  readonly dayNotionalMax: Limit;
  readonly permittedSymbols: 'all' | readonly string[];
  readonly restrictedSymbols: readonly string[];
  /** Zero: repeats are allowed. */
  readonly duplicateWindowMs: number;
}

export interface Switches {
  readonly firm: boolean;
  readonly account: boolean;
  readonly instrument: boolean;
  /** Absent: it names no strategy, or one that goes on. */
  readonly strategy?: true;
}
