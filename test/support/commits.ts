import { timestamp } from '../../domain/values/time.ts';
import type { Commit, StoredEvent } from '../../platform/event-store/port.ts';

let made = 0;

/** A commit id of the usual 22 characters, new with every call. */
export function anId(): string {
  made += 1;
  return `c${String(made).padStart(21, '0')}`;
}

/** The smallest commit there is, version 1 unless told otherwise. */
export function aCommit(change: Partial<Commit> = {}): Commit {
  return {
    stream: 'order-1',
    version: 1,
    events: [{ type: 'Happened', schema: 1, data: {} }],
    commitId: 'commit-1',
    at: timestamp(1_763_856_000_000_000),
    actor: { kind: 'system', id: 'test' },
    cell: 'test',
    epoch: 1,
    ...change,
  };
}

/** A commit with everything an order's commit can carry, as long as it gets in practice. */
export function fullEnvelope(): Commit {
  return aCommit({
    stream: 'order-3f2b8c1e-9a4d-5e6f-8b7a-1c2d3e4f5a6b',
    version: 12,
    commitId: 'Zk3vQm1xT8yLw0aPcRfHsg',
    commandId: 'b7Jx2KqLm9NnP4rStUvWxY',
    requestHash: 'q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8l9Z0x1C',
    at: timestamp(1_763_856_123_456_789),
    actor: {
      kind: 'client',
      id: 'yT4mNq8sVbXwZcRdEfGhJk',
      apiKeyId: 'AKf8GhJ2kLmNpQrStUvWxY',
      proof: 'api-key',
    },
    correlationId: 'Hn5pRt7vXzBdFhKmQsUwYa',
    causationId: 'Mc8eGi0kOqSuWyAbCdEfGh',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    config: 'c-2026-11-22T09-12-44',
    cell: 'ap-southeast-1',
    previousHash: 'A0b1C2d3E4f5G6h7I8j9K0l1M2n3O4p5Q6r7S8t9U0v',
  });
}

/** An event whose stored text, with type and schema, has exactly `bytes` bytes. */
export function eventOfBytes(bytes: number): StoredEvent {
  const event = { type: 'OrderExecuted', schema: 1, data: { note: '' } };
  return { ...event, data: { note: 'x'.repeat(bytes - JSON.stringify(event).length) } };
}
