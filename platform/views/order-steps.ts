import type { OrderEvent } from '../../domain/order/events.ts';
import type { OrderState } from '../../domain/order/state.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import type { Commit } from '../event-store/port.ts';
import { foldRows, type OrderCommit, type OrderFold, type OrderRow } from './order-row.ts';

/** What one event made of an order, as its client sees it. */
export interface OrderStep {
  readonly event: OrderEvent;
  readonly at: Timestamp;
  readonly version: number;
  /** Which of its commit's events. */
  readonly index: number;
  readonly before: OrderState;
  readonly after: OrderState;
  /** Rows that are new or changed, by outside id. */
  readonly rows: ReadonlyMap<string, OrderRow>;
}

export interface OrderSteps {
  readonly fold: OrderFold;
  readonly steps: readonly OrderStep[];
}

interface Known extends OrderSteps {
  readonly from: OrderFold;
}

/**
 * What was worked out of a commit last. Several consumers are handed the same commits, and each starts where the one before it
 * did: decoding and folding are paid for once.
 */
const known = new WeakMap<Commit, Known>();

/** Folds one commit event by event. Throws `CorruptCommit`. */
export function orderSteps(from: OrderFold, commit: Commit): OrderSteps {
  const found = known.get(commit);
  if (found?.from === from) return found;
  const made = { from, ...stepsOf(from, decodedOrder(commit)) };
  known.set(commit, made);
  return made;
}

/** A commit of an order with its events in today's shape. Throws `CorruptCommit`. */
export function decodedOrder(commit: Commit): OrderCommit {
  const events = commit.events.map((stored): OrderEvent => orderFold.upcast(stored));
  return { version: commit.version, at: commit.at, events };
}

function stepsOf(from: OrderFold, { version, at, events }: OrderCommit): OrderSteps {
  const steps: OrderStep[] = [];
  let fold = from;
  for (const [index, event] of events.entries()) {
    const before = fold.state;
    const folded = foldRows(fold, { version, at, events: [event] });
    fold = folded.fold;
    steps.push({ event, at, version, index, before, after: fold.state, rows: folded.rows });
  }
  return { fold, steps };
}
