import type { OrderEvent } from '../../domain/order/events.ts';
import { evolve as evolveTransfer } from '../../domain/transfer/evolve.ts';
import { type TransferState, unrequested } from '../../domain/transfer/state.ts';
import { assert } from '../../domain/values/assert.ts';
import { order as orderAggregate } from '../aggregates/order.ts';
import { transfer as transferAggregate } from '../aggregates/transfer.ts';
import { kindOf, type Projection } from '../consumer/port.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { Commit } from '../event-store/port.ts';
import { type Activity, fillActivity, transferActivity } from './activity.ts';
import { emptyFold, type OrderFold, type OrderRow } from './order-row.ts';
import { orderSteps, type OrderStep } from './order-steps.ts';
import { tradeChange, type TradeChange } from './trade.ts';

/** Raised with every change of what the views hold or how it is worked out: they are then built anew from the log. */
export const viewsVersion = 3;

/** What one commit changes in the views. */
export interface ViewEffect {
  readonly rows: readonly OrderRow[];
  readonly trades: readonly TradeChange[];
  readonly activities: readonly Activity[];
}

export interface TransferFold {
  readonly transfer: TransferState;
}

/** What is remembered of a stream, of whichever kind it is. */
export type ViewFold = OrderFold | TransferFold;

export type ViewProjection = Projection<ViewFold, ViewEffect>;

/** Lists of orders, positions and activities, from the streams of orders and transfers alone. */
export const viewProjection: ViewProjection = {
  name: `views-${viewsVersion}`,
  kinds: [orderAggregate.kind, transferAggregate.kind],
  initial: emptyFold,
  apply(memory, commit) {
    return kindOf(commit.stream) === transferAggregate.kind
      ? transferApplied(memory, commit)
      : orderApplied(memory, commit);
  },
  restore(stored) {
    if (!isFold(stored))
      throw new CorruptCommit('a view remembers something that is neither order nor transfer');
    return stored;
  },
};

function orderApplied(memory: ViewFold, commit: Commit) {
  assert('state' in memory, 'an order is folded from an order');
  const { fold, steps } = orderSteps(memory, commit);
  const rows = new Map(steps.flatMap((step) => [...step.rows]));
  const trading = steps.filter(({ event }) => tradeTypes.has(event.type));
  const effect = {
    rows: [...rows.values()],
    trades: trading.map(tradeIn).filter((change) => change !== undefined),
    activities: trading.map(fillActivity).filter((activity) => activity !== undefined),
  };
  return { memory: fold, effect };
}

const tradeTypes = new Set<OrderEvent['type']>(['OrderExecuted', 'ExecutionBusted', 'ExecutionCorrected']);

function tradeIn({ after, event, at }: OrderStep): TradeChange | undefined {
  return after.kind === 'order' ? tradeChange(after, event, at) : undefined;
}

function transferApplied(memory: ViewFold, { events, at, version }: Commit) {
  let state = 'transfer' in memory ? memory.transfer : unrequested;
  const activities: Activity[] = [];
  for (const [index, stored] of events.entries()) {
    const event = transferAggregate.upcast(stored);
    state = evolveTransfer(state, event, at);
    if (event.type === 'TransferCompleted' && state.kind === 'transfer')
      activities.push(transferActivity(state, { version, index }));
  }
  return { memory: { transfer: state }, effect: { rows: [], trades: [], activities } };
}

/** The consumer's name, which its cursor is stored under, vouches for the shape: it names the code that wrote it. */
function isFold(value: unknown): value is ViewFold {
  return typeof value === 'object' && value !== null && ('state' in value || 'transfer' in value);
}
