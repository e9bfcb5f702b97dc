import { orderStream } from '../../domain/order/effects.ts';
import type { CancelReason } from '../../domain/order/events.ts';
import type { Side } from '../../domain/order/terms.ts';
import { requestId } from '../../domain/values/ids.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { ownKey } from '../command-handler/own-key.ts';
import { isRetryable } from '../consumer/errors.ts';
import { remainingMs } from '../deadline/deadline.ts';
import type { OrderHandler } from '../reporting/venue-reporting.ts';
import type { OrderRow } from '../views/order-row.ts';
import type { ViewReader } from '../views/port.ts';
import { openOrders } from './open-orders.ts';

export interface CancelOpenOrders {
  readonly accountId: string;
  readonly reason: CancelReason;
  /**
   * Names what made it necessary (a halt, a switch and its version, a connection), at most 100 characters: for one cause an order is
   * asked once, however often this is called.
   */
  readonly cause: string;
  /** Absent: all. */
  readonly symbols?: readonly string[];
  /** Absent: both. */
  readonly side?: Side;
}

export interface CancelingParts {
  readonly orders: Pick<OrderHandler, 'handle'>;
  readonly views: Pick<ViewReader, 'orders'>;
  readonly clock: Clock;
}

export interface CancelingProgress {
  /** Canceled at once, or asked of the venue, now or by an earlier call for the same cause. */
  readonly asked: number;
  /** Ended meanwhile, or somebody's cancel is outstanding already. */
  readonly refused: number;
  /** What could not even be asked; the others were. */
  readonly failed: readonly { readonly orderId: string; readonly error: unknown }[];
  /** False: time ran out, or something failed that may succeed later. Call it again, for the same cause. */
  readonly isComplete: boolean;
}

/** Canceled at once; the rest of the account's orders wait their turn, so that nobody else does. */
export const cancelsAtOnce = 50;
/** What is left of the caller's time is kept for telling how far it got. */
const reserveMs = 250;

/**
 * Asks the venue to cancel every open order of an account, in the normal way: each order's commit names the reason and the actor, and
 * an order the venue has not seen is canceled at once. Bounded by the context's deadline and resumable: an order that was asked
 * already is not asked again. The lists it goes by follow the log within moments: whoever needs certainty first stops new orders,
 * then calls this until a call finds nothing to ask.
 */
export async function cancelOpenOrders(
  parts: CancelingParts,
  request: CancelOpenOrders,
  context: CommandContext,
): Promise<CancelingProgress> {
  const total: Total = { asked: 0, refused: 0, failed: [] };
  for await (const rows of openOrders(parts.views, request, context.deadline)) {
    const open = rows.filter(({ status }) => status !== 'pending_cancel');
    for (let from = 0; from < open.length; from += cancelsAtOnce) {
      if (remainingMs(context.deadline, parts.clock) <= reserveMs) return { ...total, isComplete: false };
      await cancelBatch(parts, request, open.slice(from, from + cancelsAtOnce), { context, total });
    }
  }
  return { ...total, isComplete: !total.failed.some(({ error }) => isRetryable(error)) };
}

interface Total {
  asked: number;
  refused: number;
  readonly failed: { readonly orderId: string; readonly error: unknown }[];
}

async function cancelBatch(
  parts: CancelingParts,
  request: CancelOpenOrders,
  rows: readonly OrderRow[],
  { context, total }: { readonly context: CommandContext; readonly total: Total },
): Promise<void> {
  const settled = await Promise.allSettled(rows.map((row) => cancelOne(parts, request, row, context)));
  for (const [index, one] of settled.entries()) {
    if (one.status === 'fulfilled') total[one.value] += 1;
    else total.failed.push({ orderId: rows[index]?.orderId ?? '', error: one.reason });
  }
}

async function cancelOne(
  { orders }: CancelingParts,
  { reason, cause }: CancelOpenOrders,
  { orderId }: OrderRow,
  context: CommandContext,
): Promise<'asked' | 'refused'> {
  const name = `cancel ${cause}`;
  const outcome = await orders.handle(
    orderStream(orderId),
    { do: 'request-cancel', requestId: requestId(name), reason },
    { ...context, key: ownKey(name, { reason }) },
  );
  if (outcome.outcome === 'unchanged') return 'asked';
  if (outcome.outcome === 'key-reused') return 'refused';
  return outcome.events.some(({ type }) => type === 'CancelRejected') ? 'refused' : 'asked';
}
