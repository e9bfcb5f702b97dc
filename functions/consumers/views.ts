import { type LogChange, logChange } from '../../platform/change-feed/records.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { type BusConsumer, type BusDelivery, isFromBus, subscribed } from './shared/bus-entries.ts';
import { type BatchAnswer, type BatchConsumer, type ChangeBatch, delivered } from './shared/batches.ts';

export type Tampering = Extract<LogChange, { change: 'tampered' }>;

export interface ViewsConsumerDependencies extends BatchConsumer, BusConsumer {
  readonly consumer: BatchConsumer['consumer'] & BusConsumer['consumer'];
  readonly clock: Clock;
  /** Somebody changed or deleted what is never changed or deleted: wakes a person. Must not throw. */
  readonly onTampering: (tampering: Tampering) => void;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

/**
 * Keeps the views, from bus entries or from the log's change feed. They may come in any order and more than once. What fails for good is parked;
 * what may succeed later is handed back, and comes again: from the feed, from the first such record on.
 */
export function viewsConsumer(dependencies: ViewsConsumerDependencies) {
  return async (delivery: ChangeBatch | BusDelivery): Promise<BatchAnswer> => {
    const deadline = deadlineIn(dependencies.batchMs, dependencies.clock);
    if (isFromBus(delivery)) return subscribed(dependencies, delivery, deadline);
    const { Records } = delivery;
    const records = Records.map((record) => ({ record, change: logChange(record) }));
    for (const { change } of records) if (change.change === 'tampered') dependencies.onTampering(change);
    return delivered(dependencies, records, deadline);
  };
}
