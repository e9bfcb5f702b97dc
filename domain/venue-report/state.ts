import type { VenuePosition } from '../order/events.ts';
import type { Order } from '../order/state.ts';
import type { ExecutionKeyed } from './events.ts';

/** A venue's reports on one order, or what an execution id stands for. */
export type VenueReportState =
  | { readonly kind: 'reports'; readonly count: number }
  | { readonly kind: 'key'; readonly keyed: ExecutionKeyed['data'] };

export const noReports: VenueReportState = { kind: 'reports', count: 0 };

/** The kind of the streams that venues' reports are recorded in. */
export const venueKind = 'venue';

export function venueStream(venueId: string, orderId: string): string {
  return `${venueKind}-${venueId}-${orderId}`;
}

/** What an operator names no venue for. */
export const manualVenue = 'manual';

/** Another venue has reported on the order, and this one never has: the order is not in its book. Nobody's are what was entered by hand. */
export function isOfAnotherVenue(
  { orderId, applied }: Pick<Order, 'orderId' | 'applied'>,
  venueId: string,
): boolean {
  const streams = Object.keys(applied).filter((stream) => stream !== venueStream(manualVenue, orderId));
  return streams.length > 0 && !streams.includes(venueStream(venueId, orderId));
}

const uuidLength = 36;

/** The order a venue's stream reports on. A venue's name may hold anything, an order's id is a UUID. */
export function orderIdIn(stream: string): string {
  return stream.slice(-uuidLength);
}

/** Each report is a commit of its own. */
export function positionOf(stream: string, version: number): VenuePosition {
  return { stream, version, index: 0 };
}
