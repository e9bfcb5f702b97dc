import { roundedPrice } from '../instrument/instrument.ts';
import { assert } from '../values/assert.ts';
import { requestId } from '../values/ids.ts';
import type { ElectStop } from './commands.ts';
import type { OrderEvent, ReplaceRequested } from './events.ts';
import { evolveOrder } from './evolve.ts';
import { isReached, type StopLeg } from './linked.ts';
import { confirmed } from './requests.ts';
import { withPosting } from './settle.ts';
import { isWithUs, type Order, type OrderState, waitingStopLeg, waitsForEntry } from './state.ts';
import type { Price } from '../values/price.ts';
import { worstPrice } from './terms.ts';

/**
 * The market has reached a pair's stop: the order that works at the venue as take profit is asked to take the stop's terms, a limit
 * at which it trades at once. Once elected it stays so: while another request is outstanding, or after the venue refused, the next
 * price asks again.
 */
export function electStop(command: ElectStop, state: OrderState): readonly OrderEvent[] {
  if (state.kind !== 'order' || state.phase.name === 'closed' || waitsForEntry(state)) return [];
  const leg = waitingStopLeg(state);
  // On a finer grid than the order's own a price between two of its ticks has not reached the further one.
  const price = roundedPrice(command.price, state.contract, state.side === 'sell' ? 'up' : 'down');
  if (!leg || price === undefined || !isElected(leg, state, price)) return [];
  const elected: readonly OrderEvent[] = leg.elected
    ? []
    : [{ type: 'StopElected', schema: 1, data: { price } }];
  if (state.pending.length > 0) return elected;
  const asked = takeover(leg, state);
  if (!isWithUs(state)) return [...elected, asked];
  const pending = evolveOrder(state, asked, state.times.updatedAt);
  return [...elected, asked, confirmed(pending, asked.data)];
}

function isElected({ elected, terms }: StopLeg, { side }: Order, price: Price): boolean {
  assert(terms.stopPrice !== undefined, 'a stop loss has a stop price');
  return elected === true || isReached(terms.stopPrice, side, price);
}

/** Adds nothing to the day: the pair was counted at the worse of its two prices when it was placed. */
function takeover(leg: StopLeg, order: Order): ReplaceRequested {
  const limitPrice = worstPrice(leg.terms);
  assert(limitPrice !== undefined, 'a stop loss has a limit or a protection price');
  const { timeInForce, orderQuantity } = order.terms;
  return withPosting(order, {
    type: 'ReplaceRequested',
    schema: 1,
    data: {
      requestId: requestId(`${leg.orderId} ${leg.attempts + 1}`),
      replacementId: leg.orderId,
      clientOrderId: leg.clientOrderId,
      terms: { orderType: 'limit', timeInForce, orderQuantity, limitPrice },
      dayNotional: 0,
      day: leg.day,
      leg: 'stop_loss',
    },
  });
}
