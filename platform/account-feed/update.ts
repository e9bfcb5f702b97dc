import { formatPrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { Order } from '../../domain/order/state.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Quantity } from '../../domain/values/quantity.ts';
import type { OrderRow } from '../views/order-row.ts';
import type { OrderStep } from '../views/order-steps.ts';

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

/**
 * What a client hears of one event, in this order; nothing where nothing changed for it. A confirmed replace is two: the id that
 * was replaced, and the new one.
 */
export function updatesOf(step: OrderStep): readonly Update[] {
  const order = rowInForce(step);
  const event = eventOf(step);
  if (!order || !event) return [];
  if (step.event.type === 'OrderReplaced') {
    const before = step.rows.get(order.replaces ?? '');
    return [...(before ? [{ event, order: before }] : []), { event: 'new', order }];
  }
  return [{ event, order, ...executionOf(step), ...reasonOf(step.event) }];
}

function rowInForce({ after, rows }: OrderStep): OrderRow | undefined {
  if (after.kind === 'order') return rows.get(after.names.outsideId);
  return after.kind === 'denied' ? rows.get(after.denial.orderId) : undefined;
}

type Named = Exclude<OrderEvent['type'], 'OrderPlaced' | 'OrderExecuted'>;

/** `undefined`: the client sees no difference. */
const events: Readonly<Record<Named, UpdateEvent | undefined>> = {
  OrderDenied: 'rejected',
  OrderHeld: 'held',
  OrderReleased: 'pending_new',
  // Alpaca has no word for a stop that has become what it is to be; its terms in force are other ones.
  OrderTriggered: 'restated',
  OrderAccepted: 'new',
  OrderRejected: 'rejected',
  CancelRequested: 'pending_cancel',
  CancelRejected: 'order_cancel_rejected',
  OrderCanceled: 'canceled',
  ReplaceRequested: 'pending_replace',
  ReplaceRejected: 'order_replace_rejected',
  OrderReplaced: 'replaced',
  OrderRestated: 'restated',
  ExecutionBusted: 'trade_bust',
  ExecutionCorrected: 'trade_correct',
  OrderExpired: 'expired',
  OrderDoneForDay: 'done_for_day',
  SessionResumed: 'new',
  OrderStopped: 'stopped',
  OrderSuspended: 'suspended',
  OrderCalculated: 'calculated',
  ReportDisputed: undefined,
  ReportNoted: undefined,
  OrderAliased: undefined,
};

function eventOf({ event, after }: OrderStep): UpdateEvent | undefined {
  if (event.type === 'OrderPlaced') return event.data.phase === 'received' ? 'accepted' : 'pending_new';
  if (event.type !== 'OrderExecuted') return events[event.type];
  const isWhole = after.kind === 'order' && after.totals.cumulativeQuantity >= after.terms.orderQuantity;
  return isWhole ? 'fill' : 'partial_fill';
}

function executionOf({ event, after }: OrderStep): Pick<Update, 'execution'> {
  if (after.kind !== 'order') return {};
  switch (event.type) {
    case 'OrderExecuted':
    case 'ExecutionBusted': {
      const { executionId, lastQuantity, lastPrice } = event.data;
      return { execution: { executionId, ...texts(after, lastQuantity, lastPrice) } };
    }
    case 'ExecutionCorrected': {
      const { data } = event;
      const previous = {
        executionId: data.replacesExecutionId,
        ...texts(after, data.previousQuantity, data.previousPrice),
      };
      const { executionId, lastQuantity, lastPrice } = data;
      return { execution: { executionId, ...texts(after, lastQuantity, lastPrice), previous } };
    }
    default:
      return {};
  }
}

function texts({ contract }: Order, lots: Quantity, ticks: Price) {
  return { price: formatPrice(ticks, contract), quantity: formatQuantity(lots, contract) };
}

function reasonOf(event: OrderEvent): Pick<Update, 'reason' | 'text'> {
  switch (event.type) {
    case 'OrderDenied':
    case 'OrderCanceled':
      return { reason: event.data.reason };
    case 'OrderRejected':
      return { text: event.data.text };
    case 'CancelRejected':
    case 'ReplaceRejected': {
      const { reason, text } = event.data;
      return { reason, ...(text !== undefined && { text }) };
    }
    default:
      return {};
  }
}
