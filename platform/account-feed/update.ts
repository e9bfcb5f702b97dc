import { formatPrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { Order } from '../../domain/order/state.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Quantity } from '../../domain/values/quantity.ts';
import type { OrderRow } from '../views/order-row.ts';
import type { OrderStep } from '../views/order-steps.ts';
import { legUpdates } from './leg-updates.ts';
import type { Update, UpdateEvent } from './update-shape.ts';

export { updateEvents, type Update, type UpdateEvent, type UpdateExecution } from './update-shape.ts';

/**
 * What a client hears of one event, in this order; nothing where nothing changed for it. A confirmed replace is two: the id that
 * was replaced, and the new one.
 */
export function updatesOf(step: OrderStep): readonly Update[] {
  return [...ownUpdates(step), ...legUpdates(step)];
}

function ownUpdates(step: OrderStep): readonly Update[] {
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
  // Another order's turn, and an intention: neither changes what this order shows.
  ExitDue: undefined,
  StopElected: undefined,
  // Told of the leg alone: see `legUpdates`.
  StopLegReplaced: undefined,
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
