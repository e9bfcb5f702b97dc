import type { Currency } from '../../domain/values/money.ts';
import type { Timestamp } from '../../domain/values/time.ts';

/** What a commit changes in what an account holds and has working in one instrument: exact decimals of shares and money. */
export interface HoldingChange {
  readonly symbol: string;
  readonly currency: Currency;
  /** Bought minus sold. */
  readonly traded: string;
  /** Brought minus taken by transfer. */
  readonly moved: string;
  /** Received minus paid, fees included. */
  readonly cash: string;
  /** What working buys can cost at worst, more or less than before. */
  readonly working: string;
  /** The price of an execution. */
  readonly tradePrice?: string;
  /** The reference price an order was checked against. */
  readonly referencePrice?: string;
}

/** What one commit means to surveillance. Sums and latest values only, so that any order of arrival comes to the same. */
export interface SurveillanceEffect {
  readonly stream: string;
  readonly version: number;
  readonly at: Timestamp;
  /** Absent: nothing. */
  readonly accountId?: string;
  readonly messages?: number;
  readonly refusals?: number;
  readonly strategy?: { readonly strategyId: string; readonly executions: number };
  readonly holding?: HoldingChange;
  /** The account, or the strategy where one is named, was stopped or may go on. */
  readonly standing?: { readonly became: 'stopped' | 'free'; readonly strategyId?: string };
}
