import { formatAveragePrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type { OrderEvent, Refusal } from '../../domain/order/events.ts';
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
} from '../../domain/order/state.ts';
import { type AlpacaStatus, alpacaStatus } from '../../domain/order/status.ts';
import { assert } from '../../domain/values/assert.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { termsTexts, type TermsTexts } from './order-row-terms.ts';

/** Why an order or a replacement came to nothing: our reason code, or `venue_refused` with the venue's words. */
export type RowRefusal = Refusal & { readonly text?: string };

/**
 * What a client sees of one outside id of an order. Quantities and prices are exact decimal texts, times are microseconds.
 * An order that was never replaced has one row; every replacement adds one, which takes over once the venue confirms.
 */
export interface OrderRow extends TermsTexts {
  /** The id clients know: the order's own, or the one a replace introduced. */
  readonly id: string;
  /** The order's own id: its stream is `order-<orderId>`. */
  readonly orderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly strategyId?: string;
  readonly venueOrderId?: string;
  readonly status: AlpacaStatus;
  /** It can still trade, or an answer is outstanding. What lists call `open`; everything else is `closed`. */
  readonly isOpen: boolean;
  /** Of the whole order: what was filled under an earlier id counts. */
  readonly filledQuantity: string;
  readonly leavesQuantity: string;
  /** Six decimals at most; absent while nothing is filled. */
  readonly filledAveragePrice?: string;
  readonly replaces?: string;
  readonly replacedBy?: string;
  readonly refusal?: RowRefusal;
  readonly submittedAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly filledAt?: Timestamp;
  readonly canceledAt?: Timestamp;
  readonly expiredAt?: Timestamp;
  readonly failedAt?: Timestamp;
  readonly replacedAt?: Timestamp;
  /** The version of the stream that made the row what it is. */
  readonly version: number;
}

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
  if (isRejected || hasOtherIds || pendingReplace(state)) return undefined;
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
  const replacement = pendingReplace(state);
  if (replacement) {
    const row = replacementRow(fold, state, replacement, commit.version);
    rows.set(row.id, row);
  }
  return { fold, rows };
}

function nextFold(before: OrderFold, state: OrderState, event: OrderEvent, at: Timestamp): OrderFold {
  const { replacementAt, ...fold } = { ...before, state };
  if (event.type === 'OrderPlaced') return { ...fold, submittedAt: at };
  if (event.type === 'ReplaceRequested') return { ...fold, replacementAt: at };
  if (event.type === 'OrderReplaced') return { ...fold, submittedAt: replacementAt ?? at };
  const isOutstanding = state.kind === 'order' && pendingReplace(state) !== undefined;
  const kept = isOutstanding && replacementAt !== undefined ? { ...fold, replacementAt } : fold;
  if (event.type !== 'OrderRejected') return kept;
  return { ...kept, refusal: { reason: 'venue_refused', text: event.data.text } };
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
  const replacement = pendingReplace(state);
  if (!replacement || pendingReplace(after)) return [];
  if (event.type === 'OrderReplaced') return [replacedRow(before, state, replacement, commit)];
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
  return {
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
  };
}

/** The id a replace left behind, with the terms and the fills of that moment. */
function replacedRow(
  before: OrderFold,
  order: Order,
  replacement: PendingReplace,
  { at, version }: OrderCommit,
): OrderRow {
  return {
    ...currentRow(before, order, version),
    status: 'replaced',
    isOpen: false,
    leavesQuantity: '0',
    replacedBy: replacement.replacementId,
    replacedAt: at,
    updatedAt: at,
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
  const { orderId, accountId, clientOrderId, symbol, side, strategyId, requested } = denial;
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
  };
}
