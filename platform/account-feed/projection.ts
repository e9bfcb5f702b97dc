import { formatQuantity } from '../../domain/instrument/instrument.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Projection } from '../consumer/port.ts';
import type { Commit } from '../event-store/port.ts';
import type { OrderStep } from '../views/order-steps.ts';
import { type StreamFold, streamProjection } from '../views/stream-fold.ts';
import type { TransferStep } from '../views/transfer-steps.ts';
import { feedName } from './names.ts';
import { type Update, updatesOf } from './update.ts';

/** Shares that one step brought or took. */
export interface ShareMove {
  readonly symbol: string;
  /** Signed decimal text. */
  readonly quantity: string;
}

/** What one step means for its account: shares first, so that what is told of them includes them. */
export interface FeedChange {
  readonly move?: ShareMove;
  readonly updates: readonly Update[];
}

/** What one commit means for the feed of its account; `accountId` is absent where it means nothing. */
export interface FeedEffect {
  readonly accountId?: string;
  readonly stream: string;
  readonly version: number;
  readonly at: Timestamp;
  readonly changes: readonly FeedChange[];
}

/**
 * Numbers the updates of each account's orders. Follows transfers too, for the shares they move. The name has a number that stays:
 * under another one every account's feed would begin again.
 */
export const feedProjection: Projection<StreamFold, FeedEffect> = streamProjection(feedName, {
  ofOrder: (steps, commit) => effectOf(commit, accountIn(steps.at(-1)?.after), steps.map(orderChange)),
  ofTransfer: (steps, commit) => effectOf(commit, accountIn(steps.at(-1)?.after), steps.map(transferChange)),
});

function effectOf(
  { stream, version, at }: Commit,
  accountId: string | undefined,
  all: readonly FeedChange[],
): FeedEffect {
  const changes = all.filter(({ move, updates }) => move !== undefined || updates.length > 0);
  const isAbout = accountId !== undefined && changes.length > 0;
  return { stream, version, at, ...(isAbout && { accountId }), changes };
}

function accountIn(state: OrderStep['after'] | TransferStep['after'] | undefined): string | undefined {
  if (state === undefined) return undefined;
  if (state.kind === 'denied') return state.denial.accountId;
  return state.kind === 'order' || state.kind === 'transfer' ? state.accountId : undefined;
}

function orderChange(step: OrderStep): FeedChange {
  const { after } = step;
  const updates = updatesOf(step);
  const bought = lotsBought(step.event);
  if (after.kind !== 'order' || bought === 0) return { updates };
  const { contract, side } = after;
  const quantity = formatQuantity(side === 'buy' ? bought : -bought, contract);
  return { move: { symbol: contract.symbol, quantity }, updates };
}

function lotsBought({ type, data }: OrderEvent): number {
  if (type === 'OrderExecuted') return data.lastQuantity;
  if (type === 'ExecutionBusted') return -data.lastQuantity;
  return type === 'ExecutionCorrected' ? data.lastQuantity - data.previousQuantity : 0;
}

function transferChange({ event, after }: TransferStep): FeedChange {
  const isShares = after.kind === 'transfer' && after.asset.kind === 'shares';
  if (event.type !== 'TransferCompleted' || !isShares) return { updates: [] };
  const { asset, direction } = after;
  if (asset.kind !== 'shares') return { updates: [] };
  const lots = direction === 'in' ? asset.quantity : -asset.quantity;
  return {
    move: { symbol: asset.contract.symbol, quantity: formatQuantity(lots, asset.contract) },
    updates: [],
  };
}
