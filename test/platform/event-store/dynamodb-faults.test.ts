import { once } from 'node:events';
import { createServer } from 'node:http';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ItemChange } from '../../../domain/account/items.ts';
import { type Clock, systemClock } from '../../../platform/clock/clock.ts';
import { type Deadline, deadlineIn } from '../../../platform/deadline/deadline.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { retryLimits } from '../../../platform/event-store/dynamodb-calls.ts';
import { StoreRejected, StoreUnavailable } from '../../../platform/event-store/errors.ts';
import type { StoreTables } from '../../../platform/event-store/tables.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import { type Fault, type FaultPlan, injectFaults, inTurn } from '../../support/faulty-dynamodb.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';

/** Pauses take no time, so that many retries can be tried quickly. */
const hasty: Clock = { ...systemClock, sleep: async () => {} };

await onDynamoDb('DynamoDB that loses answers and turns calls away', (endpoint) => {
  let tables: StoreTables;
  let client: DynamoDBClient;
  let meter: ConsumedCapacityMeter;
  let store: DynamoDbEventStore;
  let plan: FaultPlan;
  let tokens: string[];

  beforeAll(async () => {
    const healthy = localClient(endpoint);
    tables = await newTables(healthy);
    healthy.destroy();
  });
  beforeEach(() => {
    client = localClient(endpoint);
    plan = () => undefined;
    tokens = [];
    client.middlewareStack.add(
      (next) => (call) => {
        if ('ClientRequestToken' in call.input) tokens.push(String(call.input.ClientRequestToken));
        return next(call);
      },
      { step: 'initialize', name: 'tokens', priority: 'high' },
    );
    injectFaults(client, (command) => plan(command));
    meter = new ConsumedCapacityMeter(client);
    store = storeOn(tables);
  });
  afterEach(() => client.destroy());

  const storeOn = (names: StoreTables): DynamoDbEventStore =>
    new DynamoDbEventStore({ client, tables: names, clock: hasty, random: systemRandom });
  const soon = (): Deadline => deadlineIn(10_000, systemClock);
  const fresh = (): ReturnType<typeof aCommit> => aCommit({ stream: `order-${anId()}`, commitId: anId() });
  const key = (owner: string): ItemChange['key'] => ({ owner, name: 'account' });
  const cash = async (owner: string): Promise<unknown> =>
    (await store.readItem(key(owner), soon()))?.['cash'];
  const spend = (owner: string, amount: number): ItemChange => ({
    key: key(owner),
    conditions: [{ attribute: 'cash', is: '>=', value: amount }],
    add: { cash: -amount },
  });
  const account = async (amount: number): Promise<string> => {
    const owner = `account-${anId()}`;
    await store.append([fresh()], [{ key: key(owner), conditions: [], set: { cash: amount } }], soon());
    return owner;
  };

  test('a put whose answer was lost within the SDK is recognised as our own', async () => {
    const commit = fresh();
    plan = inTurn('answer-lost-in-sdk');
    expect(await store.append([commit], [], soon())).toEqual({ outcome: 'repeated' });
    expect(await store.read(commit.stream, 1, soon())).toEqual([commit]);
  });

  test('a put whose answer never came is unavailable, and recognised as our own when sent again', async () => {
    const commit = fresh();
    plan = inTurn('answer-lost');
    await expect(store.append([commit], [], soon())).rejects.toThrow(StoreUnavailable);
    expect(await store.append([commit], [], soon())).toEqual({ outcome: 'repeated' });
  });

  test('a transaction whose answer was lost within the SDK takes the money once', async () => {
    const owner = await account(5);
    const commit = fresh();
    plan = inTurn('answer-lost-in-sdk');
    const result = await store.append([commit], [spend(owner, 5)], soon());
    expect(['appended', 'repeated']).toContain(result.outcome);
    expect(await cash(owner)).toBe(0);
  });

  test('a transaction whose answer never came fails both conditions when sent again, and is recognised as our own', async () => {
    const owner = await account(5);
    const commit = fresh();
    plan = inTurn('answer-lost');
    await expect(store.append([commit], [spend(owner, 5)], soon())).rejects.toThrow(StoreUnavailable);
    expect(await store.append([commit], [spend(owner, 5)], soon())).toEqual({ outcome: 'repeated' });
    expect(await cash(owner)).toBe(0);
    expect(await store.read(commit.stream, 1, soon())).toEqual([commit]);
  });

  test('a token that is said to stand for other content is replaced', async () => {
    const owner = await account(5);
    tokens.length = 0;
    plan = inTurn('mismatch', undefined);
    expect(await store.append([fresh()], [spend(owner, 5)], soon())).toEqual({ outcome: 'appended' });
    expect(await cash(owner)).toBe(0);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(2);
  });

  test('every try of one content carries the same token, and another append another one', async () => {
    const owner = await account(20);
    tokens.length = 0;
    plan = inTurn('conflict', 'conflict', undefined);
    await store.append([fresh()], [spend(owner, 5)], soon());
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
    await store.append([fresh()], [spend(owner, 5)], soon());
    expect(new Set(tokens).size).toBe(2);
  });

  test('a refusal sent again stays a refusal', async () => {
    const owner = await account(4);
    const commit = fresh();
    const refused = { outcome: 'refused', refusals: [{ key: key(owner), item: { cash: 4 } }] };
    expect(await store.append([commit], [spend(owner, 5)], soon())).toEqual(refused);
    expect(await store.append([commit], [spend(owner, 5)], soon())).toEqual(refused);
  });

  test('with six of ten transactions in conflict every spend that fits succeeds, once', async () => {
    const owner = await account(200);
    const drawn = seeded(42);
    let conflicts = 0;
    plan = (command): Fault | undefined => {
      if (command !== 'TransactWriteItemsCommand' || drawn() >= 0.6) return undefined;
      conflicts += 1;
      return 'conflict';
    };
    const commits = Array.from({ length: 30 }, fresh);
    const results = await Promise.all(
      commits.map((commit) => store.append([commit], [spend(owner, 10)], soon())),
    );
    expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(20);
    expect(results.filter(({ outcome }) => outcome === 'refused')).toHaveLength(10);
    expect(await cash(owner)).toBe(0);
    expect(conflicts).toBeGreaterThan(20);
  });

  test('a conflict that never ends is unavailable after a bounded number of attempts', async () => {
    const owner = await account(5);
    let calls = 0;
    plan = () => {
      calls += 1;
      return 'conflict';
    };
    await expect(store.append([fresh()], [spend(owner, 5)], soon())).rejects.toThrow(StoreUnavailable);
    expect(calls).toBe(retryLimits.attemptsMax);
    plan = () => undefined;
    expect(await cash(owner)).toBe(5);
  });

  test('a throttled put or read is tried again', async () => {
    const commit = fresh();
    plan = inTurn('throttle', 'throttle', undefined, 'throttle');
    expect(await store.append([commit], [], soon())).toEqual({ outcome: 'appended' });
    expect(await store.read(commit.stream, 1, soon())).toEqual([commit]);
  });

  test('retries end with the caller’s time', async () => {
    let now = 0;
    const clock: Clock = {
      ...systemClock,
      monotonicMs: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    };
    const late = new DynamoDbEventStore({
      client,
      tables,
      clock,
      random: { ...systemRandom, fraction: () => 1 },
    });
    plan = () => 'throttle';
    await expect(late.append([fresh()], [], deadlineIn(100, clock))).rejects.toThrow(StoreUnavailable);
    expect(now).toBeLessThanOrEqual(100);
    expect(now).toBeGreaterThan(0);
  });

  test('a caller without time left is told so before any call', async () => {
    meter.reset();
    await expect(store.append([fresh()], [], deadlineIn(0, systemClock))).rejects.toThrow(StoreUnavailable);
    expect(meter.requests).toBe(0);
  });

  test('an answer that does not come ends with the caller’s time', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const silent = localClient(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    const waiting = new DynamoDbEventStore({
      client: silent,
      tables,
      clock: systemClock,
      random: systemRandom,
    });
    await expect(waiting.append([fresh()], [], deadlineIn(200, systemClock))).rejects.toThrow(
      StoreUnavailable,
    );
    silent.destroy();
    server.closeAllConnections();
    server.close();
  });

  test('a table that does not exist is a fault that repeating does not mend', async () => {
    const lost = storeOn({ log: 'nowhere', items: 'nowhere' });
    await expect(lost.append([fresh()], [], soon())).rejects.toThrow(StoreRejected);
    await expect(lost.read('order-1', 1, soon())).rejects.toMatchObject({ retryable: false });
  });
});

/** Uniform in [0, 1), the same for the same seed: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
