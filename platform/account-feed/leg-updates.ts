import { waitingStopLeg } from '../../domain/order/state.ts';
import type { OrderRow } from '../views/row.ts';
import type { OrderStep } from '../views/order-steps.ts';
import type { Update, UpdateEvent } from './update-shape.ts';

/** What a client hears of the stop loss of a pair, beside what it hears of the order in force: it has an id of its own. */
export function legUpdates({ event, before, after, rows }: OrderStep): readonly Update[] {
  if (after.kind !== 'order' || !after.stopLeg) return [];
  const told = (name: UpdateEvent, id: string | undefined): readonly Update[] => {
    const order = rows.get(id ?? '');
    return order ? [{ event: name, order }] : [];
  };
  const waiting = waitingStopLeg(after)?.orderId;
  const earlier = before.kind === 'order' ? before : undefined;
  if (event.type === 'OrderPlaced') return told('held', waiting);
  if (event.type === 'StopLegReplaced')
    return [...told('replaced', earlier?.stopLeg?.orderId), ...told('held', waiting)];
  // It takes over: what was in force until now is over.
  if (event.type === 'OrderReplaced' && after.stopLeg.working && !earlier?.stopLeg?.working)
    return told('canceled', earlier?.names.outsideId);
  const hasEnded = after.phase.name === 'closed' && earlier?.phase.name !== 'closed';
  const row: OrderRow | undefined = hasEnded ? rows.get(waiting ?? '') : undefined;
  return row ? [{ event: row.status === 'expired' ? 'expired' : 'canceled', order: row }] : [];
}
