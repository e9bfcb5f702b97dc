import type { OrderId } from '../values/ids.ts';
import { quantity } from '../values/quantity.ts';
import type { MarketInput } from './book-input.ts';
import type { BookOutput } from './book-output.ts';

type Undoing = Extract<MarketInput, { input: 'bust' | 'correct' }>;

/** Takes executed lots off an order that still works here; its order quantity then, or undefined when it does not. */
type ReduceExecuted = (orderId: OrderId, lots: number) => number | undefined;

/**
 * Both sides of a trade are undone or changed as one. What an order works in the book stays as it is: with less executed, its order
 * quantity is less, and it is told so. Told first where it grows, so that the correction is no overfill; last where it shrinks, so
 * that the quantity is never below what is executed.
 */
export function undo(input: Undoing, reduceExecuted: ReduceExecuted): readonly BookOutput[] {
  const { trade, buyOrderId, sellOrderId, price, quantity: lots } = input;
  const standing = { trade, buyOrderId, sellOrderId, price, quantity: lots };
  const less = input.input === 'bust' ? lots : lots - input.correctedQuantity;
  const restated = less === 0 ? [] : restatements([buyOrderId, sellOrderId], less, reduceExecuted);
  if (input.input === 'bust') return [{ output: 'bust', ...standing }, ...restated];
  const { correctedPrice, correctedQuantity } = input;
  const corrected: BookOutput = { output: 'correction', ...standing, correctedPrice, correctedQuantity };
  return less < 0 ? [...restated, corrected] : [corrected, ...restated];
}

function restatements(
  orderIds: readonly OrderId[],
  less: number,
  reduceExecuted: ReduceExecuted,
): readonly BookOutput[] {
  return orderIds.flatMap((orderId): readonly BookOutput[] => {
    const orderQuantity = reduceExecuted(orderId, less);
    if (orderQuantity === undefined) return [];
    const report = {
      report: 'restate',
      orderQuantity: quantity(orderQuantity),
      text: 'trade_undone',
    } as const;
    return [{ output: 'report', orderId, report }];
  });
}
