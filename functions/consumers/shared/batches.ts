import type { ChangeRecord, LogChange } from '../../../platform/change-feed/records.ts';
import { isRetryable } from '../../../platform/consumer/errors.ts';
import type { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';

/** What DynamoDB Streams hands a function, and what it takes for an answer: which records to bring again. */
export interface ChangeBatch {
  readonly Records: readonly ChangeRecord[];
}
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** A record with what it says. */
export interface ReadRecord {
  readonly record: ChangeRecord;
  readonly change: LogChange;
}

export interface BatchConsumer {
  readonly consumer: Pick<StreamConsumer<unknown, unknown>, 'takes' | 'deliver' | 'park'>;
  /** Told why records are handed back. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** Delivers what is a consumer's. What fails for good is parked; what may succeed later is handed back, all of it. */
export async function delivered(
  { consumer, onFailure }: BatchConsumer,
  records: readonly ReadRecord[],
  deadline: Deadline,
): Promise<BatchAnswer> {
  try {
    await deliver(consumer, records, deadline);
    return { batchItemFailures: [] };
  } catch (error) {
    if (!isRetryable(error)) throw error;
    onFailure(error);
    return { batchItemFailures: handedBack(consumer, records) };
  }
}

async function deliver(
  consumer: BatchConsumer['consumer'],
  records: readonly ReadRecord[],
  deadline: Deadline,
): Promise<void> {
  for (const { change } of records)
    if (change.change === 'unreadable' && consumer.takes(change.stream))
      await consumer.park(change.stream, change, deadline);
  const commits = records.flatMap(({ change }) => (change.change === 'appended' ? [change.commit] : []));
  await consumer.deliver(commits, deadline);
}

/** Everything that is ours: what was applied of it already is dropped when it comes again. */
function handedBack(
  consumer: BatchConsumer['consumer'],
  records: readonly ReadRecord[],
): BatchAnswer['batchItemFailures'] {
  return records.flatMap(({ record: { dynamodb }, change }) => {
    if (change.change === 'tampered') return [];
    const stream = change.change === 'appended' ? change.commit.stream : change.stream;
    return consumer.takes(stream) ? [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] : [];
  });
}
