import { memoryKindFeed, sqliteKindFeed } from '../platform/change-feed/kind-feed.ts';
import { LocalChangeFeed } from '../platform/change-feed/local.ts';
import { attended, type AttendedConsumer } from '../platform/consumer/attended.ts';
import type { Parking } from '../platform/consumer/port.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { MemoryEventStore } from '../platform/event-store/memory.ts';
import type { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import { type ReportConsumer, reportConsumer } from '../platform/reporting/report-consumer.ts';
import { venueKind } from '../domain/venue-report/state.ts';
import type { ViewAlarms } from './compose-views.ts';
import type { Dependencies } from './dependencies.ts';

/** Whoever applies the reports that were recorded and not applied. */
export interface ReportFollower {
  /** Begins to follow the log, from where it stopped last, and tries once more what was parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when every report in the log by now is applied, or parked. */
  drained(): Promise<void>;
  /** What an operator and the sweep can do with it. */
  readonly attended: AttendedConsumer;
}

export interface FollowerParts {
  readonly dependencies: Pick<Dependencies, 'orders' | 'reporting' | 'store' | 'clock' | 'telemetry'>;
  readonly parking: Parking;
  readonly alarms: ViewAlarms;
}

/** Nobody waits for it: who records a report applies it too, unless they were stopped in between. */
export const reportLingerMs = 1_000;

export function reportConsumerOf({ dependencies, parking, alarms }: FollowerParts): ReportConsumer {
  return reportConsumer({ ...dependencies, parking, onParked: alarms.onParked });
}

export function followReportsInSqlite(store: SqliteEventStore, parts: FollowerParts): ReportFollower {
  const consumer = reportConsumerOf(parts);
  return follower(consumer, sqliteKindFeed(store, venueKind, consumer.name), parts);
}

export function followReportsInMemory(store: MemoryEventStore, parts: FollowerParts): ReportFollower {
  const consumer = reportConsumerOf(parts);
  return follower(consumer, memoryKindFeed(store, venueKind, consumer.name), parts);
}

function follower(
  consumer: ReportConsumer,
  source: ReturnType<typeof sqliteKindFeed>,
  { dependencies: { clock, telemetry }, alarms }: FollowerParts,
): ReportFollower {
  const feed = new LocalChangeFeed({
    ...source,
    consumer,
    clock,
    onFailure: alarms.onFailure,
    limits: { lingerMs: reportLingerMs },
    metrics: telemetry.metrics,
  });
  return {
    start: async () => {
      await consumer.redrive(deadlineIn(longestCallMs, clock));
      await feed.start();
    },
    stop: () => feed.stop(),
    drained: () => feed.drained(),
    attended: attended(consumer, clock),
  };
}
