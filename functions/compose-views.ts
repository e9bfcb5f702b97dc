import { MemoryAccountFeed } from '../platform/account-feed/memory.ts';
import type { AccountFeed, FeedReader } from '../platform/account-feed/port.ts';
import { feedProjection } from '../platform/account-feed/projection.ts';
import { FreshViews } from '../platform/change-feed/fresh-views.ts';
import { headByReading, LocalChangeFeed } from '../platform/change-feed/local.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { attended, type AttendedConsumer } from '../platform/consumer/attended.ts';
import { ConsumerGroup } from '../platform/consumer/consumer-group.ts';
import type { Parked, Parking } from '../platform/consumer/port.ts';
import {
  type ConsumerLimits,
  type Redriven,
  StreamConsumer,
  type StreamConsumerOptions,
} from '../platform/consumer/stream-consumer.ts';
import { sweep } from '../platform/consumer/sweep.ts';
import { defaultCallMs, deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { MemoryEventStore } from '../platform/event-store/memory.ts';
import type { Lag } from '../platform/telemetry/consumer-metrics.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { SurveillanceEffect } from '../platform/surveillance/effect.ts';
import { MemorySurveillance } from '../platform/surveillance/memory.ts';
import type { BreachBook, Surveillance } from '../platform/surveillance/port.ts';
import { surveillanceProjection } from '../platform/surveillance/projection.ts';
import { nothingWatched, type WatchInForce } from '../platform/surveillance/watch.ts';
import { MemoryViews } from '../platform/views/memory.ts';
import type { ViewReader, Views } from '../platform/views/port.ts';
import { viewProjection } from '../platform/views/projection.ts';
import { type Rebuilt, rebuild } from '../platform/views/rebuild.ts';
import type { StreamFold } from '../platform/views/stream-fold.ts';

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
  readonly feed: FeedReader;
  /** What accounts come to, and the limits they crossed. */
  readonly surveillance: BreachBook;
  /** Begins to follow, from where it stopped last, and tries once more what was parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything in the log by now is in the views. */
  drained(): Promise<void>;
  /** Compares every stream's head with what was applied and brings what is missing. */
  sweep(): ReturnType<typeof sweep>;
  /** Deletes the views and builds them again from the log. The numbers of the accounts' feeds stay as they are. */
  rebuild(): Promise<Rebuilt>;
  parked(): Promise<readonly Parked[]>;
  redrive(): Promise<Redriven>;
  /** How far they are behind the log, where that is known without asking somebody else. */
  readonly lag?: () => Promise<Lag>;
  /** False while what keeps them does not run, or does not yet run again. Absent: it runs as long as this process does. */
  readonly isWorking?: () => boolean;
  /** The same of each consumer, for whoever attends to all of them. */
  readonly attended: readonly AttendedConsumer[];
}

/** The names of `consumersOf`, for whoever only asks after them. */
export const keptConsumers = [viewProjection.name, feedProjection.name, surveillanceProjection.name] as const;

/** What the consumers beside each other keep, wherever that is. */
export interface ConsumerStores {
  readonly views: Views;
  readonly feed: AccountFeed;
  /** Absent where nobody knows what to watch: it is then behind, and goes on when somebody does. */
  readonly surveillance?: Surveillance;
}

interface Following {
  readonly log: Pick<EventStore, 'read'>;
  readonly clock: Clock;
  readonly alarms: ViewAlarms;
  readonly limits?: Partial<ConsumerLimits>;
}

/**
 * Every consumer that shares the pass over the feed. One more is a projection, its place in `ConsumerStores` for each kind of
 * store, and a line here.
 */
export function consumersOf(
  { views, feed, surveillance }: ConsumerStores,
  following: Following,
): ConsumerGroup {
  const { log, clock, limits = {} } = following;
  const common = { log, clock, limits, onParked: following.alarms.onParked };
  return new ConsumerGroup('views', [
    new StreamConsumer({ ...common, projection: viewProjection, effects: views, parking: views }),
    new StreamConsumer({ ...common, projection: feedProjection, effects: feed, parking: feed }),
    ...(surveillance ? [surveillanceConsumer({ ...common, surveillance })] : []),
  ]);
}

type SurveillanceParts = Omit<
  StreamConsumerOptions<StreamFold, SurveillanceEffect>,
  'projection' | 'effects' | 'parking'
> & { readonly surveillance: Surveillance };

function surveillanceConsumer({ surveillance, ...common }: SurveillanceParts) {
  const kept = { effects: surveillance, parking: surveillance };
  return new StreamConsumer({ ...common, ...kept, projection: surveillanceProjection });
}

/** Beside the views, `parking` for any other consumer. */
export function keepViewsInMemory(
  store: MemoryEventStore,
  clock: Clock,
  alarms: ViewAlarms,
  watch?: WatchInForce,
): KeptViews & { readonly parking: Parking } {
  const views = new MemoryViews();
  const surveillance = new MemorySurveillance(watch ?? (() => nothingWatched), clock);
  const stores: ConsumerStores = { views, feed: new MemoryAccountFeed(), ...(watch && { surveillance }) };
  const group = consumersOf(stores, { log: store, clock, alarms });
  const feed: LocalChangeFeed = new LocalChangeFeed({
    feed: store,
    head: headByReading(store, () => feed.position),
    consumer: group,
    clock,
    onFailure: alarms.onFailure,
  });
  return {
    views: new FreshViews(views, feed, clock),
    feed: stores.feed,
    surveillance,
    parking: views,
    start: async () => {
      await group.redrive(deadlineIn(longestCallMs, clock));
      await feed.start();
    },
    lag: () => feed.lag(),
    stop: () => feed.stop(),
    drained: () => feed.drained(),
    ...maintenance({ log: store, views, group, clock }),
  };
}

/** What an operator can ask for, wherever the views are. */
export function maintenance(parts: {
  readonly log: Pick<EventStore, 'heads'>;
  readonly views: Views;
  readonly group: ConsumerGroup;
  readonly clock: Clock;
}): Pick<KeptViews, 'sweep' | 'rebuild' | 'parked' | 'redrive' | 'attended'> {
  const { log, views, group, clock } = parts;
  const deadlineOf = () => deadlineIn(longestCallMs, clock);
  return {
    sweep: () => sweep(log, group.members, deadlineOf),
    rebuild: () =>
      rebuild(views, group, clock, async () => (await sweep(log, group.members, deadlineOf)).applied),
    parked: () => group.parked(deadlineIn(defaultCallMs, clock)),
    redrive: () => group.redrive(deadlineOf()),
    attended: group.members.map((member) => attended(member, clock)),
  };
}
