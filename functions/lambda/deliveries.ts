import type { Context } from 'aws-lambda';
import { longestCallMs } from '../../platform/deadline/deadline.ts';
import type { BatchAnswer, ChangeBatch } from '../consumers/shared/batches.ts';
import type { BusDelivery } from '../consumers/shared/bus-entries.ts';
import type { FunctionEntry } from '../manifest.ts';
import { type Invoked, invoked } from './invocation.ts';
import { stand, type Standing } from './standing.ts';

type Delivery = ChangeBatch | BusDelivery;

/** What a batch may take: it is given anew with each call, since a call knows how much time it has. */
export type Deliver<Batch> = (batch: Batch, batchMs: number) => Promise<BatchAnswer>;

/** For handing back what was not done: without an answer Lambda brings all of it again. */
const answerMs = 1_000;

export function batchMsIn(context: Pick<Context, 'getRemainingTimeInMillis'>): number {
  return Math.min(longestCallMs, Math.max(0, context.getRemainingTimeInMillis() - answerMs));
}

/** A function that the bus wakes, through its queue. */
export function deliveryFunction(
  { rights }: FunctionEntry,
  compose: (on: Standing) => Deliver<Delivery>,
): Invoked<Delivery, BatchAnswer> {
  return invoked({
    compose: async (surroundings) => {
      const standing = await stand(surroundings, rights);
      const deliver = compose(standing);
      const { config } = standing;
      return { handle: (batch: Delivery, context) => deliver(batch, batchMsIn(context)), config };
    },
  });
}
