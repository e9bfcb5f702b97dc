import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Timestamp } from '../values/time.ts';

/** FIX Side (54). */
export type Side = 'buy' | 'sell';

/** FIX OrdType (40). */
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing_stop';
export const orderTypes: readonly OrderType[] = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'];

/** FIX TimeInForce (59). */
export type TimeInForce = 'day' | 'gtc' | 'gtd' | 'ioc' | 'fok' | 'opg' | 'cls';
export const timesInForce: readonly TimeInForce[] = ['day', 'gtc', 'gtd', 'ioc', 'fok', 'opg', 'cls'];

/** Orders that outlive the trading day. */
export function isGoodTill({ timeInForce }: Pick<Terms, 'timeInForce'>): boolean {
  return timeInForce === 'gtc' || timeInForce === 'gtd';
}

/** How an order's time ends. */
export function expiryOf({ timeInForce }: Pick<Terms, 'timeInForce'>): 'day' | 'date' | 'auction' {
  if (timeInForce === 'gtd') return 'date';
  return timeInForce === 'opg' || timeInForce === 'cls' ? 'auction' : 'day';
}

/** Orders that become active when the market reaches a price. */
export function waitsForTrigger({ orderType }: Pick<Terms, 'orderType'>): boolean {
  return orderType === 'stop' || orderType === 'stop_limit' || orderType === 'trailing_stop';
}

/** How far a trailing stop follows: a price distance in ticks, or hundredths of a percent of the best price seen. */
export type Trail =
  | { readonly by: 'price'; readonly ticks: Price }
  | { readonly by: 'percent'; readonly hundredths: number };

/** What the client asked of the venue, in integers. Changed only by a replace or a restatement. */
export interface Terms {
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly orderQuantity: Quantity;
  readonly limitPrice?: Price;
  readonly stopPrice?: Price;
  readonly trail?: Trail;
  /** What an order without a limit will not trade through: the reference price times the collar. */
  readonly protectionPrice?: Price;
  /** Only with `gtd`. */
  readonly expireAt?: Timestamp;
  /** Only ever adds liquidity: refused by the venue rather than traded on entry. */
  readonly postOnly?: true;
  /** FIX MinQty (110): trade at least this much on entry or nothing. Only with `ioc`. */
  readonly minimumQuantity?: Quantity;
  /** FIX DisplayQty (1138): how much of it the market sees at a time. */
  readonly displayQuantity?: Quantity;
}

/** The worst price the order can trade at. */
export function worstPrice(terms: Terms): Price | undefined {
  return terms.limitPrice ?? terms.protectionPrice;
}

/** What a client wrote, as text: kept in denials, where there may be no instrument to count ticks and lots in. */
export interface RequestedTerms {
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: string;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly trailPrice?: string;
  readonly trailPercent?: string;
  readonly expireAt?: Timestamp;
  readonly postOnly?: true;
  readonly minimumQuantity?: string;
  readonly displayQuantity?: string;
}

/** What a replace may change; what is absent stays. */
export interface RequestedChange {
  readonly quantity?: string;
  readonly timeInForce?: TimeInForce;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  /** New trail of a trailing stop, in the unit it was placed with. */
  readonly trail?: string;
  readonly expireAt?: Timestamp;
}
