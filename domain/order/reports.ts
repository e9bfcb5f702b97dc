import { amount, cashAttributes } from '../account/holdings.ts';
import type { Reason } from '../risk/reasons.ts';
import { assert, unreachable } from '../values/assert.ts';
import { quantity } from '../values/quantity.ts';
import type { ApplyReport, VenueReport } from './commands.ts';
import type { OrderEvent } from './events.ts';
import { applyFacts } from './evolve.ts';
import { feesOf } from './hold.ts';
import { findLiveExecution } from './history.ts';
import { type Funds, withPosting } from './settle.ts';
import { hasApplied, type Order, type OrderState, pendingCancel, pendingReplace } from './state.ts';

/**
 * What a venue says has happened, has happened: nothing here is refused for money. A repeat decides nothing. What makes no
 * sense in the state is recorded as disputed, for somebody to look at, and changes nothing.
 */
export function applyReport(command: ApplyReport, state: OrderState): readonly OrderEvent[] {
  if (state.kind !== 'order' || hasApplied(state, command.position)) return [];
  if (command.dispute) return [disputed(command, command.dispute.reason, command.dispute.text)];
  return [decideReport(command, state)];
}

function disputed({ position, report }: ApplyReport, reason: Reason, text: string): OrderEvent {
  return { type: 'ReportDisputed', schema: 1, data: { position, report: report.report, reason, text } };
}

function decideReport(command: ApplyReport, order: Order): OrderEvent {
  const { report, position } = command;
  const funds = fundsOf(command, order);
  switch (report.report) {
    case 'accept':
      return accept(command, report, order);
    case 'reject':
      if (order.phase.name === 'closed') return outOfPlace(command, order);
      return withPosting(
        order,
        { type: 'OrderRejected', schema: 1, data: { position, text: report.text } },
        funds,
      );
    case 'execute':
      return execute(command, report, order, funds);
    case 'confirm-cancel':
    case 'cancel':
      return canceled(command, report, order, funds);
    case 'reject-cancel':
      return rejectCancel(command, report, order);
    case 'confirm-replace':
      return confirmReplace(command, order, funds);
    case 'reject-replace':
      return rejectReplace(command, report, order, funds);
    case 'restate':
      return restate(command, report, order, funds);
    case 'expire':
      if (order.phase.name === 'closed') return outOfPlace(command, order);
      return withPosting(
        order,
        { type: 'OrderExpired', schema: 1, data: { position, reason: report.reason } },
        funds,
      );
    case 'calculate':
      if (order.phase.name === 'closed' && order.phase.reason === 'calculated')
        return outOfPlace(command, order);
      return withPosting(order, { type: 'OrderCalculated', schema: 1, data: { position } }, funds);
    case 'bust':
    case 'correct':
      return undo(command, report, order, funds);
    default:
      return order.phase.name === 'closed' ? outOfPlace(command, order) : flagged(report, position);
  }
}

function outOfPlace(command: ApplyReport, order: Order): OrderEvent {
  const phase = order.phase.name === 'closed' ? `closed (${order.phase.reason})` : order.phase.name;
  return disputed(command, 'report_out_of_place', `${command.report.report} for an order that is ${phase}`);
}

/** What is known of the funds because a write was refused: beyond it, a shortfall is booked. */
function fundsOf({ observed }: ApplyReport, order: Order): Funds {
  const { account, position } = observed ?? {};
  if (account)
    assert(
      amount(account, 'epoch') === order.epoch,
      'an order belongs to an account of the same epoch in this cell',
    );
  return {
    ...(account && { cash: amount(account, cashAttributes(order.contract.currency).available) }),
    ...(position && { shares: amount(position, 'available') }),
  };
}

type Report<Kind extends VenueReport['report']> = Extract<VenueReport, { report: Kind }>;

/** An acknowledgement may arrive after a fill, or after a cancel; it never re-opens anything. */
function accept(command: ApplyReport, { venueOrderId }: Report<'accept'>, order: Order): OrderEvent {
  const rejected = order.phase.name === 'closed' && order.phase.reason === 'rejected';
  if (rejected || order.venueOrderId !== undefined) return outOfPlace(command, order);
  return { type: 'OrderAccepted', schema: 1, data: { position: command.position, venueOrderId } };
}

function execute(command: ApplyReport, report: Report<'execute'>, order: Order, funds: Funds): OrderEvent {
  const { executionId, lastQuantity, lastPrice, liquidity } = report;
  const filled = order.totals.cumulativeQuantity + lastQuantity;
  const overfill = Math.min(lastQuantity, Math.max(0, filled - order.terms.orderQuantity));
  const event = {
    type: 'OrderExecuted',
    schema: 1,
    data: {
      position: command.position,
      executionId,
      lastQuantity,
      lastPrice,
      fee: 0,
      ...(liquidity && { liquidity }),
      ...(overfill > 0 && { overfill }),
    },
  } as const;
  const fee = feesOf(order, applyFacts(order, event, order.times.updatedAt).totals) - feesOf(order);
  return withPosting(order, { ...event, data: { ...event.data, fee } }, funds);
}

