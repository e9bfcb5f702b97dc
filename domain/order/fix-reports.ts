import { type Contract, formatPrice, formatQuantity } from '../instrument/instrument.ts';
import { reasons } from '../risk/reasons.ts';
import type { Price } from '../values/price.ts';
import type { OrderEvent, Refusal } from './events.ts';
import { leavesQuantity, type Order, type OrderState, pendingCancel, pendingReplace } from './state.ts';
import { type OrdStatus, ordStatus } from './status.ts';

/** FIX ExecType (150) by name, as FIX 4.4 names the values; `Triggered` is FIX 5.0's. */
export type ExecType =
  | 'New'
  | 'DoneForDay'
  | 'Canceled'
  | 'Replaced'
  | 'PendingCancel'
  | 'PendingReplace'
  | 'Stopped'
  | 'Rejected'
  | 'Suspended'
  | 'Calculated'
  | 'Expired'
  | 'Restated'
  | 'Trade'
  | 'TradeCorrect'
  | 'TradeCancel'
  | 'OrderStatus'
  | 'Triggered';

/** FIX ExecutionReport (8), under FIX's field names. Quantities and prices are exact decimal text. */
export interface ExecutionReport {
  readonly msgType: 'ExecutionReport';
  readonly execType: ExecType;
  readonly ordStatus: OrdStatus;
  readonly clOrdID: string;
  readonly origClOrdID?: string;
  readonly orderQty: string;
  readonly cumQty: string;
  readonly leavesQty: string;
  readonly lastQty: string;
  readonly lastPx?: string;
  readonly execID?: string;
  readonly execRefID?: string;
  readonly ordRejReason?: number;
  readonly text?: string;
}

/** FIX OrderCancelReject (9). */
export interface OrderCancelReject {
  readonly msgType: 'OrderCancelReject';
  readonly ordStatus: OrdStatus;
  readonly clOrdID: string;
  /** The last accepted id of the order, whatever the request named; absent where there is no order. */
  readonly origClOrdID?: string;
  readonly cxlRejResponseTo: 'OrderCancelRequest' | 'OrderCancelReplaceRequest';
  readonly cxlRejReason: number;
  readonly text: string;
}

export type FixReport = ExecutionReport | OrderCancelReject;

/** What a FIX counterparty is told of one event, if anything. FIX 4.4 volume 4, order state change matrices. */
export function reportOf(before: OrderState, event: OrderEvent, after: OrderState): FixReport | undefined {
  if (event.type === 'CancelRejected' || event.type === 'ReplaceRejected')
    return requestRejected(before, event, after);
  if (after.kind === 'denied')
    return { ...statusReport(after), execType: 'Rejected', ...refused(after.denial, 'ordRejReason') };
  if (after.kind !== 'order') return undefined;
  const told = tell(before, event, after);
  return told && { ...statusReport(after), ...told };
}

type Told = Partial<ExecutionReport> & Pick<ExecutionReport, 'execType'>;

function tell(before: OrderState, event: OrderEvent, after: Order): Told | undefined {
  const original = before.kind === 'order' ? before.names.clientOrderId : after.names.clientOrderId;
  switch (event.type) {
    case 'OrderAccepted':
      // B.1.d: acknowledges the order alone, not the cancel that overtook the acknowledgement.
      return { execType: 'New', ordStatus: ordStatus({ ...after, pending: [] }) };
    case 'OrderRejected':
      return {
        execType: 'Rejected',
        ordRejReason: reasons.venue_refused.ordRejReason,
        text: event.data.text,
      };
    case 'CancelRequested':
      if (event.data.reason !== 'requested') return { execType: 'PendingCancel' };
      return { execType: 'PendingCancel', clOrdID: event.data.requestId, origClOrdID: original };
    case 'OrderCanceled':
      if (event.data.reason !== 'requested' || event.data.requestId === undefined)
        return { execType: 'Canceled', text: event.data.reason.replaceAll('_', ' ') };
      return { execType: 'Canceled', clOrdID: event.data.requestId, origClOrdID: original };
    case 'ReplaceRequested':
      return { execType: 'PendingReplace', clOrdID: event.data.clientOrderId, origClOrdID: original };
    case 'OrderReplaced':
      return { execType: 'Replaced', origClOrdID: original };
    case 'OrderExecuted':
      return { execType: 'Trade', execID: event.data.executionId, ...last(event.data, after.contract) };
    case 'ExecutionBusted':
      return { execType: 'TradeCancel', execRefID: event.data.executionId };
    case 'ExecutionCorrected': {
      const { executionId: execID, replacesExecutionId: execRefID } = event.data;
      return { execType: 'TradeCorrect', execID, execRefID, ...last(event.data, after.contract) };
    }
    default:
      return simpleReport(event, after);
  }
}

