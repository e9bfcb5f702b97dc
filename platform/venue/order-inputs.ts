import { haveSameUnits } from '../../domain/instrument/instrument.ts';
import { isOpen, type Order } from '../../domain/order/state.ts';
import { unreachable } from '../../domain/values/assert.ts';
import type { OrderInput } from '../../domain/venue/book-input.ts';
import { instructionsOf, type VenueInstruction } from '../../domain/venue/instructions.ts';
import type { SelfTradePrevention } from '../../domain/venue/new-order.ts';
import type { VenueBook } from '../../domain/venue/venue-book.ts';

export type SelfTradeRule = (accountId: string) => SelfTradePrevention;

/**
 * What an order and its book have to agree on still. Asked of an order that was read after everything the book has said was brought
 * into the orders: what the order shows no answer to was not answered.
 */
export function inputsFor(
  order: Order,
  version: number,
  book: { readonly stream: string; readonly at: VenueBook },
  selfTradeRule: SelfTradeRule,
): readonly OrderInput[] {
  const { orderId } = order;
  const isWorking = book.at.standing(orderId) === 'working';
  const wanted = instructionsOf(order, version, book.stream).filter((one) => !book.at.hasTaken(one));
  const isNew = wanted.some(({ instruct }) => instruct === 'new');
  if (isWorking && !isOpen(order)) return [{ input: 'withdraw', orderId, version }];
  const wasHere = order.applied[book.stream] !== undefined;
  // Whoever entered it elsewhere, by hand, answers what it asks.
  if (!isWorking && !isNew && !wasHere) return [];
  if (!isWorking && !isNew && wasHere && order.phase.name === 'working')
    return [{ input: 'disown', orderId, version }];
  if (isNew && !haveSameUnits(order.contract, book.at.contract))
    return [{ input: 'refuse', orderId, version, text: 'units_changed' }];
  const cancel = wanted.find((one) => one.instruct === 'cancel');
  // What nobody wants any more does not trade on its way out, however long it has waited for a book.
  if (isNew && cancel) return [{ input: 'disown', orderId, version, requestId: cancel.requestId }];
  return wanted.map((instruction) => inputOf(instruction, selfTradeRule));
}

export function inputOf(instruction: VenueInstruction, selfTradeRule: SelfTradeRule): OrderInput {
  const { orderId, version } = instruction;
  switch (instruction.instruct) {
    case 'new': {
      const { accountId, side, terms } = instruction;
      const selfTradePrevention = selfTradeRule(accountId);
      return { input: 'new', orderId, version, accountId, side, terms, selfTradePrevention };
    }
    case 'cancel':
      return { input: 'cancel', orderId, version, requestId: instruction.requestId };
    case 'replace': {
      const { requestId, terms, previous } = instruction;
      return { input: 'replace', orderId, version, requestId, terms, previous };
    }
    default:
      return unreachable(instruction);
  }
}
