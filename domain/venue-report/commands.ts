import type { VenueReport } from '../order/commands.ts';
import type { OrderId } from '../values/ids.ts';
import type { ExecutionKeyed } from './events.ts';

/** Records what an operator or a connector says that a venue reported, before anything is made of it. */
export interface RecordReport {
  readonly do: 'record';
  readonly venueId: string;
  readonly orderId: OrderId;
  readonly report: VenueReport;
  /** Of a report that brings an execution id, and only of one. */
  readonly keys?: ExecutionKeys;
  /** What the key streams held already; filled in by the command handler, never by a caller. */
  readonly taken?: { readonly execution: ExecutionKeyed['data']; readonly conflict?: ExecutionKeyed['data'] };
}

/** Streams that can begin once: of the execution id, and of the execution id with exactly these numbers for this order. */
export interface ExecutionKeys {
  readonly execution: string;
  readonly conflict: string;
}
