import { headByReading, LocalChangeFeed, type LocalChangeFeedLimits } from '../platform/change-feed/local.ts';
import { sqliteChangeFeed } from '../platform/change-feed/sqlite.ts';
import type { AttendedConsumer } from '../platform/consumer/attended.ts';
import type { Parking } from '../platform/consumer/port.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { MemoryEventStore } from '../platform/event-store/memory.ts';
import type { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import { LoggedBooks } from '../platform/market-data/logged-books.ts';
import type { MarketData } from '../platform/market-data/port.ts';
import { BookLog } from '../platform/venue/book-log.ts';
import { BookObservers } from '../platform/venue/book-observer.ts';
import { BookSnapshots } from '../platform/venue/book-snapshots.ts';
import type { ChunkStore } from '../platform/venue/chunk-store.ts';
import { LastTradePrices } from '../platform/venue/last-trade-prices.ts';
import { ConfiguredMarkets, isOursIn } from '../platform/venue/market-rules.ts';
import type { OwnMarket } from '../platform/venue/own-market.ts';
import { OwnVenue } from '../platform/venue/own-venue.ts';
import { Settlement } from '../platform/venue/settlement.ts';
import { VenueConsumer } from '../platform/venue/venue-consumer.ts';
import type { ViewAlarms } from './compose-views.ts';
import type { Dependencies, Ground, Reaching } from './dependencies.ts';

export interface MarketParts {
  readonly dependencies: Reaching<'orders' | 'killSwitch' | 'prices'>;
  readonly chunks: ChunkStore;
  readonly parking: Parking;
  /** Other processes lead the same books. */
  readonly isShared?: boolean;
}

export function composeMarket({ dependencies, chunks, parking, isShared = false }: MarketParts): OwnMarket {
  const { store, clock, random, cell, orders, config, killSwitch, prices, telemetry } = dependencies;
  const snapshots = new BookSnapshots(chunks, clock);
  const log = new BookLog({ store, snapshots, clock, random, cell });
  const observers = new BookObservers();
  const parked = telemetry.metrics.counter('commits_parked', {});
  const stopped = telemetry.metrics.counter('quarantines', {});
  const settlement = new Settlement({
    orders,
    store,
    parking,
    clock,
    onParked: (consumer, { stream, version, error }) => {
      parked.add();
      telemetry.log.error('what a book said was parked: its order does not have it', new Error(error), {
        consumer,
        stream,
        version,
      });
    },
  });
  const venue = new OwnVenue({
    books: { log, snapshots, settlement, observers, isShared },
    orders,
    markets: new ConfiguredMarkets(config, killSwitch, prices),
    clock,
    onUnreadable: (orderId, error) =>
      telemetry.log.error('an order cannot be read, and so not be sent to its book', error, { orderId }),
    onStopped: (symbol, error) => {
      stopped.add();
      telemetry.log.error('a book stands still until somebody has looked', error, { symbol });
    },
  });
  return { venue, observers, consumer: new VenueConsumer(venue, settlement, clock) };
}

/** What our own books show, for a process that does not lead them. */
export function composeMarketData(ground: Ground, chunks: ChunkStore): MarketData {
  const { store, clock, config } = ground;
  const log = new BookLog({ ...ground, snapshots: new BookSnapshots(chunks, clock) });
  const isOurs = (symbol: string) => isOursIn(config.current().config, symbol);
  return new LoggedBooks({ log, store, clock, isOurs });
}

/** Whoever brings orders to their books and what the books say back. */
export interface MarketFollower {
  /** Begins to follow the log, from where it stopped last, and tries once more what was parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when the books have taken in everything in the log by now, and have been heard. */
  drained(): Promise<void>;
  readonly attended: AttendedConsumer;
}

export interface MarketFollowerParts {
  readonly market: OwnMarket;
  readonly dependencies: Pick<Dependencies, 'clock' | 'prices' | 'telemetry'>;
  readonly alarms: Pick<ViewAlarms, 'onFailure'>;
}

/** A trader waits for every match, so nothing is put off. */
const atOnce: Partial<LocalChangeFeedLimits> = { lingerMs: 0 };

/** Halts of the config come without a commit to wake by. */
const alignEveryMs = 1_000;

export function followMarketInSqlite(store: SqliteEventStore, parts: MarketFollowerParts): MarketFollower {
  return marketFollower(sqliteChangeFeed(store, feedOptions(parts)), parts);
}

export function followMarketInMemory(store: MemoryEventStore, parts: MarketFollowerParts): MarketFollower {
  const feed: LocalChangeFeed = new LocalChangeFeed({
    ...feedOptions(parts),
    feed: store,
    head: headByReading(store, () => feed.position),
  });
  return marketFollower(feed, parts);
}

function feedOptions({ market, dependencies: { clock, telemetry }, alarms }: MarketFollowerParts) {
  const { metrics } = telemetry;
  return { consumer: market.consumer, clock, onFailure: alarms.onFailure, limits: atOnce, metrics };
}

/** What every kind of feed needs around it: reference prices that follow the trades, and halts that come by themselves. */
export function marketFollower(
  feed: Pick<LocalChangeFeed, 'start' | 'stop' | 'drained'>,
  { market, dependencies: { clock, prices }, alarms }: MarketFollowerParts,
): MarketFollower {
  const { venue, observers, consumer } = market;
  const lastTrades = new LastTradePrices({ prices, clock, onFailure: alarms.onFailure });
  let unfollow = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  let aligning: Promise<void> = Promise.resolve();
  const align = () => {
    aligning = venue.align(deadlineIn(longestCallMs, clock)).catch(alarms.onFailure);
  };
  return {
    start: async () => {
      unfollow = observers.observe(lastTrades.follow);
      await consumer.redrive(deadlineIn(longestCallMs, clock));
      await feed.start();
      timer = setInterval(align, alignEveryMs);
      timer.unref();
    },
    stop: async () => {
      clearInterval(timer);
      await feed.stop();
      await aligning;
      unfollow();
      await lastTrades.stop();
    },
    drained: () => feed.drained(),
    attended: consumer,
  };
}
