import type { Item } from '../account/items.ts';
import type { Reason } from '../risk/reasons.ts';
import type { Limit, TradingRules } from '../risk/rules.ts';
import type { AccountId, ClientOrderId, ExecutionId, OrderId, RequestId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { CancelReason, OrderEvent, VenuePosition } from './events.ts';
import type { LinkedRequest } from './linked.ts';
import type { RequestedChange, RequestedTerms, Side } from './terms.ts';

/**
 * What the account's items held when they refused the write; absent: not known (yet), `missing`: there is none.
 * Filled in by the command handler, never by a caller.
 */
export interface Observed {
  readonly account?: Item | 'missing';
  readonly position?: Item | 'missing';
  readonly duplicate?: Item | 'missing';
}

export interface PlaceOrder {
  readonly do: 'place';
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly clientOrderId: ClientOrderId;
  readonly symbol: string;
  readonly side: Side;
  readonly requested: RequestedTerms;
  readonly strategyId?: string;
  /** The orders that come with it. */
  readonly linked?: LinkedRequest;
  readonly rules: TradingRules;
  readonly observed?: Observed;
  /** An id of its legs is used already. */
  readonly taken?: true;
}

/** Asks the venue to cancel. `original`: the client order id it names, where the client named one. */
export interface RequestCancel {
  readonly do: 'request-cancel';
  readonly requestId: RequestId;
  readonly reason: CancelReason;
  readonly original?: ClientOrderId;
}

/** Asks the venue to replace. `replacementId`: the outside id of the order once replaced; `taken`: it is used already. */
export interface RequestReplace {
  readonly do: 'request-replace';
  readonly requestId: RequestId;
  readonly replacementId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly original?: ClientOrderId;
  readonly change: RequestedChange;
  readonly rules: TradingRules;
  readonly observed?: Observed;
  readonly taken?: true;
}

/** A queued or held order goes to the venue. An exit that waits for its entry does not: it is released by `release-exit`. */
export interface ReleaseOrder {
  readonly do: 'release';
}

/** The time of an order that is with us is over. One at a venue is the venue's to end: it is asked to cancel, with reason `session_end`. */
export interface ExpireOrder {
  readonly do: 'expire';
}

/** The entry has nothing more to come: so many lots are the exit's to close. None: it is canceled. */
export interface ReleaseExit {
  readonly do: 'release-exit';
  readonly quantity: Quantity;
  readonly session: TradingRules['session'];
  /** Lots; for an exit that buys. */
  readonly positionMax: Limit;
  readonly observed?: Observed;
}

/** The market is at this price: if the stop loss of a pair waits for it, it takes over. */
export interface ElectStop {
  readonly do: 'elect-stop';
  /** Decimal text, counted in the order's own units. */
  readonly price: string;
}

/** What a venue can say about an order. Prices in ticks, quantities in lots. */
export type VenueReport =
  | { readonly report: 'accept'; readonly venueOrderId: string }
  | { readonly report: 'reject'; readonly text: string }
  | {
      readonly report: 'execute';
      readonly executionId: ExecutionId;
      readonly lastQuantity: Quantity;
      readonly lastPrice: Price;
      readonly liquidity?: 'added' | 'removed';
    }
  | { readonly report: 'confirm-cancel' }
  | { readonly report: 'reject-cancel'; readonly text?: string }
  | { readonly report: 'confirm-replace' }
  | { readonly report: 'reject-replace'; readonly text?: string }
  | { readonly report: 'cancel'; readonly reason: CancelReason }
  | { readonly report: 'expire'; readonly reason: 'day' | 'date' | 'session' | 'auction' }
  | { readonly report: 'done-for-day' }
  | { readonly report: 'resume' }
  | { readonly report: 'trigger' }
  | { readonly report: 'stop'; readonly stoppedQuantity?: Quantity; readonly stoppedPrice?: Price }
  | { readonly report: 'suspend' }
  | { readonly report: 'calculate' }
  | {
      readonly report: 'restate';
      readonly orderQuantity?: Quantity;
      readonly limitPrice?: Price;
      readonly text?: string;
    }
  | { readonly report: 'bust'; readonly executionId: ExecutionId }
  | {
      readonly report: 'correct';
      readonly executionId: ExecutionId;
      readonly replacesExecutionId: ExecutionId;
      readonly lastQuantity: Quantity;
      readonly lastPrice: Price;
    };

export interface ApplyReport {
  readonly do: 'apply-report';
  readonly position: VenuePosition;
  readonly report: VenueReport;
  /** The venue contradicts itself (an execution id with other numbers): recorded and alarmed, never applied. */
  readonly dispute?: { readonly reason: Reason; readonly text: string };
  /** Every event of the order so far, oldest first; needed to undo or correct one execution. */
  readonly history?: readonly OrderEvent[];
  readonly observed?: Observed;
}

/**
 * Several reports of one venue's stream, in its order and in one commit. When the account's items refuse that, only the first that is
 * not applied yet is decided, knowing what they held: a shortfall must be that of one report. Who asked then asks again for the rest.
 */
export interface ApplyReports {
  readonly do: 'apply-reports';
  readonly reports: readonly Pick<ApplyReport, 'position' | 'report'>[];
  readonly history?: readonly OrderEvent[];
  readonly observed?: Observed;
}

/** Begins the alias stream of an outside id; only ever in the transaction of its replace request. */
export type OrderCommand =
  | PlaceOrder
  | RequestCancel
  | RequestReplace
  | ReleaseOrder
  | ExpireOrder
  | ReleaseExit
  | ElectStop
  | ApplyReport
  | ApplyReports;

export function needsHistory(command: OrderCommand): boolean {
  if (command.do === 'apply-report') return undoes(command.report);
  return command.do === 'apply-reports' && command.reports.some(({ report }) => undoes(report));
}

function undoes({ report }: VenueReport): boolean {
  return report === 'bust' || report === 'correct';
}
