import { needsHistory, type OrderCommand } from '../../domain/order/commands.ts';
import { order as decider } from '../../domain/order/decide.ts';
import { effects, observe } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { OrderState } from '../../domain/order/state.ts';
import type { Aggregate } from '../command-handler/aggregate.ts';
import { orderFold } from './order-fold.ts';

/** One order per stream, or one alias. */
export const order: Aggregate<OrderCommand, OrderState, OrderEvent> = {
  ...decider,
  ...orderFold,
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
