import { FreshViews } from '../platform/change-feed/fresh-views.ts';
import { headByReading, LocalChangeFeed } from '../platform/change-feed/local.ts';
import { sqliteChangeFeed } from '../platform/change-feed/sqlite.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { StreamConsumer } from '../platform/consumer/stream-consumer.ts';
import type { LocalFeed } from '../platform/event-store/feed.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import { MemoryViews } from '../platform/views/memory.ts';
import type { ViewReader, Views } from '../platform/views/port.ts';
import { viewProjection } from '../platform/views/projection.ts';
import { SqliteViews } from '../platform/views/sqlite.ts';
import type { OpenStore } from './stores.ts';

export interface RunningViews {
  readonly reader: ViewReader;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Surroundings {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** The lists, kept by their consumer in this very process: in the log's own file where there is one, else in memory. */
export async function openViews(
  { store, feed, sqlite }: OpenStore,
  around: Surroundings,
): Promise<RunningViews> {
  if (sqlite) {
    const views = await SqliteViews.open(sqlite);
    const consumer = consumerOf(views, store, around);
    return running(views, sqliteChangeFeed(sqlite, { consumer, ...feedOptions(around) }), around);
  }
  if (!feed) throw new TypeError('a store without a feed cannot keep its lists up to date here');
  const views = new MemoryViews();
  const consumer = consumerOf(views, store, around);
  return running(views, changeFeedOf(feed, consumer, around), around);
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

function running(views: ViewReader, feed: LocalChangeFeed, { clock }: Surroundings): RunningViews {
  return {
    reader: new FreshViews(views, feed, clock),
    start: () => feed.start(),
    stop: () => feed.stop(),
  };
}
