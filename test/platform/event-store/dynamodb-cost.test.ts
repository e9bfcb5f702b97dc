import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ItemChange } from '../../../domain/account/items.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { type Deadline, deadlineIn } from '../../../platform/deadline/deadline.ts';
import { encodeCommit } from '../../../platform/event-store/codec.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { commitAttributes } from '../../../platform/event-store/dynamodb-attributes.ts';
import { commitBytes, writeUnits } from '../../../platform/event-store/item-size.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { withSnapshot } from '../../../platform/event-store/snapshot-policy.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { anId, eventOfBytes, fullEnvelope } from '../../support/commits.ts';
import { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import { marshalledBytes } from '../../support/marshalled-bytes.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';

await onDynamoDb('what DynamoDB bills', (endpoint) => {
  let client: DynamoDBClient;
  let meter: ConsumedCapacityMeter;
  let store: DynamoDbEventStore;
  beforeAll(async () => {
    client = localClient(endpoint);
    meter = new ConsumedCapacityMeter(client);
    const tables = await newTables(client);
    store = new DynamoDbEventStore({ client, tables, clock: systemClock, random: systemRandom });
  });
  beforeEach(() => meter.reset());
  afterAll(() => client.destroy());

  const soon = (): Deadline => deadlineIn(10_000, systemClock);
  const typical = (change: Partial<Commit> = {}): Commit => ({
    ...fullEnvelope(),
    stream: `order-${crypto.randomUUID()}`,
    commitId: anId(),
    events: [eventOfBytes(300), eventOfBytes(300)],
    ...change,
  });

  test('two events of 300 bytes in a full envelope: one request, one write unit', async () => {
    await store.append([typical()], [], soon());
    expect(meter).toMatchObject({ requests: 1, writeUnits: 1, readUnits: 0 });
  });

  test('our count of bytes is DynamoDB’s: at 1,024 one unit, at 1,025 two', async () => {
    const spare = 1024 - commitBytes(encodeCommit(typical()));
    for (const [bytes, units] of [
      [1024, 1],
      [1025, 2],
    ] as const) {
      const commit = typical({ events: [eventOfBytes(300), eventOfBytes(300 + spare + bytes - 1024)] });
      expect(commitBytes(encodeCommit(commit))).toBe(bytes);
      expect(marshalledBytes(commitAttributes(encodeCommit(commit)))).toBe(bytes);
      meter.reset();
      await store.append([commit], [], soon());
      expect(meter.writeUnits).toBe(units);
    }
  });

  test('our count of bytes is DynamoDB’s for numbers of any length', async () => {
    for (const at of [1, 10, 100, 99_999, 1_763_856_123_456_789, 9_007_199_254_740_990]) {
      const probe = typical({ at: Object(at).valueOf() });
      const spare = 1024 - commitBytes(encodeCommit(probe));
      for (const extra of [0, 1]) {
        const commit = { ...probe, stream: `order-${crypto.randomUUID()}`, commitId: anId() };
        const sized: Commit = { ...commit, events: [eventOfBytes(300), eventOfBytes(300 + spare + extra)] };
        meter.reset();
        await store.append([sized], [], soon());
        expect(meter.writeUnits).toBe(writeUnits(commitBytes(encodeCommit(sized))));
      }
    }
  });

  test('an order with its hold is one request at two units for each item', async () => {
    const change: ItemChange = {
      key: { owner: `account-${anId()}`, name: 'account' },
      conditions: [],
      add: { cash: 1 },
    };
    await store.append([typical()], [change], soon());
    expect(meter).toMatchObject({ requests: 1, writeUnits: 4 });
  });

  test('a conflict costs its write and no read', async () => {
    const commit = typical();
    await store.append([commit], [], soon());
    meter.reset();
    const late = await store.append([{ ...commit, commitId: anId() }], [], soon());
    expect(late.outcome).toBe('conflict');
    expect(meter).toMatchObject({ requests: 1, writeUnits: 1, readUnits: 0 });
  });

  test('a cold load is one request and one read unit while snapshots are free, at any length of the stream', async () => {
    const stream = `order-${crypto.randomUUID()}`;
    for (let version = 1; version <= 24; version++) {
      const commit = typical({ stream, version, events: [eventOfBytes(300)] });
      await store.append(
        [withSnapshot(commit, { fingerprint: 'f', state: { note: 'x'.repeat(200) } })],
        [],
        soon(),
      );
      meter.reset();
      const tail = await store.readTail(stream, 'f', soon());
      expect(tail).toHaveLength(1);
      expect(meter).toMatchObject({ requests: 1, readUnits: 1 });
    }
  });

  test('a cold load is two requests at most when snapshots are only the due ones', async () => {
    const stream = `order-${crypto.randomUUID()}`;
    for (let version = 1; version <= 40; version++) {
      const commit = typical({ stream, version });
      await store.append(
        [withSnapshot(commit, { fingerprint: 'f', state: { note: 'x'.repeat(2_000) } })],
        [],
        soon(),
      );
      meter.reset();
      await store.readTail(stream, 'f', soon());
      expect(meter.requests).toBeLessThanOrEqual(2);
    }
  });
});
