import { memoryKindFeed, sqliteKindFeed } from '../platform/change-feed/kind-feed.ts';
import { LocalChangeFeed } from '../platform/change-feed/local.ts';
import { type AttendedConsumer, attendedByPlace } from '../platform/consumer/attended.ts';
import type { Parking } from '../platform/consumer/port.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { MemoryEventStore } from '../platform/event-store/memory.ts';
import type { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import { order } from '../platform/aggregates/order.ts';
import {
  type ExitConsumer,
  exitConsumer,
  exitDueType,
  onlyWhereDue,
} from '../platform/linked-orders/exit-consumer.ts';
import { StopWatch } from '../platform/linked-orders/stop-watch.ts';
import { referencePrice } from '../platform/reference-prices/aggregate.ts';
import type { ViewAlarms } from './compose-views.ts';
import type { Dependencies } from './dependencies.ts';

/** What makes one of several linked orders follow another. */
export interface LinkedOrders {
  /** Begins to follow the log, from where it stopped last, and tries once more what was parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything in the log by now has had its effect on other orders, or is parked. */
  drained(): Promise<void>;
  /** What an operator and the sweep can do with them. */
  readonly attended: readonly AttendedConsumer[];
}

export interface ExitParts {
  readonly dependencies: Pick<Dependencies, 'orders' | 'store' | 'clock' | 'config' | 'prices'>;
  readonly parking: Parking;
  readonly alarms: ViewAlarms;
}

export interface LinkedOrdersParts extends ExitParts {
  readonly dependencies: ExitParts['dependencies'] & Pick<Dependencies, 'views'>;
}

/** A position waits for its exit: a moment, no more, so that what happens together is one batch. */
export const linkedLingerMs = 5;

export interface LinkedConsumers {
  readonly exits: ExitConsumer;
  readonly stops: StopWatch;
}

export function exitsOf({ dependencies, parking, alarms }: ExitParts): ExitConsumer {
  return exitConsumer({ ...dependencies, parking, onParked: alarms.onParked });
}

export function linkedConsumersOf(parts: LinkedOrdersParts): LinkedConsumers {
  const { dependencies, alarms } = parts;
  return {
    exits: exitsOf(parts),
    stops: new StopWatch({ ...dependencies, onFailure: alarms.onFailure }),
  };
}

type Feed = ReturnType<typeof sqliteKindFeed>;

export function linkOrdersInSqlite(store: SqliteEventStore, parts: LinkedOrdersParts): LinkedOrders {
  const { exits, stops } = linkedConsumersOf(parts);
  const turns = sqliteKindFeed(store, order.kind, exits.name, exitDueType);
  return linked(
    { exits, stops },
    { turns, prices: sqliteKindFeed(store, referencePrice.kind, stops.name) },
    parts,
  );
}

export function linkOrdersInMemory(store: MemoryEventStore, parts: LinkedOrdersParts): LinkedOrders {
  const { exits, stops } = linkedConsumersOf(parts);
  const turns = memoryKindFeed(store, order.kind, exits.name);
  return linked(
    { exits, stops },
    { turns, prices: memoryKindFeed(store, referencePrice.kind, stops.name) },
    parts,
  );
}

function linked(
  { exits, stops }: LinkedConsumers,
  { turns, prices }: { readonly turns: Feed; readonly prices: Feed },
  { dependencies: { clock }, alarms: { onFailure } }: LinkedOrdersParts,
): LinkedOrders {
  const limits = { lingerMs: linkedLingerMs };
  const exitsFeed = new LocalChangeFeed({
    ...turns,
    consumer: onlyWhereDue(exits),
    clock,
    onFailure,
    limits,
  });
  const feeds = [exitsFeed, new LocalChangeFeed({ ...prices, consumer: stops, clock, onFailure, limits })];
  return {
    start: async () => {
      await exits.redrive(deadlineIn(longestCallMs, clock));
      for (const feed of feeds) await feed.start();
    },
    stop: async () => {
      for (const feed of feeds) await feed.stop();
    },
    drained: async () => {
      for (const feed of feeds) await feed.drained();
    },
    // Looking at every order for the few that are entries would cost as much as placing them.
    attended: [attendedByPlace(exits, (deadline) => exitsFeed.caughtUp(deadline), clock), stops],
  };
}
