import { logChange, streamOf } from '../../platform/change-feed/records.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { type BusConsumer, type BusDelivery, isFromBus, subscribed } from './shared/bus-entries.ts';
import { type BatchAnswer, type BatchConsumer, type ChangeBatch, delivered } from './shared/batches.ts';

export interface VenueReportsConsumerDependencies extends BatchConsumer, BusConsumer {
  readonly consumer: BatchConsumer['consumer'] & BusConsumer['consumer'];
  readonly clock: Clock;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

/**
 * Applies what a venue reported where a crash kept it from being applied when it was recorded. Most records are of other streams and
 * are not even decoded, most of the others are applied already. Tampering is the views' to tell: they are handed the same records.
 */
export function venueReportsConsumer(dependencies: VenueReportsConsumerDependencies) {
  const { consumer, clock, batchMs } = dependencies;
  return async (delivery: ChangeBatch | BusDelivery): Promise<BatchAnswer> => {
    if (isFromBus(delivery)) return subscribed(dependencies, delivery, deadlineIn(batchMs, clock));
    const { Records } = delivery;
    const records = Records.filter((record) => consumer.takes(streamOf(record)))
      .map((record) => ({ record, change: logChange(record) }))
      .filter(({ change }) => change.change !== 'tampered');
    if (records.length === 0) return { batchItemFailures: [] };
    return delivered(dependencies, records, deadlineIn(batchMs, clock));
  };
}
