import { logChange, streamOf } from '../../../platform/change-feed/records.ts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { type BatchAnswer, type BatchConsumer, type ChangeBatch, delivered } from './batches.ts';
import { type BusConsumer, type BusDelivery, isFromBus, subscribed } from './bus-entries.ts';

export interface KindConsumer extends BatchConsumer, BusConsumer {
  readonly consumer: BatchConsumer['consumer'] & BusConsumer['consumer'];
  readonly clock: Clock;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

/** A function for streams of some kinds, woken by the bus or the change feed: records of others are not even decoded. */
export function kindConsumer(dependencies: KindConsumer) {
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
