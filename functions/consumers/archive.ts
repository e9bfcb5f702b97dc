import { objectOf, type RecordedChange } from '../../platform/archive/commit-objects.ts';
import type { Archive } from '../../platform/archive/port.ts';
import { logChange } from '../../platform/change-feed/records.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import type { Parked } from '../../platform/consumer/port.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { BatchAnswer, ChangeBatch } from './shared/batches.ts';

/** As alarms and the log know it. */
export const archiveName = 'archive';

export interface ArchiveConsumerDependencies {
  readonly cell: string;
  readonly archive: Pick<Archive, 'keep'>;
  readonly clock: Clock;
  /** Told of each record that is no readable commit and was put into the archive as it came. Must not throw. */
  readonly onParked: (consumer: string, parked: Parked) => void;
  /** Told why records are handed back. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

/**
 * Puts every batch of the log's change feed into the archive, as one object whose name follows from what is in it. A batch that comes again finds
 * itself there; one that comes again in other parts repeats commits, and a reader takes each once. What is no commit is put there as it
 * came: it holds up nothing, and an auditor sees it. The relay raises the tamper alarm.
 */
export function archiveConsumer(dependencies: ArchiveConsumerDependencies) {
  const { cell, archive, clock, batchMs, onFailure } = dependencies;
  return async ({ Records }: ChangeBatch): Promise<BatchAnswer> => {
    if (Records.length === 0) return { batchItemFailures: [] };
    const deadline = deadlineIn(batchMs, clock);
    const changes = Records.map((record) => ({ record, change: logChange(record) }));
    try {
      const { name, bytes } = await objectOf(cell, changes);
      const kept = await archive.keep(name, bytes, deadline);
      if (kept === 'kept') tellUnreadable(dependencies, changes);
      return { batchItemFailures: [] };
    } catch (error) {
      if (!isRetryable(error)) throw error;
      onFailure(error);
      // One object or none: nothing of the batch is there.
      return {
        batchItemFailures: Records.map(({ dynamodb }) => ({
          itemIdentifier: dynamodb?.SequenceNumber ?? '',
        })),
      };
    }
  };
}

function tellUnreadable(
  { clock, onParked }: ArchiveConsumerDependencies,
  changes: readonly RecordedChange[],
): void {
  for (const { change } of changes) {
    if (change.change !== 'unreadable') continue;
    const { stream, version, error } = change;
    onParked(archiveName, { stream, version, error: String(error), at: clock.now() });
  }
}
