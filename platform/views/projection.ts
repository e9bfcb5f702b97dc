import type { OrderEvent } from '../../domain/order/events.ts';
import { evolve } from '../../domain/order/evolve.ts';
import { order as orderAggregate } from '../aggregates/order.ts';
import type { Projection } from '../consumer/port.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { Commit } from '../event-store/port.ts';
import { emptyFold, foldRows, type OrderCommit, type OrderFold, type OrderRow } from './order-row.ts';
import { tradeChange, type TradeChange } from './trade.ts';

/** Raised with every change of what the views hold or how it is worked out: they are then built anew from the log. */
export const viewsVersion = 2;

/** What one commit of an order changes in the views. */
export interface ViewEffect {
  readonly rows: readonly OrderRow[];
  readonly trades: readonly TradeChange[];
}

export type ViewProjection = Projection<OrderFold, ViewEffect>;

/** Lists of orders and positions, from the orders' streams alone. */
export const viewProjection: ViewProjection = {
  name: `views-${viewsVersion}`,
  kinds: [orderAggregate.kind],
  initial: emptyFold,
  apply(memory, commit) {
    const decoded = decodedOrder(commit);
    const { fold, rows } = foldRows(memory, decoded);
    return { memory: fold, effect: { rows: [...rows.values()], trades: tradesIn(memory, decoded) } };
  },
  restore(stored) {
    if (!isFold(stored)) throw new CorruptCommit('a view remembers something that is no order');
    return stored;
  },
};

/** A commit of an order with its events in today's shape. Throws `CorruptCommit`. */
export function decodedOrder(commit: Commit): OrderCommit {
  const events = commit.events.map((stored): OrderEvent => orderAggregate.upcast(stored));
  return { version: commit.version, at: commit.at, events };
}

function tradesIn(before: OrderFold, { events, at }: OrderCommit): readonly TradeChange[] {
  if (!events.some((event) => tradeTypes.has(event.type))) return [];
  const changes: TradeChange[] = [];
  let { state } = before;
  for (const event of events) {
    state = evolve(state, event, at);
    const change = state.kind === 'order' ? tradeChange(state, event, at) : undefined;
    if (change) changes.push(change);
  }
  return changes;
}

const tradeTypes = new Set<OrderEvent['type']>(['OrderExecuted', 'ExecutionBusted', 'ExecutionCorrected']);

/** The consumer's name, which its cursor is stored under, vouches for the shape: it names the code that wrote it. */
function isFold(value: unknown): value is OrderFold {
  return typeof value === 'object' && value !== null && 'state' in value;
}
