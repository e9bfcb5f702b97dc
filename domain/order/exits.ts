import { none, type Quantity } from '../values/quantity.ts';
import type { ReleaseExit } from './commands.ts';
import type { CancelReason, OrderEvent, OrderReleased } from './events.ts';
import { evolve } from './evolve.ts';
import { type Demand, exitGuards, firstBroken } from './guards.ts';
import { withPosting } from './settle.ts';
import { existing, type Order, type OrderState, pendingReplace, waitsForEntry } from './state.ts';

/** Whoever ends an entry in one of these ways wants out: what waits for it ends too, whatever was filled. */
const calledOff: ReadonlySet<CancelReason> = new Set<CancelReason>([
  'requested',
  'kill_switch',
  'account_halted',
  'disconnect',
]);

/**
 * An exit's turn comes when its entry has nothing more to come, and once: for what the entry has filled. An entry that was called off
 * takes its exit with it. Said in the entry's own commit, so that it cannot be lost; a consumer carries it out.
 */
export function withExitDue(before: OrderState, events: readonly OrderEvent[]): readonly OrderEvent[] {
  if (before.kind !== 'order' || before.link?.role !== 'entry' || before.exitDue) return events;
  let state: OrderState = before;
  for (const event of events) state = evolve(state, event, before.times.updatedAt);
  const after = existing(state);
  // A venue may still let a filled entry grow.
  if (after.phase.name !== 'closed' || pendingReplace(after)) return events;
  const quantity = due(after, events);
  return [...events, { type: 'ExitDue', schema: 1, data: { exit: before.link.exit, quantity } }];
}

function due({ totals }: Order, events: readonly OrderEvent[]): Quantity {
  const isCalledOff = events.some(
    (event) => event.type === 'OrderCanceled' && calledOff.has(event.data.reason),
  );
  return isCalledOff ? none : totals.cumulativeQuantity;
}

/** What it closes is there now, unless the client has used it otherwise meanwhile: then it is canceled, never short. */
export function releaseExit(command: ReleaseExit, state: OrderState): readonly OrderEvent[] {
  if (state.kind !== 'order' || !waitsForEntry(state)) return [];
  if (command.quantity === 0) return [canceled('linked_order')];
  const released = atItsTurn(command, state);
  const broken = firstBroken(
    exitGuards(command, demandOfExit(command, state, released), state.epoch),
    command.observed,
  );
  return [broken ? canceled('not_covered') : released];
}

function canceled(reason: CancelReason): OrderEvent {
  return { type: 'OrderCanceled', schema: 1, data: { reason } };
}

function atItsTurn({ quantity, session }: ReleaseExit, order: Order): OrderReleased {
  const data = {
    ...(session === 'closed' && { phase: 'received' as const }),
    terms: { ...order.terms, orderQuantity: quantity },
  };
  return withPosting(order, { type: 'OrderReleased', schema: 1, data });
}

export function demandOfExit(
  { positionMax }: ReleaseExit,
  order: Order,
  { data: { posting } }: OrderReleased,
): Demand {
  return {
    side: order.side,
    contract: order.contract,
    cash: posting?.cash?.held ?? 0,
    shares: posting?.shares?.held ?? 0,
    exposure: posting?.exposure ?? 0,
    newOpenOrders: 0,
    dayNotional: 0,
    day: '',
    positionMax,
  };
}