/** Confirmed, or canceled unasked. For an order filled meanwhile a confirmation can only mean that the cancel came too late. */
function canceled(
  command: ApplyReport,
  report: Report<'confirm-cancel' | 'cancel'>,
  order: Order,
  funds: Funds,
): OrderEvent {
  const { position } = command;
  const request = pendingCancel(order);
  if (order.phase.name === 'closed') {
    if (!request) return outOfPlace(command, order);
    return {
      type: 'CancelRejected',
      schema: 1,
      data: { position, requestId: request.requestId, reason: 'too_late' },
    };
  }
  const asked = report.report === 'confirm-cancel' ? request : undefined;
  const reason = report.report === 'cancel' ? report.reason : (asked?.reason ?? 'unsolicited');
  const data = { position, reason, ...(asked && { requestId: asked.requestId }) };
  return withPosting(order, { type: 'OrderCanceled', schema: 1, data }, funds);
}

function rejectCancel(command: ApplyReport, { text }: Report<'reject-cancel'>, order: Order): OrderEvent {
  const request = pendingCancel(order);
  if (!request) return outOfPlace(command, order);
  const reason = order.phase.name === 'closed' ? 'too_late' : 'venue_refused';
  const data = {
    position: command.position,
    requestId: request.requestId,
    reason,
    ...(text !== undefined && { text }),
  } as const;
  return { type: 'CancelRejected', schema: 1, data };
}

/** A quantity at or below what is filled already becomes the filled quantity: the order is filled. */
function confirmReplace(command: ApplyReport, order: Order, funds: Funds): OrderEvent {
  const request = pendingReplace(order);
  if (!request) return outOfPlace(command, order);
  const orderQuantity = quantity(Math.max(request.terms.orderQuantity, order.totals.cumulativeQuantity));
  const data = {
    position: command.position,
    requestId: request.requestId,
    terms: { ...request.terms, orderQuantity },
  };
  return withPosting(order, { type: 'OrderReplaced', schema: 1, data }, funds);
}

function rejectReplace(
  command: ApplyReport,
  { text }: Report<'reject-replace'>,
  order: Order,
  funds: Funds,
): OrderEvent {
  const request = pendingReplace(order);
  if (!request) return outOfPlace(command, order);
  const reason = order.phase.name === 'closed' ? 'too_late' : 'venue_refused';
  const data = {
    position: command.position,
    requestId: request.requestId,
    reason,
    ...(text !== undefined && { text }),
  } as const;
  return withPosting(order, { type: 'ReplaceRejected', schema: 1, data }, funds);
}

function restate(command: ApplyReport, report: Report<'restate'>, order: Order, funds: Funds): OrderEvent {
  if (order.phase.name === 'closed') return outOfPlace(command, order);
  const { text } = report;
  const terms = {
    ...order.terms,
    ...(report.limitPrice !== undefined &&
      order.terms.limitPrice !== undefined && { limitPrice: report.limitPrice }),
    orderQuantity: quantity(
      Math.max(report.orderQuantity ?? order.terms.orderQuantity, order.totals.cumulativeQuantity),
    ),
  };
  const data = { position: command.position, terms, ...(text !== undefined && { text }) };
  return withPosting(order, { type: 'OrderRestated', schema: 1, data }, funds);
}

function undo(
  command: ApplyReport,
  report: Report<'bust' | 'correct'>,
  order: Order,
  funds: Funds,
): OrderEvent {
  const { position } = command;
  const named = report.report === 'bust' ? report.executionId : report.replacesExecutionId;
  const live = findLiveExecution(command.history ?? [], named);
  if (!live) return disputed(command, 'execution_unknown', `no live execution ${named}`);
  const { lastQuantity, lastPrice } = live;
  if (report.report === 'bust') {
    const data = { position, executionId: named, lastQuantity, lastPrice };
    return withPosting(order, { type: 'ExecutionBusted', schema: 1, data }, funds);
  }
  const data = {
    position,
    executionId: report.executionId,
    replacesExecutionId: named,
    lastQuantity: report.lastQuantity,
    lastPrice: report.lastPrice,
    previousQuantity: lastQuantity,
    previousPrice: lastPrice,
  };
  return withPosting(order, { type: 'ExecutionCorrected', schema: 1, data }, funds);
}

/** Reports that only raise or lower a flag. */
function flagged(
  report: Report<'done-for-day' | 'resume' | 'trigger' | 'stop' | 'suspend'>,
  position: ApplyReport['position'],
): OrderEvent {
  switch (report.report) {
    case 'done-for-day':
      return { type: 'OrderDoneForDay', schema: 1, data: { position } };
    case 'resume':
      return { type: 'SessionResumed', schema: 1, data: { position } };
    case 'trigger':
      return { type: 'OrderTriggered', schema: 1, data: { position } };
    case 'stop':
      return {
        type: 'OrderStopped',
        schema: 1,
        data: { position, ...(report.stoppedPrice !== undefined && { stoppedPrice: report.stoppedPrice }) },
      };
    case 'suspend':
      return { type: 'OrderSuspended', schema: 1, data: { position } };
    default:
      return unreachable(report);
  }
}
