import type { VenueReport } from '../../domain/order/commands.ts';
import type { CancelReason } from '../../domain/order/events.ts';
import type { AccountId, OrderId } from '../../domain/values/ids.ts';
import type { VenueInstruction } from '../../domain/venue/instructions.ts';
import type { Deadline } from '../deadline/deadline.ts';

/**
 * What became of handing something to a venue. `taken`: the venue has it; what it makes of it comes as reports, a rejection too.
 * `unknown`: it may have it or not. That is no rejection: the order stays as it is, and whoever sent asks the venue.
 */
export type Sent = 'taken' | 'unknown';

export interface MassCancel {
  readonly reason: CancelReason;
  /** Absent: every account's. */
  readonly accountId?: AccountId;
  /** Absent: in every instrument. */
  readonly symbol?: string;
}

/** Something a venue said of an order, under the venue's own id for the saying: brought twice, it counts once. */
export interface ReportFromVenue {
  readonly orderId: OrderId;
  readonly reportId: string;
  readonly report: VenueReport;
}

/** What a venue knows of an order. `nothing`: it never got it. `unknown`: it did not say. */
export type Known =
  | { readonly knows: 'order'; readonly reports: readonly ReportFromVenue[] }
  | { readonly knows: 'nothing' | 'unknown' };

/**
 * A market that orders are sent to: our own book, or the connector to somebody else's. It may be handed the same instruction any number
 * of times (`VenueInstruction` says what makes two the same) and acts on it once.
 */
export interface Venue {
  readonly venueId: string;
  /** In this order. Never throws for the venue's sake: what could not be learned by the deadline is `unknown`. */
  send(instructions: readonly VenueInstruction[], deadline: Deadline): Promise<Sent>;
  massCancel(request: MassCancel, deadline: Deadline): Promise<Sent>;
  /** All it ever reported of the order, oldest first. */
  query(orderId: OrderId, deadline: Deadline): Promise<Known>;
}

/** Where a venue's reports go. Throws what is retryable: then the same report again. */
export interface VenueSink {
  reported(report: ReportFromVenue, deadline: Deadline): Promise<void>;
}
