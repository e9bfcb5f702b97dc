import { viewsConsumer } from '../functions/consumers/views.ts';
import { FreshViews } from '../platform/change-feed/fresh-views.ts';
import { headByReading, LocalChangeFeed } from '../platform/change-feed/local.ts';
import { sqliteChangeFeed } from '../platform/change-feed/sqlite.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { StreamConsumer } from '../platform/consumer/stream-consumer.ts';
import type { LocalFeed } from '../platform/event-store/feed.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { Random } from '../platform/random/random.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import { MemoryViews } from '../platform/views/memory.ts';
import type { ViewReader, Views } from '../platform/views/port.ts';
import { viewProjection } from '../platform/views/projection.ts';
import { SqliteViews } from '../platform/views/sqlite.ts';
import type { LocalDynamoDb, OpenStore } from './stores.ts';

export interface RunningViews {
  readonly reader: ViewReader;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
}

/** What keeps views up to date, whatever feeds it. */
type Feed = Pick<LocalChangeFeed, 'caughtUp' | 'start' | 'stop'>;

/** How long the consumer may take for one batch of DynamoDB's change feed. */
const batchMs = 15_000;

/** The lists, kept by their consumer in this very process: in the log's own file, in a table beside it, or in memory. */
export async function openViews(open: OpenStore, around: Surroundings): Promise<RunningViews> {
  const { store, feed, sqlite, dynamoDb } = open;
  if (dynamoDb) return onDynamoDb(dynamoDb, store, around);
  if (sqlite) {
    const views = await SqliteViews.open(sqlite);
    const consumer = consumerOf(views, store, around);
    return running(views, sqliteChangeFeed(sqlite, { consumer, ...feedOptions(around) }), around);
  }
  if (!feed) throw new TypeError('a store without a feed cannot keep its lists up to date here');
  const views = new MemoryViews();
  return running(views, changeFeedOf(feed, consumerOf(views, store, around), around), around);
}

async function onDynamoDb(
  dynamoDb: LocalDynamoDb,
  store: EventStore,
  around: Surroundings,
): Promise<RunningViews> {
  const { DynamoDbViews } = await import('../platform/views/dynamodb.ts');
  const { DynamoDbChangeFeed } = await import('./dynamodb-change-feed.ts');
  const { clock, random, telemetry } = around;
  const views = new DynamoDbViews({ client: dynamoDb.client, table: dynamoDb.viewsTable, clock, random });
  const { onFailure } = feedOptions(around);
  const consumer = viewsConsumer({
    consumer: consumerOf(views, store, around),
    clock,
    onTampering: (tampering) =>
      telemetry.log.error('the log was tampered with', new Error(tampering.change), { ...tampering }),
    onFailure,
    batchMs,
  });
  return running(views, new DynamoDbChangeFeed({ dynamoDb, consumer, clock, onFailure }), around);
}

function changeFeedOf(
  feed: LocalFeed,
  consumer: ReturnType<typeof consumerOf>,
  around: Surroundings,
): LocalChangeFeed {
  const changeFeed: LocalChangeFeed = new LocalChangeFeed({
    feed,
    consumer,
    head: headByReading(feed, () => changeFeed.position),
    ...feedOptions(around),
  });
  return changeFeed;
}

function feedOptions({ clock, telemetry }: Surroundings) {
  return {
    clock,
    onFailure: (error: unknown) => telemetry.log.error('views not updated, trying again', error),
  };
}

function consumerOf(views: Views, log: EventStore, { clock, telemetry }: Surroundings) {
  return new StreamConsumer({
    projection: viewProjection,
    effects: views,
    parking: views,
    log,
    clock,
    onParked: (consumer, { stream, version, error }) =>
      telemetry.log.error('a commit was parked: its stream is out of the views', new Error(error), {
        consumer,
        stream,
        version,
      }),
  });
}

function running(views: ViewReader, feed: Feed, { clock }: Surroundings): RunningViews {
  return {
    reader: new FreshViews(views, feed, clock),
    start: () => feed.start(),
    stop: () => feed.stop(),
  };
}
