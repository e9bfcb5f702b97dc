import type { BatchAnswer } from '../../functions/consumers/shared/batches.ts';
import type { QueueBatch } from '../../functions/consumers/shared/bus-entries.ts';
import { type BusEvent, eventOf } from '../../platform/event-bus/in-process.ts';
import type { Commit } from '../../platform/event-store/port.ts';

/** Entries as a queue hands them over; each message is named by its place among them. */
export function queueBatch(events: readonly BusEvent[]): QueueBatch {
  return {
    Records: events.map((event, index) => ({ messageId: String(index), body: JSON.stringify(event) })),
  };
}

/** A function behind a queue: takes entries, and gives back those that it handed back. */
export function fromQueue(handle: (batch: QueueBatch) => Promise<BatchAnswer>) {
  return async (events: readonly BusEvent[]): Promise<readonly BusEvent[]> => {
    const { batchItemFailures } = await handle(queueBatch(events));
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return events.filter((_, index) => failed.has(String(index)));
  };
}

/** Only where it is, as for a commit that is too large for the bus. */
export function referenceTo(commit: Commit): BusEvent {
  const event = eventOf(commit);
  return { ...event, detail: { ...Object(event.detail), commit: undefined } };
}
