import { feedProjection } from '../../platform/account-feed/projection.ts';
import type { AccountFeed } from '../../platform/account-feed/port.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { attended, type AttendedConsumer } from '../../platform/consumer/attended.ts';
import type { Parked, Parking } from '../../platform/consumer/port.ts';
import { StreamConsumer } from '../../platform/consumer/stream-consumer.ts';
import { type Places, Sweeper } from '../../platform/consumer/sweeper.ts';
import type { HotConfig } from '../../platform/hot-config/port.ts';
import { Relay } from '../../platform/event-bus/relay.ts';
import { KillSwitchEnforcement } from '../../platform/kill-switch/enforcement.ts';
import type { StoredKillSwitch } from '../../platform/kill-switch/stored-kill-switch.ts';
import { exitConsumer, onlyWhereDue } from '../../platform/linked-orders/exit-consumer.ts';
import { StopWatch } from '../../platform/linked-orders/stop-watch.ts';
import type { ReferencePrices } from '../../platform/reference-prices/reference-prices.ts';
import type { OrderHandler } from '../../platform/reporting/venue-reporting.ts';
import { SessionPass } from '../../platform/sessions/session-pass.ts';
import { BookLog } from '../../platform/venue/book-log.ts';
import { BookObservers } from '../../platform/venue/book-observer.ts';
import { BookSnapshots } from '../../platform/venue/book-snapshots.ts';
import type { ChunkStore } from '../../platform/venue/chunk-store.ts';
import { ConfiguredMarkets } from '../../platform/venue/market-rules.ts';
import { OwnVenue } from '../../platform/venue/own-venue.ts';
import { Settlement } from '../../platform/venue/settlement.ts';
import { VenueConsumer } from '../../platform/venue/venue-consumer.ts';
import type { Views } from '../../platform/views/port.ts';
import { viewProjection } from '../../platform/views/projection.ts';
import { calendarClock, calendarViews } from './calendar.ts';
import type { Prng } from './prng.ts';
import { type BusDoor, remoteBus } from './remote-bus.ts';
import { remoteChunks, remoteFeed, remoteParking, remoteViews } from './remote-stores.ts';
import type { RemoteStore } from './remote-store.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';
import type { Wire } from './wire.ts';

/** Beside the log, and shared by all processes. */
export interface Kept {
  readonly views: Views;
  readonly feed: AccountFeed;
  readonly chunks: ChunkStore;
  readonly parking: Parking;
  readonly places: Places;
  readonly bus: BusDoor;
}

export interface ConsumerParts {
  readonly kept: Kept;
  readonly areBooksShared: boolean;
  readonly wire: Wire;
  readonly weather: Weather;
  readonly tally: Tally;
  readonly store: RemoteStore;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly orders: OrderHandler;
  readonly config: HotConfig;
  readonly killSwitch: StoredKillSwitch;
  readonly prices: ReferencePrices;
  /** What must not happen in a world whose faults are all passing. */
  readonly onImpossible: (what: string, error: unknown) => void;
}

/** The names by which deliveries are addressed. */
export const consumerNames = ['venue', 'views', 'account-feed', 'linked-orders', 'stop-watch'] as const;
export type ConsumerName = (typeof consumerNames)[number];

type Consumer = Pick<StreamConsumer<unknown, unknown>, 'takes' | 'deliver'>;

/** Everything in one process that follows the log or the clock. Composed as `functions/compose-*` do, over a network that fails. */
export class Consumers {
  readonly byName: Readonly<Record<ConsumerName, Consumer>>;
  readonly venue: OwnVenue;
  readonly bookLog: BookLog;
  readonly sessions: SessionPass;
  readonly enforcement: KillSwitchEnforcement;
  readonly sweeper: Sweeper;
  readonly relay: Relay;

  constructor(parts: ConsumerParts) {
    const { kept, wire, store, clock, orders, config, killSwitch, prices, onImpossible } = parts;
    const onParked = (consumer: string, { stream, version, error }: Parked) =>
      onImpossible(`${consumer} parks ${stream}@${version}`, new Error(error));
    const onFailure = (error: unknown) => onImpossible('a consumer fails', error);
    const views = remoteViews(kept.views, wire);
    const feed = remoteFeed(kept.feed, wire);
    const parking = remoteParking(kept.parking, wire);
    this.relay = new Relay({
      publisher: remoteBus(kept.bus, wire, parts.weather),
      log: store,
      parking,
      clock,
      // Nothing impossible: the bus may refuse an entry for long enough.
      onParked: () => parts.tally.count('relay parks'),
      limits: { patienceMs: parts.prng.pick([400, 300_000]), rememberedMax: parts.prng.pick([1, 2_000]) },
    });
    const market = marketOf(parts, parking, onParked);
    this.venue = market.venue;
    this.bookLog = market.log;
    const common = { log: store, clock, onParked, limits: { commitsMax: parts.prng.pick([1, 3, 16]) } };
    const listed = new StreamConsumer({
      ...common,
      projection: viewProjection,
      effects: views,
      parking: views,
    });
    const told = new StreamConsumer({ ...common, projection: feedProjection, effects: feed, parking: feed });
    const calendar = calendarClock(clock);
    const exits = exitConsumer({ orders, config, prices, store, parking, onParked, clock: calendar });
    const stops = new StopWatch({ orders, views, prices, clock, onFailure });
    this.byName = {
      venue: market.consumer,
      views: listed,
      'account-feed': told,
      'linked-orders': onlyWhereDue(exits),
      'stop-watch': stops,
    };
    this.sessions = new SessionPass({
      orders,
      config,
      store,
      killSwitch,
      views: calendarViews(views),
      clock: calendar,
      // Books are led by whoever brings them orders: here the venue's consumer alone.
      market: undefined,
    });
    this.enforcement = new KillSwitchEnforcement({ killSwitch, views, config, orders, clock });
    const swept: readonly AttendedConsumer[] = [
      ...[listed, told, exits].map((one) => attended(one, clock)),
      market.consumer,
      stops,
    ];
    this.sweeper = new Sweeper({
      source: store,
      places: kept.places,
      consumers: () => swept,
      clock,
      onFailure: (consumer, error) => {
        if (!isRetryable(error)) onImpossible(`${consumer} is not swept`, error);
      },
      limits: { graceMs: 400 },
    });
  }
}

function marketOf(
  parts: ConsumerParts,
  parking: Parking,
  onParked: (consumer: string, parked: Parked) => void,
) {
  const { kept, wire, store, clock, prng, orders, config, killSwitch, prices, onImpossible } = parts;
  const snapshots = new BookSnapshots(remoteChunks(kept.chunks, wire), clock);
  const log = new BookLog({ store, snapshots, clock, random: prng.fork('book'), cell: 'simulated' });
  const settlement = new Settlement({ orders, store, parking, clock, onParked });
  const limits = {
    inputsMax: prng.pick([1, 3, 64]),
    outputsMax: prng.pick([2, 5, 400]),
    snapshotEvery: prng.pick([5, 20]),
  };
  const venue = new OwnVenue({
    books: {
      log,
      snapshots,
      settlement,
      observers: new BookObservers(),
      limits,
      isShared: parts.areBooksShared,
    },
    orders,
    markets: new ConfiguredMarkets(config, killSwitch, prices),
    clock: calendarClock(clock),
    onUnreadable: (orderId, error) => onImpossible(`${orderId} is unreadable`, error),
    onStopped: (symbol, error) => onImpossible(`the book of ${symbol} stops`, error),
  });
  return { venue, log, consumer: new VenueConsumer(venue, settlement, clock) };
}

export function isRetryable(error: unknown): error is Error {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}
