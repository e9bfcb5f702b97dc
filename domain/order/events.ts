import type { FeeSchedule } from '../account/fees.ts';
import type { Posting } from '../account/posting.ts';
import type { DomainEvent } from '../decider.ts';
import type { Contract } from '../instrument/instrument.ts';
import type { Reason } from '../risk/reasons.ts';
import type { AccountId, ClientOrderId, ExecutionId, OrderId, RequestId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Link, OrderClass } from './linked.ts';
import type { RequestedTerms, Side, Terms } from './terms.ts';

/** Where a venue said it: the commit of its stream, and which of that commit's events. */
export interface VenuePosition {
  readonly stream: string;
  readonly version: number;
  readonly index: number;
}

/** Why one of our checks said no: the limit and the value that decided it, as text in the unit the sentence names. */
export interface Refusal {
  readonly reason: Reason;
  readonly limit?: string;
  readonly observed?: string;
}

/**
 * Why an order closed without being filled by our own or the client's doing. FIX ExecRestatementReason and free text are derived.
 * `linked_order`: the order it waited for came to nothing. `not_covered`: when its turn came, what it sells or costs was not there.
 */
export type CancelReason =
  | 'requested'
  | 'unsolicited'
  | 'ioc_remainder'
  | 'fok_unfilled'
  | 'self_trade_prevention'
  | 'kill_switch'
  | 'account_halted'
  | 'session_end'
  | 'disconnect'
  | 'no_liquidity'
  | 'protection_limit'
  | 'linked_order'
  | 'not_covered';
export const cancelReasons: readonly CancelReason[] = [
  'requested',
  'unsolicited',
  'ioc_remainder',
  'fok_unfilled',
  'self_trade_prevention',
  'kill_switch',
  'account_halted',
  'session_end',
  'disconnect',
  'no_liquidity',
  'protection_limit',
  'linked_order',
  'not_covered',
];

/** The price the checks used, and how old it was when they did. */
export interface Reference {
  readonly price: Price;
  readonly ageMs: number;
}

interface Identity {
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly clientOrderId: ClientOrderId;
  readonly side: Side;
  readonly strategyId?: string;
}

interface Posted {
  readonly posting?: Posting;
}

interface FromVenue {
  readonly position: VenuePosition;
}

export type OrderPlaced = DomainEvent<
  'OrderPlaced',
  Identity &
    Posted & {
      readonly contract: Contract;
      readonly terms: Terms;
      readonly fees: FeeSchedule;
      /** `received`: queued for the next session; `sent`: on its way to the venue. */
      readonly phase: 'received' | 'sent';
      readonly reference?: Reference;
      /** Buys reserve exposure while a position limit applies. */
      readonly positionLimited: boolean;
      /** The account's ownership epoch this order belongs to. */
      readonly epoch: number;
      /** Minor units this order counts for in the account's notional of `day`. */
      readonly dayNotional: number;
      readonly day: string;
      /** Absent: it stands alone. */
      readonly link?: Link;
      /** It is a pair: the terms that may take over. */
      readonly stopLeg?: {
        readonly orderId: OrderId;
        readonly clientOrderId: ClientOrderId;
        readonly terms: Terms;
      };
    }
>;
export type OrderDenied = DomainEvent<
  'OrderDenied',
  Identity &
    Refusal & {
      readonly symbol: string;
      readonly requested: RequestedTerms;
      readonly orderClass?: OrderClass;
    }
>;
export type OrderHeld = DomainEvent<'OrderHeld', { readonly for: 'trigger' | 'parent' | 'review' }>;
/**
 * On its way to the venue, or `received`: queued for the next session. An exit that its entry has brought to life gets the quantity
 * the entry has filled, and its hold.
 */
export type OrderReleased = DomainEvent<
  'OrderReleased',
  Posted & { readonly phase?: 'received'; readonly terms?: Terms }
>;
/** An entry has nothing more to come: its exit's turn, for so many lots. None: the exit is to be canceled. */
export type ExitDue = DomainEvent<'ExitDue', { readonly exit: OrderId; readonly quantity: Quantity }>;
/** The market has reached the price of a pair's stop loss. */
export type StopElected = DomainEvent<'StopElected', { readonly price: Price }>;
/** A stop loss that has not taken over has other terms, and another outside id. */
export type StopLegReplaced = DomainEvent<
  'StopLegReplaced',
  Posted & {
    readonly requestId: RequestId;
    readonly replacementId: OrderId;
    readonly clientOrderId: ClientOrderId;
    readonly terms: Terms;
    readonly dayNotional: number;
    readonly day: string;
  }
>;
export type OrderTriggered = DomainEvent<'OrderTriggered', Partial<FromVenue>>;
export type OrderAccepted = DomainEvent<'OrderAccepted', FromVenue & { readonly venueOrderId: string }>;
export type OrderRejected = DomainEvent<'OrderRejected', FromVenue & Posted & { readonly text: string }>;

export type CancelRequested = DomainEvent<
  'CancelRequested',
  { readonly requestId: RequestId; readonly reason: CancelReason }
