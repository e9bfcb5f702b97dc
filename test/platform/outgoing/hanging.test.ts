import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DynamoDbShardReader,
  createStreamsClient,
} from '../../../platform/change-feed/dynamodb-streams-api.ts';
import { createS3Client } from '../../../platform/archive/s3-client.ts';
import { S3Archive } from '../../../platform/archive/s3.ts';
import { createEventBridgeClient } from '../../../platform/event-bus/eventbridge-client.ts';
import { EventBridgePublisher } from '../../../platform/event-bus/eventbridge.ts';
import { createAppConfigClient } from '../../../platform/hot-config/appconfig-client.ts';
import { AppConfigSession } from '../../../platform/hot-config/appconfig-session.ts';
import { DynamoDbChunkStore } from '../../../platform/venue/chunk-store-dynamodb.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { type Deadline, deadlineIn, longestCallMs, unhurried } from '../../../platform/deadline/deadline.ts';
import { DynamoDbCalls, retryLimits } from '../../../platform/event-store/dynamodb-calls.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { createDynamoDbClient } from '../../../platform/event-store/dynamodb-client.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { boundedFetch } from '../../../platform/outgoing/bounded-fetch.ts';
import { signalFor } from '../../../platform/outgoing/signal.ts';
import { SecretRotation } from '../../../platform/secrets/rotation.ts';
import { createSecretsManagerClient } from '../../../platform/secrets/secrets-manager-client.ts';
import { ringIn, StoredSecret } from '../../../platform/secrets/secrets-manager.ts';
import { createGatewayClient } from '../../../platform/sockets/gateway-client.ts';
import { GatewaySockets } from '../../../platform/sockets/gateway.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { DynamoDbViews } from '../../../platform/views/dynamodb.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';
import { aCommit } from '../../support/commits.ts';
import { hangingServer, hangs, type HangingServer } from '../../support/hanging-server.ts';

const access = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const surroundings = { clock: systemClock, random: systemRandom };

/** Everything of ours that calls somebody else: one line each. */
const clients: Readonly<Record<string, (endpoint: string, deadline: Deadline) => Promise<unknown>>> = {
  'the event store, appending': (endpoint, deadline) => store(endpoint).append([aCommit()], [], deadline),
  'the event store, moving money': (endpoint, deadline) =>
    store(endpoint).append(
      [aCommit()],
      [{ key: { owner: 'a', name: 'account' }, conditions: [], set: { cash: 1 } }],
      deadline,
    ),
  'the event store, reading': (endpoint, deadline) => store(endpoint).read('order-1', 1, deadline),
  'the event store, reading an item': (endpoint, deadline) =>
    store(endpoint).readItem({ owner: 'a', name: 'account' }, deadline),
  'the change feed': (endpoint, deadline) => shards(endpoint).shards(deadline),
  'the change feed, reading records': (endpoint, deadline) =>
    shards(endpoint).records('iterator', 10, deadline),
  'the views': (endpoint, deadline) => views(endpoint).parked('views', deadline),
  'the event bus': (endpoint, deadline) => {
    const client = createEventBridgeClient({ endpoint, ...access });
    return EventBridgePublisher.open({ client, bus: 'ordercell', ...surroundings }, deadline);
  },
  'the source of configs': (endpoint, deadline) => {
    const profile = { application: 'ordercell', environment: 'live', profile: 'trading' };
    const client = createAppConfigClient({ endpoint, ...access });
    return new AppConfigSession(client, profile, systemClock).poll(deadline);
  },
  'the chunks of books': (endpoint, deadline) => {
    const client = createDynamoDbClient({ endpoint, ...access });
    return new DynamoDbChunkStore({ client, table: 'items', ...surroundings }).get('book', 'chunk', deadline);
  },
  'the archive': (endpoint, deadline) => {
    const client = createS3Client({ endpoint, forcePathStyle: true, ...access });
    const archive = new S3Archive({ client, bucket: 'archive', clock: systemClock });
    return archive.keep('commits/one', new Uint8Array(1), deadline);
  },
  'the clients of a WebSocket': (endpoint, deadline) => {
    const client = createGatewayClient({ endpoint, ...access });
    return new GatewaySockets({ client, clock: systemClock }).say('one', '{}', deadline);
  },
  'the secret of the cell': (endpoint, deadline) => {
    const client = createSecretsManagerClient({ endpoint, ...access });
    return ringIn({ client, arn: 'master', clock: systemClock }).newest(deadline);
  },
  'the rotation of the secret': (endpoint, deadline) => {
    const client = createSecretsManagerClient({ endpoint, ...access });
    const secret = new StoredSecret({ client, arn: 'master', clock: systemClock });
    return new SecretRotation(secret).step('createSecret', 'version', deadline);
  },
  'a webhook': async (endpoint, deadline) => {
    const bounds = { clock: systemClock };
    const outcome = await boundedFetch(new URL(endpoint), { method: 'POST', body: '{}' }, deadline, bounds);
    if (outcome.outcome === 'failed') throw new Error(outcome.reason, { cause: outcome.cause });
    return outcome;
  },
};

