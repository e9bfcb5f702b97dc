import { amount, cashAttributes } from '../account/holdings.ts';
import { isCountable } from '../instrument/instrument.ts';
import { assert, unreachable } from '../values/assert.ts';
import { quantity } from '../values/quantity.ts';
import type { ApplyReport, ApplyReports, VenueReport } from './commands.ts';
import { disputed, outOfPlace } from './disputes.ts';
import type { OrderCanceled, OrderEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { execute, undo } from './executions.ts';
import { confirmed } from './requests.ts';
import { type Funds, withPosting } from './settle.ts';
import { hasApplied, type Order, type OrderState, pendingCancel, pendingReplace } from './state.ts';
import { expiryOf, isGoodTill, type Terms, waitsForTrigger, worstPrice } from './terms.ts';

/**
 * What a venue says has happened, has happened: nothing here is refused for money. A repeat decides nothing. What makes no
 * sense in the state is recorded as disputed, for somebody to look at, and changes nothing.
 */
export function applyReport(command: ApplyReport, state: OrderState): readonly OrderEvent[] {
  if (state.kind !== 'order' || hasApplied(state, command.position)) return [];
  if (command.dispute) return [disputed(command, command.dispute.reason, command.dispute.text)];
  return decideReport(command, state);
}

/** Each report meets the order as the ones before it have left it. */
export function applyReports(command: ApplyReports, state: OrderState): readonly OrderEvent[] {
  if (state.kind !== 'order') return [];
  const { observed, history = [] } = command;
  const decided: OrderEvent[] = [];
  let order: OrderState = state;
  for (const one of command.reports) {
    if (order.kind !== 'order') break;
    const events = applyReport(
      { do: 'apply-report', ...one, history: [...history, ...decided], ...(observed && { observed }) },
      order,
    );
    for (const event of events) order = evolve(order, event, state.times.updatedAt);
    decided.push(...events);
    if (observed && decided.length > 0) break;
  }
  return decided;
}

function decideReport(command: ApplyReport, order: Order): readonly OrderEvent[] {
  const { report, position } = command;
  const funds = fundsOf(command, order);
  switch (report.report) {
    case 'accept':
      return [accept(command, report, order)];
    case 'reject':
      if (order.phase.name === 'closed') return [outOfPlace(command, order)];
      return closed(
        order,
        { type: 'OrderRejected', schema: 1, data: { position, text: report.text } },
        funds,
      );
    case 'execute':
      return [execute(command, report, order, funds)];
    case 'confirm-cancel':
    case 'cancel':
      return canceled(command, report, order, funds);
    case 'reject-cancel':
      return rejectCancel(command, report, order);
    case 'confirm-replace':
      return [confirmReplace(command, order, funds)];
    case 'reject-replace':
      return rejectReplace(command, report, order, funds);
    case 'restate':
      return [restate(command, report, order, funds)];
    case 'expire':
      if (isEnded(order)) return [outOfPlace(command, order)];
      return closed(
        order,
        { type: 'OrderExpired', schema: 1, data: { position, reason: report.reason } },
        funds,
      );
    case 'done-for-day':
      return doneForDay(command, order, funds);
    case 'calculate':
      if (order.phase.name === 'closed' && order.phase.reason === 'calculated')
        return [outOfPlace(command, order)];
      return closed(order, { type: 'OrderCalculated', schema: 1, data: { position } }, funds);
    case 'bust':
    case 'correct':
      return [undo(command, report, order, funds)];
    default:
      return [flagged(command, report, order)];
  }
}

type Report<Kind extends VenueReport['report']> = Extract<VenueReport, { report: Kind }>;
type Closing = Parameters<typeof withPosting>[1];

/** Closed for good. A day order that is done for the day may still be told how it ended. */
function isEnded({ phase }: Order): boolean {
  return phase.name === 'closed' && phase.reason !== 'done_for_day';
}

/** Every request gets one answer: what is still outstanding when the order closes came too late. */
function closed(order: Order, event: Closing, funds: Funds, answered?: string): readonly OrderEvent[] {
  const unanswered = order.pending.filter(({ requestId }) => requestId !== answered);
  return [
    withPosting(order, event, funds),
    ...unanswered.map(({ request, requestId }): OrderEvent => {
      const data = { requestId, reason: 'too_late' } as const;
      return { type: request === 'cancel' ? 'CancelRejected' : 'ReplaceRejected', schema: 1, data };
    }),
  ];
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

/** An acknowledgement may arrive after a fill, or after a cancel; it never re-opens anything. */
function accept(command: ApplyReport, { venueOrderId }: Report<'accept'>, order: Order): OrderEvent {
  const rejected = order.phase.name === 'closed' && order.phase.reason === 'rejected';
  if (rejected || order.venueOrderId !== undefined) return outOfPlace(command, order);
  return { type: 'OrderAccepted', schema: 1, data: { position: command.position, venueOrderId } };
}

/** Confirmed, or canceled unasked. For an order filled meanwhile a confirmation can only mean that the cancel came too late. */
function canceled(
  command: ApplyReport,
  report: Report<'confirm-cancel' | 'cancel'>,
  order: Order,
  funds: Funds,
): readonly OrderEvent[] {
  const { position } = command;
  const request = pendingCancel(order);
  if (isEnded(order)) {
    if (!request) return [outOfPlace(command, order)];
    const data = { position, requestId: request.requestId, reason: 'too_late' } as const;
    return [{ type: 'CancelRejected', schema: 1, data }];
  }
  const asked = report.report === 'confirm-cancel' ? request : undefined;
  // We asked because its time was over: it has expired.
  if (asked?.reason === 'session_end') {
    const over = { position, reason: expiryOf(order.terms) };
    return closed(order, { type: 'OrderExpired', schema: 1, data: over }, funds, asked.requestId);
  }
  const reason = report.report === 'cancel' ? report.reason : (asked?.reason ?? 'unsolicited');
  const data = { position, reason, ...(asked && { requestId: asked.requestId }) };
  const event: OrderCanceled = { type: 'OrderCanceled', schema: 1, data };
  return closed(order, event, funds, asked?.requestId);
}

function rejectCancel(
  command: ApplyReport,
  report: Report<'reject-cancel'>,
  order: Order,
): readonly OrderEvent[] {
  const request = pendingCancel(order);
  if (!request) return [unasked(command, order)];
  return [{ type: 'CancelRejected', schema: 1, data: rejection(command, report, order, request) }];
}

function rejectReplace(
  command: ApplyReport,
  report: Report<'reject-replace'>,
  order: Order,
  funds: Funds,
): readonly OrderEvent[] {
  const request = pendingReplace(order);
  if (!request) return [unasked(command, order)];
  const data = rejection(command, report, order, request);
  return [withPosting(order, { type: 'ReplaceRejected', schema: 1, data }, funds)];
}

/** The venue's answer to a request that closing the order has answered already is no news. */
function unasked(command: ApplyReport, order: Order): OrderEvent {
  if (order.phase.name !== 'closed') return outOfPlace(command, order);
  return noted(command);
}

/** On record, and no news. */
function noted({ position, report }: ApplyReport): OrderEvent {
  return { type: 'ReportNoted', schema: 1, data: { position, report: report.report } };
}

function rejection(
  { position }: ApplyReport,
  { text }: Report<'reject-cancel' | 'reject-replace'>,
  order: Order,
  { requestId }: Order['pending'][number],
) {
  const reason = order.phase.name === 'closed' ? 'too_late' : 'venue_refused';
  return { position, requestId, reason, ...(text !== undefined && { text }) } as const;
}

function confirmReplace(command: ApplyReport, order: Order, funds: Funds): OrderEvent {
  const request = pendingReplace(order);
  if (!request) return outOfPlace(command, order);
  return confirmed(order, request, { position: command.position, funds });
}

function restate(command: ApplyReport, report: Report<'restate'>, order: Order, funds: Funds): OrderEvent {
  if (order.phase.name === 'closed') return outOfPlace(command, order);
  const { text } = report;
  const wanted = report.orderQuantity ?? order.terms.orderQuantity;
  const terms: Terms = {
    ...order.terms,
    ...(report.limitPrice !== undefined &&
      order.terms.limitPrice !== undefined && { limitPrice: report.limitPrice }),
    orderQuantity: quantity(Math.max(wanted, order.totals.cumulativeQuantity)),
  };
  const worst = worstPrice(terms) ?? 0;
  if (wanted === 0 || worst === 0 || !isCountable(terms.orderQuantity * worst, order.contract))
    return disputed(command, 'report_out_of_place', 'terms that no order can have');
  const data = { position: command.position, terms, ...(text !== undefined && { text }) };
  return withPosting(order, { type: 'OrderRestated', schema: 1, data }, funds);
}

/** Nothing more today: a good-till order keeps its hold for the next day, any other has ended. */
function doneForDay(command: ApplyReport, order: Order, funds: Funds): readonly OrderEvent[] {
  if (order.phase.name === 'closed') return [outOfPlace(command, order)];
  const event = { type: 'OrderDoneForDay', schema: 1, data: { position: command.position } } as const;
  return isGoodTill(order.terms) ? [event] : closed(order, event, funds);
}

/** Reports that only raise or lower a flag. */
function flagged(
  command: ApplyReport,
  report: Report<'resume' | 'trigger' | 'stop' | 'suspend'>,
  order: Order,
): OrderEvent {
  const { position } = command;
  const filledLate = report.report === 'resume' && order.flags.doneForDay === true;
  if (order.phase.name === 'closed' && !filledLate) return outOfPlace(command, order);
  switch (report.report) {
    case 'resume':
      return { type: 'SessionResumed', schema: 1, data: { position } };
    case 'trigger':
      if (!waitsForTrigger(order.terms))
        return disputed(command, 'report_out_of_place', `trigger for a ${order.terms.orderType} order`);
      return { type: 'OrderTriggered', schema: 1, data: { position } };
    case 'stop': {
      const { stoppedQuantity, stoppedPrice } = report;
      const data = {
        position,
        ...(stoppedQuantity !== undefined && { stoppedQuantity }),
        ...(stoppedPrice !== undefined && { stoppedPrice }),
      };
      return { type: 'OrderStopped', schema: 1, data };
    }
    case 'suspend':
      return { type: 'OrderSuspended', schema: 1, data: { position } };
    default:
      return unreachable(report);
  }
}
