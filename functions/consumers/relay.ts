import { type ChangeRecord, type LogChange, logChange } from '../../platform/change-feed/records.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { isRetryable } from '../../platform/consumer/errors.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import type { Relay } from '../../platform/event-bus/relay.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import type { BatchAnswer, ChangeBatch, ReadRecord } from './shared/batches.ts';

export interface RelayConsumerDependencies {
  readonly relay: Pick<Relay, 'relay' | 'park'>;
  readonly clock: Clock;
  /** Somebody changed or deleted what is never changed or deleted: wakes a person. Must not throw. */
  readonly onTampering: (tampering: Extract<LogChange, { change: 'tampered' }>) => void;
  /** Told why records are handed back. Must not throw. */
  readonly onFailure: (error: unknown) => void;
  /** What one batch may take: less than the function's own time, so that it can still answer. */
  readonly batchMs: number;
}

/**
 * Carries the log's change feed to the bus. Every record of the feed goes by it, so it also raises the tamper alarm. What can be
 * published later is handed back, and the feed brings it again; what never can is parked, and acknowledged.
 */
export function relayConsumer(dependencies: RelayConsumerDependencies) {
  const { clock, batchMs, onTampering, onFailure } = dependencies;
  return async ({ Records }: ChangeBatch): Promise<BatchAnswer> => {
    const records = Records.map((record) => ({ record, change: logChange(record) }));
    for (const { change } of records) if (change.change === 'tampered') onTampering(change);
    try {
      return handedBack(await relayed(dependencies, records, deadlineIn(batchMs, clock)));
    } catch (error) {
      if (!isRetryable(error)) throw error;
      onFailure(error);
      return handedBack(Records);
    }
  };
}

/** The records to bring again. */
async function relayed(
  { relay, onFailure }: RelayConsumerDependencies,
  records: readonly ReadRecord[],
  deadline: Deadline,
): Promise<readonly ChangeRecord[]> {
  const commits: Commit[] = [];
  for (const { change } of records) {
    if (change.change === 'appended') commits.push(change.commit);
    if (change.change === 'unreadable') await relay.park(change.stream, change, deadline);
  }
  const { again, error } = await relay.relay(commits, deadline);
  if (error) onFailure(error);
  const waiting = new Set(again);
  return records
    .filter(({ change }) => change.change === 'appended' && waiting.has(change.commit))
    .map(({ record }) => record);
}

function handedBack(records: readonly ChangeRecord[]): BatchAnswer {
  const failures = records.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber ?? '' }));
  return { batchItemFailures: failures };
}
