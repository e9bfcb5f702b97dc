import type { Order } from './state.ts';

/** FIX OrdStatus (39) by name, as FIX 4.4 names the values. */
export type OrdStatus =
  | 'PendingCancel'
  | 'PendingReplace'
  | 'DoneForDay'
  | 'Calculated'
  | 'Filled'
  | 'Stopped'
  | 'Suspended'
  | 'Canceled'
  | 'Expired'
  | 'PartiallyFilled'
  | 'New'
  | 'Rejected'
  | 'PendingNew';

/** FIX 4.4 volume 4: where several apply, the one with the highest precedence is reported. */
export function ordStatus(order: Order): OrdStatus {
  const closed = order.phase.name === 'closed' ? order.phase.reason : undefined;
  const filled = order.totals.cumulativeQuantity;
  if (order.pending.some(({ request }) => request === 'cancel')) return 'PendingCancel';
  if (order.pending.some(({ request }) => request === 'replace')) return 'PendingReplace';
  if (isDoneForDay(order)) return 'DoneForDay';
  if (closed === 'calculated') return 'Calculated';
  if (closed === 'filled') return 'Filled';
  if (order.flags.stopped && closed === undefined) return 'Stopped';
  if (order.flags.suspended && closed === undefined) return 'Suspended';
  if (closed === 'canceled') return 'Canceled';
  if (closed === 'expired') return 'Expired';
  if (closed === 'rejected') return 'Rejected';
  if (filled > 0) return 'PartiallyFilled';
  return order.phase.name === 'working' ? 'New' : 'PendingNew';
}

/** A late fill does not end the day's rest; whatever else closes an order does. */
function isDoneForDay({ phase, flags }: Order): boolean {
  if (phase.name !== 'closed') return flags.doneForDay === true;
  return phase.reason === 'done_for_day' || (phase.reason === 'filled' && flags.doneForDay === true);
}

/** The `status` values of the Alpaca Trading API v2. */
export type AlpacaStatus =
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'done_for_day'
  | 'canceled'
  | 'expired'
  | 'replaced'
  | 'pending_cancel'
  | 'pending_replace'
  | 'pending_new'
  | 'accepted'
  | 'held'
  | 'stopped'
  | 'rejected'
  | 'suspended'
  | 'calculated';

const byOrdStatus: Readonly<Record<Exclude<OrdStatus, 'PendingNew'>, AlpacaStatus>> = {
  PendingCancel: 'pending_cancel',
  PendingReplace: 'pending_replace',
  DoneForDay: 'done_for_day',
  Calculated: 'calculated',
  Filled: 'filled',
  Stopped: 'stopped',
  Suspended: 'suspended',
  Canceled: 'canceled',
  Expired: 'expired',
  PartiallyFilled: 'partially_filled',
  New: 'new',
  Rejected: 'rejected',
};

/** The outside id a confirmed replace left behind is `replaced`; that is a matter of the id asked for, not of this state. */
export function alpacaStatus(order: Order): AlpacaStatus {
  const status = ordStatus(order);
  if (status !== 'PendingNew') return byOrdStatus[status];
  if (order.phase.name === 'held') return 'held';
  return order.phase.name === 'received' ? 'accepted' : 'pending_new';
}
