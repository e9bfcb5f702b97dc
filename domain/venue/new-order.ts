import type { OrderType, Side, TimeInForce, Trail } from '../order/terms.ts';

/**
 * What happens when an order meets one of the same account. The mode of the incoming order decides; in an auction the
 * later of the two counts as incoming.
 */
export type SelfTradePrevention = 'none' | 'cancel_resting' | 'cancel_incoming' | 'cancel_both' | 'decrement';

/**
 * An order as the venue takes it: prices in ticks, quantities in lots, numbers instead of ids. Quantity and prices keep
 * their numbers plain because the book is the one place where they are added and compared millions of times a second.
 */
export interface NewOrder {
  /** The venue's number for the order (FIX OrderID 37), unique among the working orders of the book. */
  readonly orderId: number;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: number;
  /** The worst price it may trade at: its limit or, for market, stop and trailing stop orders, its protection limit. */
  readonly limitPrice: number;
  readonly stopPrice?: number;
  readonly trail?: Trail;
  readonly expireAt?: number;
  readonly postOnly?: boolean;
  /** FIX MinQty (110): trade at least this much on entry or nothing. Only with `ioc`, as on CME Globex. */
  readonly minimumQuantity?: number;
  /** FIX DisplayQty (1138). */
  readonly displayQuantity?: number;
  /** Orders of one account never trade with each other when the incoming one says so. 0: no account. */
  readonly account?: number;
  readonly selfTradePrevention?: SelfTradePrevention;
}

/**
 * What a replace asks for; what is absent stays. The quantity is the whole order's, executed part included. Another time in force comes
 * with its expiry, 0 for none, and only between orders that may stay: `day`, `gtc` and `gtd`.
 */
export interface ReplaceOrder {
  readonly orderId: number;
  readonly quantity?: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly trail?: Trail;
  readonly timeInForce?: TimeInForce;
  readonly expireAt?: number;
}
