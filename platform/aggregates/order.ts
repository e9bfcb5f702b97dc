import { needsHistory, type OrderCommand } from '../../domain/order/commands.ts';
import { order as decider } from '../../domain/order/decide.ts';
import { effects, observe } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { OrderState } from '../../domain/order/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { orderReaders } from './order-events.ts';
import { upcastWith } from './stored-events.ts';

/**
 * One order per stream, or one alias. Raise the fingerprint with every change of `OrderState` or of what `evolve` makes of an
 * event that is stored already: old snapshots are then ignored. A test folds recorded streams and fails when it was forgotten.
 */
export const order: Aggregate<OrderCommand, OrderState, OrderEvent> = {
  ...decider,
  kind: 'order',
  fingerprint: 'order-2',
  upcast: upcastWith(orderReaders),
  effects,
  observe: (command, refusals) =>
    observe(
      command,
      refusals.map(({ key, item }) => ({ key, item })),
    ),
  taken,
  history: {
    isNeeded: needsHistory,
    given: (command, history) =>
      'position' in command || 'reports' in command ? { ...command, history } : command,
  },
};

/** A replace, or an order with legs, begins other streams: an outside id it asks for has been used. */
function taken(command: OrderCommand): OrderCommand {
  return command.do === 'request-replace' || command.do === 'place' ? { ...command, taken: true } : command;
}
