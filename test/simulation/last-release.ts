import type { OrderCommand } from '../../domain/order/commands.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { OrderState } from '../../domain/order/state.ts';
import { order } from '../../platform/aggregates/order.ts';
import type { Aggregate } from '../../platform/command-handler/aggregate.ts';

export interface Wrapped {
  readonly wrapped: OrderState;
}

/**
 * The order as the release before kept it: the same rules and events, a state of another shape. Both run side by side while a
 * release is rolled out, and each finds the other's snapshots in the log.
 */
export const lastRelease: Aggregate<OrderCommand, Wrapped, OrderEvent> = {
  ...order,
  fingerprint: 'order-0',
  initial: { wrapped: order.initial },
  decide: (command, { wrapped }) => order.decide(command, wrapped),
  evolve: ({ wrapped }, event, at) => ({ wrapped: order.evolve(wrapped, event, at) }),
  effects: (command, { wrapped }, events, at) =>
    order.effects?.(command, wrapped, events, at) ?? { changes: [], beginnings: [] },
};
