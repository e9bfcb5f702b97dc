import { isRetryable } from '../../../platform/consumer/errors.ts';
import type { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import { busSource } from '../../../platform/event-bus/names.ts';
import type { BusEvent } from '../../../platform/event-bus/in-process.ts';
import { type Announced, readEntry, UnreadableEntry } from '../../../platform/event-bus/read-entry.ts';
import type { BatchAnswer, ChangeBatch } from './batches.ts';

/** Messages of a queue that a rule of the bus feeds: each body is the JSON of one entry. */
export interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Entries from the bus itself, one in a call, or from a queue behind it. */
export type BusDelivery = BusEvent | QueueBatch;

export interface BusConsumer {
  readonly consumer: Pick<StreamConsumer<unknown, unknown>, 'takes' | 'deliver' | 'catchUp' | 'settle'>;
  /** Told why entries are handed back. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

interface Message {
  readonly id: string;
  readonly announced: Announced;
}

/**
 * Delivers what the bus brought, in whatever order and however often, to a consumer that trusts neither. What may succeed later is handed
 * back, and so is what cannot even be told: its queue gives it up to where somebody looks. The commit it meant is swept up.
 */
export async function subscribed(
  { consumer, onFailure }: BusConsumer,
  delivery: BusDelivery,
  deadline: Deadline,
): Promise<BatchAnswer> {
  const messages = messagesOf(delivery);
  const unreadable = messages.filter(({ announced }) => announced.announced === 'nothing');
  for (const { announced } of unreadable) if (announced.announced === 'nothing') onFailure(announced.error);
  try {
    await deliver(consumer, messages, deadline);
    return failuresOf(unreadable);
  } catch (error) {
    if (!isRetryable(error)) throw error;
    onFailure(error);
    return failuresOf(messages);
  }
}

async function deliver(
  consumer: BusConsumer['consumer'],
  messages: readonly Message[],
  deadline: Deadline,
): Promise<void> {
  const announced = messages.map((message) => message.announced);
  const commits = announced.flatMap((one) => (one.announced === 'commit' ? [one.commit] : []));
  const references = announced.flatMap((one) => (one.announced === 'reference' ? [one] : []));
  await consumer.deliver(commits, deadline);
  if (references.length === 0) return;
  await consumer.catchUp(references, deadline);
  await consumer.settle(deadline);
}

function failuresOf(messages: readonly Message[]): BatchAnswer {
  return { batchItemFailures: messages.map(({ id }) => ({ itemIdentifier: id })) };
}

function messagesOf(delivery: BusDelivery): readonly Message[] {
  if (!('Records' in delivery)) return [{ id: '', announced: announcedBy(delivery) }];
  return delivery.Records.map(({ messageId, body }) => ({ id: messageId, announced: announcedIn(body) }));
}

function announcedIn(body: string): Announced {
  try {
    return announcedBy(JSON.parse(body));
  } catch (cause) {
    return { announced: 'nothing', error: new UnreadableEntry('the message is not JSON', { cause }) };
  }
}

function announcedBy(event: unknown): Announced {
  const { source, detail } = Object(event);
  if (source === busSource) return readEntry(detail);
  return {
    announced: 'nothing',
    error: new UnreadableEntry(`the entry is of another source: ${String(source)}`),
  };
}

/** The same function may be woken by the change feed or by the bus. */
export function isFromBus(delivery: ChangeBatch | BusDelivery): delivery is BusDelivery {
  return !('Records' in delivery) || delivery.Records.some((record) => 'body' in record);
}
