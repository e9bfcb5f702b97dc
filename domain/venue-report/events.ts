import type { DomainEvent } from '../decider.ts';
import type { VenueReport } from '../order/commands.ts';
import type { VenuePosition } from '../order/events.ts';
import type { Reason } from '../risk/reasons.ts';
import type { ExecutionId, OrderId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';

/** The only event of its commit: the commit's version is where the report stands in the venue's stream. */
export type VenueReported = DomainEvent<
  'VenueReported',
  {
    readonly venueId: string;
    readonly orderId: OrderId;
    readonly report: VenueReport;
    /** The venue contradicts itself: kept for people to look at, never applied. */
    readonly dispute?: { readonly reason: Reason; readonly text: string };
  }
>;

/** What an execution id stands for, for ever. */
export interface ExecutionNumbers {
  readonly orderId: OrderId;
  readonly executionId: ExecutionId;
  readonly lastQuantity: Quantity;
  readonly lastPrice: Price;
  /** Of a correction. */
  readonly replacesExecutionId?: ExecutionId;
}

/** First and only event of a key stream: where the report that brought the execution id was recorded. */
export type ExecutionKeyed = DomainEvent<
  'ExecutionKeyed',
  { readonly venueId: string; readonly numbers: ExecutionNumbers; readonly position: VenuePosition }
>;

export type VenueReportEvent = VenueReported | ExecutionKeyed;
