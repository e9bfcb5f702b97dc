import { formatAveragePrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { evolve } from '../../domain/order/evolve.ts';
import {
  type DeniedOrder,
  isOpen,
  leavesQuantity,
  type Order,
  type OrderState,
  type PendingReplace,
  pendingReplace,
  unborn,
  waitingStopLeg,
} from '../../domain/order/state.ts';
import { alpacaStatus } from '../../domain/order/status.ts';
import { assert } from '../../domain/values/assert.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { groupFacts, stopLegRow, takenOver } from './leg-row.ts';
import { termsTexts } from './order-row-terms.ts';
import type { OrderRow, RowRefusal } from './row.ts';

export type { OrderRow, RowRefusal } from './row.ts';

/** What the rows need of a commit, its events in today's shape. */
export interface OrderCommit {
  readonly version: number;
  readonly at: Timestamp;
  readonly events: readonly OrderEvent[];
}

/** Everything the next commit's rows depend on: the order's state and what it does not say of the ids in use. Bounded, JSON. */
export interface OrderFold {
  readonly state: OrderState;
  /** When the id in force was asked for. */
  readonly submittedAt?: Timestamp;
  readonly refusal?: RowRefusal;
  /** When the outstanding replacement was asked for. */
  readonly replacementAt?: Timestamp;
  /** When the stop loss of a pair was asked for, as it is now. */
  readonly stopLegAt?: Timestamp;
}

export const emptyFold: OrderFold = { state: unborn };

export interface FoldedRows {
  readonly fold: OrderFold;
  /** Rows that are new or changed, by outside id, in the order the ids came to be. */
  readonly rows: ReadonlyMap<string, OrderRow>;
}

/** Every row of an order from its whole stream, the oldest id first; none for an alias stream. */
export function rowsOf(commits: readonly OrderCommit[]): readonly OrderRow[] {
  const rows = new Map<string, OrderRow>();
  let fold = emptyFold;
  for (const commit of commits) {
    const next = foldRows(fold, commit);
    for (const [id, row] of next.rows) rows.set(id, row);
    fold = next.fold;
  }
  return [...rows.values()];
}

/**
 * The row of the id in force, from the order's state alone. Undefined where the state does not know it all: an order that was
 * replaced or is about to be, one the venue rejected (its words are in the stream), an alias, nothing. `rowsOf` always knows.
 */
export function rowFromState(state: OrderState, version: number): OrderRow | undefined {
  if (state.kind === 'denied') return deniedRow(state, version);
  if (state.kind !== 'order') return undefined;
  const isRejected = state.phase.name === 'closed' && state.phase.reason === 'rejected';
  const hasOtherIds = state.names.replaces !== undefined || state.times.replacedAt !== undefined;
  if (isRejected || hasOtherIds || pendingReplace(state) || state.stopLeg?.working) return undefined;
  return currentRow({ state, submittedAt: state.times.placedAt }, state, version);
}

/** Folds one commit and gives the rows it changed. */
export function foldRows(before: OrderFold, commit: OrderCommit): FoldedRows {
  const rows = new Map<string, OrderRow>();
  let fold = before;
  for (const event of commit.events) {
    const state = evolve(fold.state, event, commit.at);
    if (state.kind === 'denied') rows.set(state.denial.orderId, deniedRow(state, commit.version));
    for (const row of endedRows(fold, state, event, commit)) rows.set(row.id, row);
    fold = nextFold(fold, state, event, commit.at);
  }
  const { state } = fold;
  if (state.kind !== 'order') return { fold, rows };
  const current = currentRow(fold, state, commit.version);
  rows.set(current.id, current);
  for (const row of otherRows(fold, state, commit.version)) rows.set(row.id, row);
  return { fold, rows };
}

/** Rows of ids that are not in force yet: what a replace asked for, and the stop loss of a pair. */
function otherRows(fold: OrderFold, order: Order, version: number): readonly OrderRow[] {
  const replacement = pendingReplace(order);
  const leg = waitingStopLeg(order);
  return [
    ...(replacement && !replacement.leg ? [replacementRow(fold, order, replacement, version)] : []),
    ...(leg ? [stopLegRow(order, leg, fold.stopLegAt ?? order.times.placedAt, version)] : []),
  ];
}

function nextFold(before: OrderFold, state: OrderState, event: OrderEvent, at: Timestamp): OrderFold {
  const { replacementAt, ...fold } = { ...before, state };
  if (event.type === 'OrderPlaced')
    return { ...fold, submittedAt: at, ...(event.data.stopLeg && { stopLegAt: at }) };
  if (event.type === 'StopLegReplaced') return { ...fold, stopLegAt: at };
  if (event.type === 'ReplaceRequested') return { ...fold, replacementAt: at };
  if (event.type === 'OrderReplaced') return { ...fold, submittedAt: submissionOf(before, at) };
  const isOutstanding = state.kind === 'order' && pendingReplace(state) !== undefined;
  const kept = isOutstanding && replacementAt !== undefined ? { ...fold, replacementAt } : fold;
  if (event.type !== 'OrderRejected') return kept;
  return { ...kept, refusal: { reason: 'venue_refused', text: event.data.text } };
}

/** Of the id that a replace brings into force. */
function submissionOf({ state, replacementAt, stopLegAt }: OrderFold, at: Timestamp): Timestamp {
  const leg = state.kind === 'order' && pendingReplace(state)?.leg;
  return (leg ? stopLegAt : replacementAt) ?? at;
}

/** The row an event ends for good: of the id that was replaced, or of a replacement that will not come. */
function endedRows(
  before: OrderFold,
  after: OrderState,
  event: OrderEvent,
  commit: OrderCommit,
): readonly OrderRow[] {
  const { state } = before;
  if (state.kind !== 'order' || after.kind !== 'order') return [];
  if (event.type === 'StopLegReplaced') return [replacedLegRow(before, state, event.data, commit)];
  const replacement = pendingReplace(state);
  if (!replacement || pendingReplace(after)) return [];
  if (event.type === 'OrderReplaced') return [replacedRow(before, state, replacement, commit)];
  // A stop loss that may not take over yet goes on waiting.
  if (replacement.leg) return [];
  const row = replacementRow(before, state, replacement, commit.version);
  const { at } = commit;
  const refusal =
    event.type === 'ReplaceRejected' ? refusalOf(event.data) : ({ reason: 'too_late' } as const);
  return [
    {
      ...row,
      status: 'rejected',
      isOpen: false,
      refusal,
      updatedAt: at,
      failedAt: at,
    },
  ];
}

function refusalOf({ reason, limit, observed, text }: RowRefusal): RowRefusal {
  return {
    reason,
    ...(limit !== undefined && { limit }),
    ...(observed !== undefined && { observed }),
    ...(text !== undefined && { text }),
  };
}

/** The row of the id in force. */
function currentRow(fold: OrderFold, order: Order, version: number): OrderRow {
  const { names, times } = order;
  const filled = order.totals.cumulativeQuantity;
  assert(fold.submittedAt !== undefined, 'an order was submitted');
  const { placedAt: _placed, replacedAt: _replaced, ...moments } = times;
  const row: OrderRow = {
    ...identity(order),
    id: names.outsideId,
    clientOrderId: names.clientOrderId,
    ...(names.replaces !== undefined && { replaces: names.replaces }),
    ...termsTexts(order.terms, order.contract),
    status: alpacaStatus(order),
    isOpen: isOpen(order),
    filledQuantity: formatQuantity(filled, order.contract),
    leavesQuantity: formatQuantity(leavesQuantity(order), order.contract),
    ...(filled > 0 && {
      filledAveragePrice: formatAveragePrice(order.totals.notional, filled, order.contract),
    }),
    ...(fold.refusal && { refusal: fold.refusal }),
    ...(order.venueOrderId !== undefined && { venueOrderId: order.venueOrderId }),
    submittedAt: fold.submittedAt,
    ...moments,
    version,
    ...groupFacts(order),
  };
  return takenOver(row, order);
}

/** The stop loss as it was before it was given other prices. */
function replacedLegRow(
  before: OrderFold,
  order: Order,
  { replacementId }: Extract<OrderEvent, { type: 'StopLegReplaced' }>['data'],
  { at, version }: OrderCommit,
): OrderRow {
  const leg = waitingStopLeg(order);
  assert(leg !== undefined, 'a stop loss is replaced that has not taken over');
  const { isArmed: _armed, ...row } = stopLegRow(order, leg, before.stopLegAt ?? at, version);
  const ended = {
    isOpen: false,
    leavesQuantity: '0',
    replacedBy: replacementId,
    replacedAt: at,
    updatedAt: at,
  };
  return { ...row, status: 'replaced', ...ended };
}

/** The id a replace left behind, with the terms and the fills of that moment. */
function replacedRow(
  before: OrderFold,
  order: Order,
  replacement: PendingReplace,
  { at, version }: OrderCommit,
): OrderRow {
  const row = { ...currentRow(before, order, version), isOpen: false, leavesQuantity: '0', updatedAt: at };
  // The take profit of a pair whose stop loss has taken over: its client replaced nothing.
  if (replacement.leg) return { ...row, status: 'canceled', canceledAt: at };
  return {
    ...row,
    status: 'replaced',
    replacedBy: replacement.replacementId,
    replacedAt: at,
  };
}

/** The id a replace asked for, until the venue answers. Fills meanwhile count under the id still in force. */
function replacementRow(fold: OrderFold, order: Order, asked: PendingReplace, version: number): OrderRow {
  const submittedAt = fold.replacementAt ?? order.times.updatedAt;
  return {
    ...identity(order),
    id: asked.replacementId,
    clientOrderId: asked.clientOrderId,
    replaces: order.names.outsideId,
    ...termsTexts(asked.terms, order.contract),
    status: 'pending_new',
    isOpen: true,
    filledQuantity: '0',
    leavesQuantity: '0',
    submittedAt,
    updatedAt: submittedAt,
    version,
  };
}

function identity(order: Order) {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.contract.symbol,
    side: order.side,
    ...(order.strategyId !== undefined && { strategyId: order.strategyId }),
  };
}

/** Clients know no other word for an order we denied than `rejected`. Its terms are what the client wrote. */
function deniedRow({ denial, deniedAt }: DeniedOrder, version: number): OrderRow {
  const { orderId, accountId, clientOrderId, symbol, side, strategyId, requested, orderClass } = denial;
  const { reason, limit, observed } = denial;
  return {
    id: orderId,
    orderId,
    accountId,
    clientOrderId,
    symbol,
    side,
    ...(strategyId !== undefined && { strategyId }),
    ...requested,
    status: 'rejected',
    isOpen: false,
    filledQuantity: '0',
    leavesQuantity: '0',
    refusal: { reason, ...(limit !== undefined && { limit }), ...(observed !== undefined && { observed }) },
    submittedAt: deniedAt,
    updatedAt: deniedAt,
    failedAt: deniedAt,
    version,
    ...(orderClass && { orderClass }),
  };
}
