import type { OrderEvent } from '../../domain/order/events.ts';
import { evolve } from '../../domain/order/evolve.ts';
import { type OrderState, unborn } from '../../domain/order/state.ts';
import type { Foldable } from '../command-handler/aggregate.ts';
import { orderReaders } from './order-events.ts';
import { upcastWith } from './stored-events.ts';

/**
 * Orders for who only reads them. Raise the fingerprint with every change of `OrderState` or of what `evolve` makes of an event that is
 * stored already: old snapshots are then ignored. A test folds recorded streams and fails when it was forgotten.
 */
export const orderFold: Foldable<OrderState, OrderEvent> = {
  kind: 'order',
  fingerprint: 'order-2',
  initial: unborn,
  evolve,
  upcast: upcastWith(orderReaders),
};