function simpleReport(event: OrderEvent, after: Order): Told | undefined {
  switch (event.type) {
    case 'OrderTriggered':
      return { execType: 'Triggered' };
    case 'OrderRestated':
      return { execType: 'Restated', ...(event.data.text !== undefined && { text: event.data.text }) };
    case 'SessionResumed':
      return { execType: 'Restated' };
    case 'OrderExpired':
      return { execType: 'Expired' };
    case 'OrderDoneForDay':
      return { execType: 'DoneForDay' };
    case 'OrderSuspended':
      return { execType: 'Suspended' };
    case 'OrderCalculated':
      return { execType: 'Calculated' };
    case 'OrderStopped': {
      const { stoppedQuantity: lastQuantity, stoppedPrice: lastPrice } = event.data;
      return { execType: 'Stopped', ...last({ lastQuantity, lastPrice }, after.contract) };
    }
    case 'ReportDisputed':
      return { execType: 'OrderStatus', text: `${reasons[event.data.reason].sentence} ${event.data.text}` };
    case 'ReportNoted':
      return { execType: 'OrderStatus', text: `${event.data.report}: answered already; nothing changes` };
    default:
      return undefined;
  }
}

function last(
  of: { readonly lastQuantity: number | undefined; readonly lastPrice: Price | undefined },
  contract: Contract,
): Partial<ExecutionReport> {
  return {
    ...(of.lastQuantity !== undefined && { lastQty: formatQuantity(of.lastQuantity, contract) }),
    ...(of.lastPrice !== undefined && { lastPx: formatPrice(of.lastPrice, contract) }),
  };
}

/** The order as it is: what answers a status request (FIX OrderStatusRequest), or a placement that was made before. */
export function statusReport(state: OrderState, text?: string): ExecutionReport {
  return {
    msgType: 'ExecutionReport',
    execType: 'OrderStatus',
    ...standing(state),
    lastQty: '0',
    ...(text !== undefined && { text }),
  };
}

function standing(
  state: OrderState,
): Pick<ExecutionReport, 'ordStatus' | 'clOrdID' | 'orderQty' | 'cumQty' | 'leavesQty'> {
  if (state.kind !== 'order') {
    const denial = state.kind === 'denied' ? state.denial : undefined;
    return {
      ordStatus: 'Rejected',
      clOrdID: denial?.clientOrderId ?? '',
      orderQty: denial?.requested.quantity ?? '0',
      cumQty: '0',
      leavesQty: '0',
    };
  }
  const show = (lots: number) => formatQuantity(lots, state.contract);
  return {
    ordStatus: ordStatus(state),
    clOrdID: state.names.clientOrderId,
    orderQty: show(state.terms.orderQuantity),
    cumQty: show(state.totals.cumulativeQuantity),
    leavesQty: show(leavesQuantity(state)),
  };
}

/** Refuses a second order under an id that is taken: a reject of that one, with the status of the first (matrix F.1.a). */
export function duplicateReport(first: OrderState): ExecutionReport {
  return {
    ...statusReport(first),
    execType: 'Rejected',
    ...refused({ reason: 'client_order_id_taken' }, 'ordRejReason'),
  };
}

/** Refuses a cancel or replace, with the status the order has. */
export function cancelReject(
  state: OrderState,
  request: 'cancel' | 'replace',
  clOrdID: string,
  refusal: Refusal & { readonly text?: string },
): OrderCancelReject {
  const { ordStatus: status, clOrdID: origClOrdID } = standing(state);
  return {
    msgType: 'OrderCancelReject',
    ordStatus: status,
    clOrdID,
    ...(origClOrdID !== '' && { origClOrdID }),
    cxlRejResponseTo: request === 'cancel' ? 'OrderCancelRequest' : 'OrderCancelReplaceRequest',
    cxlRejReason: reasons[refusal.reason].cxlRejReason,
    text: refusal.text ?? sentenceOf(refusal),
  };
}

function requestRejected(
  before: OrderState,
  event: Extract<OrderEvent, { type: 'CancelRejected' | 'ReplaceRejected' }>,
  after: OrderState,
): OrderCancelReject | undefined {
  const { data } = event;
  const order = before.kind === 'order' ? before : undefined;
  if (event.type === 'CancelRejected') {
    const asked = order && pendingCancel(order);
    // A cancel of our own making has no client who waits for its answer.
    if (asked?.requestId === data.requestId && asked.reason !== 'requested') return undefined;
    return cancelReject(after, 'cancel', data.requestId, data);
  }
  const asked = order && pendingReplace(order);
  const clOrdID = asked?.requestId === data.requestId ? asked.clientOrderId : data.requestId;
  return cancelReject(after, 'replace', clOrdID, data);
}

function refused(refusal: Refusal, field: 'ordRejReason'): Partial<ExecutionReport> {
  return { [field]: reasons[refusal.reason].ordRejReason, text: sentenceOf(refusal) };
}

function sentenceOf({ reason, limit, observed }: Refusal): string {
  const numbers = [limit && `limit ${limit}`, observed && `observed ${observed}`].filter(Boolean);
  const { sentence } = reasons[reason];
  return numbers.length > 0 ? `${sentence} (${numbers.join(', ')})` : sentence;
}
