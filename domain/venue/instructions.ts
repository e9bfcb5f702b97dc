import { type Order, pendingCancel, pendingReplace } from '../order/state.ts';
import type { Side, Terms } from '../order/terms.ts';
import type { Contract } from '../instrument/instrument.ts';
import type { AccountId, OrderId, RequestId } from '../values/ids.ts';

/** Which order asks, and the version of its stream that it was found to ask at. */
interface Asking {
  readonly orderId: OrderId;
  readonly version: number;
}

export interface NewInstruction extends Asking {
  readonly instruct: 'new';
  readonly accountId: AccountId;
  readonly side: Side;
  readonly contract: Contract;
  readonly terms: Terms;
}

export interface CancelInstruction extends Asking {
  readonly instruct: 'cancel';
  readonly requestId: RequestId;
}

/** `previous`: the terms in force when it was asked for. The quantity is the whole order's, executed part included. */
export interface ReplaceInstruction extends Asking {
  readonly instruct: 'replace';
  readonly requestId: RequestId;
  readonly terms: Terms;
  readonly previous: Terms;
}

/**
 * What an order asks of its venue. A venue may be handed the same one any number of times: `new` is known by its order, the others by
 * their request as well.
 */
export type VenueInstruction = NewInstruction | CancelInstruction | ReplaceInstruction;

/**
 * Everything an order asks of its venue and has no answer to yet, in the order in which it asked. It follows from the order alone, so
 * that a message which was lost, repeated or overtaken changes nothing: messages only say which order to look at.
 * `reportedIn`: the stream of the venue's reports.
 */
export function instructionsOf(
  order: Order,
  version: number,
  reportedIn: string,
): readonly VenueInstruction[] {
  const { orderId, accountId, side, contract, terms } = order;
  const asking = { orderId, version };
  const instructions: VenueInstruction[] = [];
  if (order.phase.name === 'sent' && order.applied[reportedIn] === undefined)
    instructions.push({ instruct: 'new', ...asking, accountId, side, contract, terms });
  const replace = pendingReplace(order);
  if (replace)
    instructions.push({
      instruct: 'replace',
      ...asking,
      requestId: replace.requestId,
      terms: replace.terms,
      previous: terms,
    });
  const cancel = pendingCancel(order);
  if (cancel) instructions.push({ instruct: 'cancel', ...asking, requestId: cancel.requestId });
  return instructions;
}
