import { logChange, streamOf } from '../../platform/change-feed/records.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { VenueConsumer } from '../../platform/venue/venue-consumer.ts';
import type { BatchAnswer, ChangeBatch } from './shared/batches.ts';
import { type BusDelivery, isFromBus, subscribed } from './shared/bus-entries.ts';

export interface VenueConsumerDependencies {
  readonly consumer: Pick<VenueConsumer, 'takes' | 'deliver' | 'catchUp' | 'settle'>;
  readonly clock: Clock;
  /** Told why records are handed back. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

/**
 * Brings orders to our own books, and what the books say into the orders. Two of these at work on one book are harmless: the second to
 * write finds the other's commit in its place. The order in which orders trade is that of the book's own stream.
 */
export function venueConsumer(dependencies: VenueConsumerDependencies) {
  const { consumer, clock, batchMs, onFailure } = dependencies;
  return async (delivery: ChangeBatch | BusDelivery): Promise<BatchAnswer> => {
    const deadline = deadlineIn(batchMs, clock);
    if (isFromBus(delivery)) return subscribed(dependencies, delivery, deadline);
    const records = delivery.Records.filter((record) => consumer.takes(streamOf(record)));
    const changes = records.map(logChange);
    try {
      await consumer.deliver(
        changes.flatMap((change) => (change.change === 'appended' ? [change.commit] : [])),
        deadline,
      );
      return { batchItemFailures: [] };
    } catch (error) {
      if (!isRetryable(error)) throw error;
      onFailure(error);
      const ids = records.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber ?? '' }));
      return { batchItemFailures: ids };
    }
  };
}
