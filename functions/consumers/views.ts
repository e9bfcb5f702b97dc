import type { ChangeRecord, LogChange } from '../../platform/change-feed/records.ts';
import { logChange } from '../../platform/change-feed/records.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import type { StreamConsumer } from '../../platform/consumer/stream-consumer.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';

export type Tampering = Extract<LogChange, { change: 'tampered' }>;

export interface ViewsConsumerDependencies {
  readonly consumer: Pick<StreamConsumer<unknown, unknown>, 'takes' | 'deliver' | 'park'>;
  readonly clock: Clock;
  /** Somebody changed or deleted what is never changed or deleted: wakes a person. Must not throw. */
  readonly onTampering: (tampering: Tampering) => void;
  /** Told why records are handed back. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

/** What DynamoDB Streams hands a function, and what it takes for an answer: which records to bring again. */
export interface ChangeBatch {
  readonly Records: readonly ChangeRecord[];
}
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Keeps the views from the log's change feed. Records may come in any order and more than once. What fails for good is parked;
 * what may succeed later is handed back, and the feed brings it again from the first such record on.
 */
export function viewsConsumer(dependencies: ViewsConsumerDependencies) {
  return async (batch: ChangeBatch): Promise<BatchAnswer> => {
    const deadline = deadlineIn(dependencies.batchMs, dependencies.clock);
    const changes = batch.Records.map(logChange);
    for (const change of changes) if (change.change === 'tampered') dependencies.onTampering(change);
    try {
      await apply(dependencies, changes, deadline);
      return { batchItemFailures: [] };
    } catch (error) {
      if (!isRetryable(error)) throw error;
      dependencies.onFailure(error);
      return { batchItemFailures: handedBack(dependencies, batch, changes) };
    }
  };
}

async function apply(
  { consumer }: ViewsConsumerDependencies,
  changes: readonly LogChange[],
  deadline: Deadline,
): Promise<void> {
  for (const change of changes)
    if (change.change === 'unreadable' && consumer.takes(change.stream))
      await consumer.park(change.stream, change, deadline);
  const commits = changes.flatMap((change) => (change.change === 'appended' ? [change.commit] : []));
  await consumer.deliver(commits, deadline);
}

/** Everything that is ours: what was applied of it already is dropped when it comes again. */
function handedBack(
  { consumer }: ViewsConsumerDependencies,
  { Records }: ChangeBatch,
  changes: readonly LogChange[],
): BatchAnswer['batchItemFailures'] {
  return Records.flatMap(({ dynamodb }, index) => {
    const change = changes[index];
    if (!change || change.change === 'tampered') return [];
    const stream = change.change === 'appended' ? change.commit.stream : change.stream;
    return consumer.takes(stream) ? [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] : [];
  });
}
