import type { VenuePosition } from '../order/events.ts';
import type { ExecutionKeyed } from './events.ts';

/** A venue's reports on one order, or what an execution id stands for. */
export type VenueReportState =
  | { readonly kind: 'reports'; readonly count: number }
  | { readonly kind: 'key'; readonly keyed: ExecutionKeyed['data'] };

export const noReports: VenueReportState = { kind: 'reports', count: 0 };

export function venueStream(venueId: string, orderId: string): string {
  return `venue-${venueId}-${orderId}`;
}

/** Each report is a commit of its own. */
export function positionOf(stream: string, version: number): VenuePosition {
  return { stream, version, index: 0 };
}
