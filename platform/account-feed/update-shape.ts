import type { OrderRow } from '../views/row.ts';

/** What Alpaca's `trade_updates` and trade events call what happened to an order. */
export const updateEvents = [
  'accepted',
  'pending_new',
  'new',
  'partial_fill',
  'fill',
  'pending_cancel',
  'canceled',
  'order_cancel_rejected',
  'pending_replace',
  'replaced',
  'order_replace_rejected',
  'rejected',
  'expired',
  'done_for_day',
  'held',
  'stopped',
  'suspended',
  'calculated',
  'restated',
  'trade_bust',
  'trade_correct',
] as const;
export type UpdateEvent = (typeof updateEvents)[number];

/** The execution an update is about, as positive decimal texts; of a bust, what is undone. */
export interface UpdateExecution {
  readonly executionId: string;
  readonly price: string;
  readonly quantity: string;
  /** Of a correction: the execution as it was known. */
  readonly previous?: { readonly executionId: string; readonly price: string; readonly quantity: string };
}

/** One thing a client hears of an order, before it has a number. */
export interface Update {
  readonly event: UpdateEvent;
  /** The order as its client sees it from then on. */
  readonly order: OrderRow;
  readonly execution?: UpdateExecution;
  /** Why it was canceled, or a request came to nothing: one of our reason codes. */
  readonly reason?: string;
  /** The venue's words. */
  readonly text?: string;
}