const store = (endpoint: string) =>
  new DynamoDbEventStore({
    client: createDynamoDbClient({ endpoint, ...access }),
    tables: { log: 'log', items: 'items' },
    ...surroundings,
  });
const shards = (endpoint: string) =>
  new DynamoDbShardReader({
    client: createDynamoDbClient({ endpoint, ...access }),
    streams: createStreamsClient({ endpoint, ...access }),
    table: 'log',
    ...surroundings,
  });
const views = (endpoint: string) =>
  new DynamoDbViews({
    client: createDynamoDbClient({ endpoint, ...access }),
    table: 'views',
    ...surroundings,
  });

const deadlineMs = 400;
/** What a busy machine may add; a call that is not bounded would take its tries' time: seconds. */
const graceMs = 800;

describe.each(hangs)('a server that %s', (hang) => {
  let server: HangingServer;
  beforeAll(async () => {
    server = await hangingServer(hang);
  });
  afterAll(() => server.stop());

  // They do nothing but wait.
  test.concurrent.each(Object.keys(clients))('does not keep %s past its deadline', async (name) => {
    const startedMs = performance.now();
    const call = clients[name]?.(server.address, deadlineIn(deadlineMs, systemClock));
    await expect(call).rejects.toThrow();
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(deadlineMs - 100);
    expect(tookMs).toBeLessThan(deadlineMs + graceMs);
  });
});

test.each(hangs)('a webhook that gave up keeps no connection to a server that %s', async (hang) => {
  const server = await hangingServer(hang);
  try {
    await expect(clients['a webhook']?.(server.address, deadlineIn(100, systemClock))).rejects.toThrow(
      'out_of_time',
    );
    await expect.poll(() => server.open()).toBe(0);
  } finally {
    await server.stop();
  }
});

test('a call that fails again and again is given up after the longest a call may take, also when nobody waits', async () => {
  const clock = new VirtualClock();
  const startedMs = clock.monotonicMs();
  const calls = new DynamoDbCalls(clock, systemRandom, { ...retryLimits, attemptsMax: 1_000_000 });
  const busy = calls.make(unhurried, async () => {
    clock.advance(1_000);
    throw new ProvisionedThroughputExceededException({ message: 'busy', $metadata: {} });
  });
  await expect(busy).rejects.toThrow(StoreUnavailable);
  expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(longestCallMs + 1_000);
});

test('a call nobody waits for keeps its own bound', () => {
  const signal = signalFor(unhurried, systemClock, 1);
  return expect.poll(() => signal.aborted).toBe(true);
});

test('every file that makes a client of a service is tried here', () => {
  const here = readFileSync(import.meta.filename, 'utf8');
  const makers = globSync('{platform,functions,local}/**/*.ts').filter((file) =>
    /\.\.\.awsClientLimits\b/.test(readFileSync(file, 'utf8')),
  );
  expect(makers.length).toBeGreaterThan(2);
  expect(makers.filter((file) => !here.includes(`/${basename(file)}'`))).toEqual([]);
});
