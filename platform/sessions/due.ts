import type { Timestamp } from '../../domain/values/time.ts';
import type { SessionEntry } from '../hot-config/schema.ts';
import { dayEnd, hasCalled, sessionState } from '../hot-config/sessions.ts';
import { isOnlyAskedFor, type OrderRow } from '../views/row.ts';

/** What time asks of an open order: nothing, or to end, or to go to its venue. */
export type Due = 'nothing' | 'expire' | 'ask-to-cancel' | 'release';

export interface Market {
  readonly session: SessionEntry;
  readonly dayTimeZone: string;
  /** Our own book, which ends an order as soon as it is asked. Where a market closes, it and others end orders for the day themselves. */
  readonly isOurs: boolean;
  readonly isHalted: boolean;
}

/** How long another venue may take to report that an order's time was over. */
export const reportGraceUs = 15 * 60_000_000;

/** How long our own book's end of the day may take to show in the lists. What comes to it after the close is asked to leave. */
export const bookGraceUs = 5_000_000;

type Row = Pick<OrderRow, 'status' | 'timeInForce' | 'submittedAt' | 'expireAt'>;

/** Goes by what is now, not by what happened since: after a crash, a night of downtime or a step of the clock the answer is the same. */
export function dueOf(row: Row, market: Market, now: Timestamp): Due {
  const end = endOf(row, market);
  const isWithUs = row.status === 'accepted' || row.status === 'held';
  if (end !== undefined && end <= now) {
    if (isWithUs) return 'expire';
    return end + graceFor(row, market) <= now && row.status !== 'pending_cancel'
      ? 'ask-to-cancel'
      : 'nothing';
  }
  if (row.status !== 'accepted' || market.isHalted) return 'nothing';
  if (sessionState(market.session, now) === 'closed') return 'nothing';
  // Orders for an opening auction wait for the next one, also when they came during the session.
  return row.timeInForce !== 'opg' || hasCalled(market.session, row.submittedAt, now) ? 'release' : 'nothing';
}

function graceFor({ timeInForce }: Row, { isOurs, session }: Market): number {
  if (!isOurs) return reportGraceUs;
  return session.kind === 'hours' && timeInForce !== 'gtd' ? bookGraceUs : 0;
}

function endOf(
  { timeInForce, submittedAt, expireAt }: Row,
  { session, dayTimeZone }: Market,
): Timestamp | undefined {
  if (timeInForce === 'gtd') return expireAt;
  return timeInForce === 'gtc' ? undefined : dayEnd(session, submittedAt, dayTimeZone);
}

/** Not the second id of an order that is listed anyway: what a replace asks for, or the stop loss of a pair before it takes over. */
export function isInForce(
  row: Pick<
    OrderRow,
    'id' | 'orderId' | 'status' | 'replaces' | 'leavesQuantity' | 'orderClass' | 'stopPrice'
  >,
): boolean {
  if (isOnlyAskedFor(row)) return false;
  const isStopLeg = row.orderClass !== undefined && row.stopPrice !== undefined && row.id !== row.orderId;
  return !isStopLeg || (row.status !== 'held' && row.status !== 'pending_new');
}
