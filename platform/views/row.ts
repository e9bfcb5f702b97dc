import type { Refusal } from '../../domain/order/events.ts';
import type { AlpacaStatus } from '../../domain/order/status.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { TermsTexts } from './order-row-terms.ts';

/** What the rows of linked orders say beside what all say. */
export interface GroupFacts {
  readonly orderClass?: 'bracket' | 'oto' | 'oco';
  /** The order it is a leg of. */
  readonly parentId?: string;
  /** The order whose stream its legs are in: another's, or for a pair alone its own. */
  readonly legsIn?: string;
  /** A stop loss that waits for the market: its price is watched. */
  readonly isArmed?: true;
  /** The market has reached its price, and the venue has not let it take over yet. */
  readonly isElected?: true;
}

/** Why an order or a replacement came to nothing: our reason code, or `venue_refused` with the venue's words. */
export type RowRefusal = Refusal & { readonly text?: string };

/**
 * What a client sees of one outside id of an order. Quantities and prices are exact decimal texts, times are microseconds.
 * An order that was never replaced has one row; every replacement adds one, which takes over once the venue confirms.
 */
export interface OrderRow extends TermsTexts, GroupFacts {
  /** The id clients know: the order's own, or the one a replace introduced. */
  readonly id: string;
  /** The order's own id: its stream is `order-<orderId>`. */
  readonly orderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly strategyId?: string;
  readonly venueOrderId?: string;
  readonly status: AlpacaStatus;
  /** It can still trade, or an answer is outstanding. What lists call `open`; everything else is `closed`. */
  readonly isOpen: boolean;
  /** Of the whole order: what was filled under an earlier id counts. */
  readonly filledQuantity: string;
  readonly leavesQuantity: string;
  /** Six decimals at most; absent while nothing is filled. */
  readonly filledAveragePrice?: string;
  readonly replaces?: string;
  readonly replacedBy?: string;
  readonly refusal?: RowRefusal;
  readonly submittedAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly filledAt?: Timestamp;
  readonly canceledAt?: Timestamp;
  readonly expiredAt?: Timestamp;
  readonly failedAt?: Timestamp;
  readonly replacedAt?: Timestamp;
  /** The version of the stream that made the row what it is. */
  readonly version: number;
}

/**
 * The second id of an order whose venue has not answered a replace yet: nothing is left to trade under it. An order that was replaced while
 * it was with us, and has gone to its venue since, waits for the same word and has all of it left.
 */
export function isOnlyAskedFor({
  status,
  replaces,
  leavesQuantity,
}: Pick<OrderRow, 'status' | 'replaces' | 'leavesQuantity'>): boolean {
  return status === 'pending_new' && replaces !== undefined && leavesQuantity === '0';
}

/** It ends at a time of its own, or queues with us until its market opens. Every other open order ends with its session, or not by itself. */
export function isTimed({
  isOpen,
  timeInForce,
  status,
}: Pick<OrderRow, 'isOpen' | 'timeInForce' | 'status'>): boolean {
  return isOpen && (timeInForce === 'gtd' || status === 'accepted');
}
