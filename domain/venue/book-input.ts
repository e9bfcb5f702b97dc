import type { CancelReason } from '../order/events.ts';
import type { Side, Terms } from '../order/terms.ts';
import type { AccountId, OrderId, RequestId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Timestamp } from '../values/time.ts';
import type { SelfTradePrevention } from './new-order.ts';
import type { Phase } from './phase.ts';

/** `version`: of the order's own stream. Together they say which commands of an order the book has taken in. */
interface FromOrder {
  readonly orderId: OrderId;
  readonly version: number;
}

/** Where a trade, or the correction in its place, stands among the outputs of its book. */
export interface TradeName {
  readonly version: number;
  readonly index: number;
}

/** A trade that stands, as it is known by now. */
export interface StandingTrade {
  readonly trade: TradeName;
  readonly buyOrderId: OrderId;
  readonly sellOrderId: OrderId;
  readonly price: Price;
  readonly quantity: Quantity;
}

/** What orders ask of their book. */
export type OrderInput =
  | (FromOrder & {
      readonly input: 'new';
      readonly accountId: AccountId;
      readonly side: Side;
      readonly terms: Terms;
      readonly selfTradePrevention: SelfTradePrevention;
    })
  | (FromOrder & { readonly input: 'cancel'; readonly requestId: RequestId })
  | (FromOrder & {
      readonly input: 'replace';
      readonly requestId: RequestId;
      readonly terms: Terms;
      readonly previous: Terms;
    })
  /** The order has ended by another's report: it leaves the book, and nobody is told. */
  | (FromOrder & { readonly input: 'withdraw' })
  /**
   * The order is open, as after the bust of what had filled it, and the book does not work it: it is told that it has ended. `requestId`:
   * by its own cancel, which was there before the book had taken the order.
   */
  | (FromOrder & { readonly input: 'disown'; readonly requestId?: RequestId })
  /** The book cannot take the order at all, as when its units are not the book's. */
  | (FromOrder & { readonly input: 'refuse'; readonly text: string });

/** Who can halt a book: the config in force (an instrument's halt, a kill switch), the calendar, a person. */
export type HaltedBy = 'config' | 'calendar' | 'operator';

export type Call = Extract<Phase, 'opening_call' | 'closing_call'>;

/** The trading day a change of phase belongs to, by the calendar: one that the book is done with changes nothing. */
interface OfDay {
  readonly day?: string;
}

/**
 * What who runs the market asks of a book. Each one is harmless when it comes twice: one that does not fit the day and the phase the
 * book is in, as an uncross outside a call or during a halt, does nothing.
 */
export type MarketInput =
  /** Everything an account works here, or everything. Also during a halt. */
  | { readonly input: 'mass-cancel'; readonly reason: CancelReason; readonly accountId?: AccountId }
  /** Only cancels are taken until everybody who has halted the book has resumed it. */
  | { readonly input: 'halt' | 'resume'; readonly by: HaltedBy }
  /** Orders gather from here to the auction. */
  | (OfDay & { readonly input: 'begin-call'; readonly call: Call })
  /** The auction that ends a call, this one where it says so: an opening goes over into continuous trading, a closing ends the day. */
  | (OfDay & { readonly input: 'uncross'; readonly call?: Call; readonly referencePrice: Price })
  /** Ends the day without an auction: orders for the day and for its auctions expire. */
  | (OfDay & { readonly input: 'end-day' })
  /** Orders for the day expire and trading goes on: for markets that never close. */
  | { readonly input: 'expire-day' }
  /** Good-till-date orders that are due by then. */
  | { readonly input: 'expire-date'; readonly now: Timestamp }
  | (StandingTrade & { readonly input: 'bust' })
  | (StandingTrade & {
      readonly input: 'correct';
      readonly correctedPrice: Price;
      readonly correctedQuantity: Quantity;
    });

/** Everything that changes a book. Recorded before it counts: the same inputs give the same outputs, whatever the clock and the run. */
export type BookInput = OrderInput | MarketInput;