>;
export type CancelRejected = DomainEvent<
  'CancelRejected',
  Partial<FromVenue> & Refusal & { readonly requestId: RequestId; readonly text?: string }
>;
export type OrderCanceled = DomainEvent<
  'OrderCanceled',
  Partial<FromVenue> & Posted & { readonly reason: CancelReason; readonly requestId?: RequestId }
>;

export type ReplaceRequested = DomainEvent<
  'ReplaceRequested',
  Posted & {
    readonly requestId: RequestId;
    /** The outside id the order will be known by once the venue confirms. */
    readonly replacementId: OrderId;
    readonly clientOrderId: ClientOrderId;
    readonly terms: Terms;
    readonly reference?: Reference;
    /** From here on the order reserves exposure: it was placed while no position limit applied, and one does now. */
    readonly positionLimited?: true;
    readonly dayNotional: number;
    readonly day: string;
    /** Asked by ourselves: the stop loss of the pair takes over. */
    readonly leg?: 'stop_loss';
  }
>;
export type ReplaceRejected = DomainEvent<
  'ReplaceRejected',
  Partial<FromVenue> & Posted & Refusal & { readonly requestId: RequestId; readonly text?: string }
>;
export type OrderReplaced = DomainEvent<
  'OrderReplaced',
  Partial<FromVenue> & Posted & { readonly requestId: RequestId; readonly terms: Terms }
>;
export type OrderRestated = DomainEvent<
  'OrderRestated',
  FromVenue & Posted & { readonly terms: Terms; readonly text?: string }
>;

export type OrderExecuted = DomainEvent<
  'OrderExecuted',
  FromVenue &
    Posted & {
      readonly executionId: ExecutionId;
      readonly lastQuantity: Quantity;
      readonly lastPrice: Price;
      /** Minor units charged for this execution. */
      readonly fee: number;
      readonly liquidity?: 'added' | 'removed';
      /** Lots above the order quantity that the venue filled all the same. */
      readonly overfill?: number;
    }
>;
export type ExecutionBusted = DomainEvent<
  'ExecutionBusted',
  FromVenue &
    Posted & {
      readonly executionId: ExecutionId;
      readonly lastQuantity: Quantity;
      readonly lastPrice: Price;
    }
>;
export type ExecutionCorrected = DomainEvent<
  'ExecutionCorrected',
  FromVenue &
    Posted & {
      /** The execution as it is known from now on, and as it was known before. */
      readonly executionId: ExecutionId;
      readonly replacesExecutionId: ExecutionId;
      readonly lastQuantity: Quantity;
      readonly lastPrice: Price;
      readonly previousQuantity: Quantity;
      readonly previousPrice: Price;
      /** Lots the correction added above the order quantity. */
      readonly overfill?: number;
    }
>;

export type OrderExpired = DomainEvent<
  'OrderExpired',
  Partial<FromVenue> & Posted & { readonly reason: 'day' | 'date' | 'session' | 'auction' }
>;
/** Closes an order that ends with the day; a good-till order goes on the next day. */
export type OrderDoneForDay = DomainEvent<'OrderDoneForDay', FromVenue & Posted>;
export type SessionResumed = DomainEvent<'SessionResumed', Partial<FromVenue>>;
/** The venue guarantees an execution: of so much, at no worse than this price. */
export type OrderStopped = DomainEvent<
  'OrderStopped',
  FromVenue & { readonly stoppedQuantity?: Quantity; readonly stoppedPrice?: Price }
>;
export type OrderSuspended = DomainEvent<'OrderSuspended', FromVenue>;
export type OrderCalculated = DomainEvent<'OrderCalculated', FromVenue & Posted>;

/** A report of the venue that makes no sense in the state it met. Recorded and alarmed; changes nothing but the position. */
export type ReportDisputed = DomainEvent<
  'ReportDisputed',
  FromVenue & { readonly report: string; readonly reason: Reason; readonly text: string }
>;

/**
 * A report that says nothing new, as the answer to a request which closing the order has answered. It takes its position all the
 * same: brought again later, it must not pass for the answer to another request.
 */
export type ReportNoted = DomainEvent<'ReportNoted', FromVenue & { readonly report: string }>;

/** First and only event of an alias stream: an outside id that a replace introduced. */
export type OrderAliased = DomainEvent<
  'OrderAliased',
  { readonly orderId: OrderId; readonly accountId: AccountId }
>;

export type OrderEvent =
  | OrderPlaced
  | OrderDenied
  | OrderHeld
  | OrderReleased
  | ExitDue
  | StopElected
  | StopLegReplaced
  | OrderTriggered
  | OrderAccepted
  | OrderRejected
  | CancelRequested
  | CancelRejected
  | OrderCanceled
  | ReplaceRequested
  | ReplaceRejected
  | OrderReplaced
  | OrderRestated
  | OrderExecuted
  | ExecutionBusted
  | ExecutionCorrected
  | OrderExpired
  | OrderDoneForDay
  | SessionResumed
  | OrderStopped
  | OrderSuspended
  | OrderCalculated
  | ReportDisputed
  | ReportNoted
  | OrderAliased;
