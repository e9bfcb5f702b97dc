import { assert } from '../../domain/values/assert.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import { transferFold } from '../aggregates/transfer-fold.ts';
import { kindOf, type Projection } from '../consumer/port.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { Commit } from '../event-store/port.ts';
import { emptyFold, type OrderFold } from './order-row.ts';
import { orderSteps, type OrderStep } from './order-steps.ts';
import { emptyTransferFold, type TransferFold, transferSteps, type TransferStep } from './transfer-steps.ts';

/** What is remembered of a stream, of whichever kind it is. */
export type StreamFold = OrderFold | TransferFold;

/** What a consumer makes of each kind of commit, when it takes orders and transfers. */
export interface Makers<Effect> {
  readonly ofOrder: (steps: readonly OrderStep[], commit: Commit) => Effect;
  readonly ofTransfer: (steps: readonly TransferStep[], commit: Commit) => Effect;
}

/** A projection of orders and transfers. Several of them share decoding and folding: see `orderSteps`. */
export function streamProjection<Effect>(
  name: string,
  { ofOrder, ofTransfer }: Makers<Effect>,
): Projection<StreamFold, Effect> {
  return {
    name,
    kinds: [orderFold.kind, transferFold.kind],
    initial: emptyFold,
    apply(memory, commit) {
      if (kindOf(commit.stream) === transferFold.kind) {
        const before = 'transfer' in memory ? memory : emptyTransferFold;
        const { fold, steps } = transferSteps(before, commit);
        return { memory: fold, effect: ofTransfer(steps, commit) };
      }
      assert('state' in memory, 'an order is folded from an order');
      const { fold, steps } = orderSteps(memory, commit);
      return { memory: fold, effect: ofOrder(steps, commit) };
    },
    restore(stored) {
      if (!isFold(stored))
        throw new CorruptCommit(`${name} remembers something that is neither order nor transfer`);
      return stored;
    },
  };
}

/** The consumer's name, which its cursor is stored under, vouches for the shape: it names the code that wrote it. */
function isFold(value: unknown): value is StreamFold {
  return typeof value === 'object' && value !== null && ('state' in value || 'transfer' in value);
}
