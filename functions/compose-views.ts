import { FreshViews } from '../platform/change-feed/fresh-views.ts';
import { headByReading, LocalChangeFeed } from '../platform/change-feed/local.ts';
import { sqliteChangeFeed } from '../platform/change-feed/sqlite.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { attended, type AttendedConsumer } from '../platform/consumer/attended.ts';
import type { Parked, Parking } from '../platform/consumer/port.ts';
import { StreamConsumer } from '../platform/consumer/stream-consumer.ts';
import { defaultCallMs, deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { MemoryEventStore } from '../platform/event-store/memory.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import { MemoryViews } from '../platform/views/memory.ts';
import type { ViewReader, Views } from '../platform/views/port.ts';
import { type ViewEffect, viewProjection } from '../platform/views/projection.ts';
import { rebuild } from '../platform/views/rebuild.ts';
import type { StreamFold } from '../platform/views/stream-fold.ts';
import { SqliteViews } from '../platform/views/sqlite.ts';
import { sweep } from '../platform/consumer/sweep.ts';

/** Who is told of what the views' keeper meets. None of these may throw. */
export interface ViewAlarms {
  /** A commit cannot be applied: its order's row stands still until it is driven again. */
  readonly onParked: (consumer: string, parked: Parked) => void;
  /** Something did not answer; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** Views that follow the log of this process or its change feed. */
export interface KeptViews {
  readonly views: ViewReader;
  /** Beside the views, for any consumer. */
  readonly parking: Parking;
  /** Begins to follow, from where it stopped last, and tries once more what was parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything in the log by now is in the views. */
  drained(): Promise<void>;
  /** Compares every stream's head with what was applied and brings what is missing. */
  sweep(): ReturnType<typeof sweep>;
  rebuild(): ReturnType<typeof rebuild>;
  parked(): Promise<readonly Parked[]>;
  redrive(): Promise<{ readonly restored: number; readonly parked: number }>;
  /** The same for whoever attends to all consumers. */
  readonly attended: AttendedConsumer;
}

export type ViewConsumer = StreamConsumer<StreamFold, ViewEffect>;

export function viewConsumerOf(
  store: EventStore,
  views: Views,
  clock: Clock,
  alarms: ViewAlarms,
): ViewConsumer {
  const { onParked } = alarms;
  return new StreamConsumer({
    projection: viewProjection,
    effects: views,
    parking: views,
    log: store,
    clock,
    onParked,
  });
}

export async function keepViewsInSqlite(
  store: SqliteEventStore,
  clock: Clock,
  alarms: ViewAlarms,
): Promise<KeptViews> {
  const views = await SqliteViews.open(store);
  const consumer = viewConsumerOf(store, views, clock, alarms);
  const feed = sqliteChangeFeed(store, { consumer, clock, onFailure: alarms.onFailure });
  return kept({ store, views, consumer, feed, clock });
}

export function keepViewsInMemory(store: MemoryEventStore, clock: Clock, alarms: ViewAlarms): KeptViews {
  const views = new MemoryViews();
  const consumer = viewConsumerOf(store, views, clock, alarms);
  const feed: LocalChangeFeed = new LocalChangeFeed({
    feed: store,
    head: headByReading(store, () => feed.position),
    consumer,
    clock,
    onFailure: alarms.onFailure,
  });
  return kept({ store, views, consumer, feed, clock });
}

function kept(parts: {
  readonly store: EventStore;
  readonly views: Views;
  readonly consumer: ViewConsumer;
  readonly feed: LocalChangeFeed;
  readonly clock: Clock;
}): KeptViews {
  const { store, views, consumer, feed, clock } = parts;
  return {
    views: new FreshViews(views, feed, clock),
    parking: views,
    start: async () => {
      await consumer.redrive(deadlineIn(longestCallMs, clock));
      await feed.start();
    },
    stop: () => feed.stop(),
    drained: () => feed.drained(),
    ...maintenance(store, views, consumer, clock),
  };
}

/** What an operator can ask for, wherever the views are. */
export function maintenance(
  store: EventStore,
  views: Views,
  consumer: ViewConsumer,
  clock: Clock,
): Pick<KeptViews, 'sweep' | 'rebuild' | 'parked' | 'redrive' | 'attended'> {
  const deadlineOf = () => deadlineIn(longestCallMs, clock);
  return {
    sweep: () => sweep(store, [consumer], deadlineOf),
    rebuild: () => rebuild(store, views, consumer, deadlineOf),
    parked: () => views.parked(consumer.name, deadlineIn(defaultCallMs, clock)),
    redrive: () => consumer.redrive(deadlineOf()),
    attended: attended(consumer, clock),
  };
}
