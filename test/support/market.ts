import type { VenueReport } from '../../domain/order/commands.ts';
import { type Order, leavesQuantity } from '../../domain/order/state.ts';
import { orderStream } from '../../domain/order/effects.ts';
import type { Price } from '../../domain/values/price.ts';
import type { SelfTradePrevention } from '../../domain/venue/new-order.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { MemoryParking } from '../../platform/consumer/memory-parking.ts';
import type { Parking } from '../../platform/consumer/port.ts';
import { feedStart } from '../../platform/event-store/feed.ts';
import type { MemoryEventStore } from '../../platform/event-store/memory.ts';
import { systemRandom } from '../../platform/random/random.ts';
import { BookLog } from '../../platform/venue/book-log.ts';
import type { BookKeeperLimits } from '../../platform/venue/book-keeper.ts';
import { BookObservers } from '../../platform/venue/book-observer.ts';
import { BookSnapshots } from '../../platform/venue/book-snapshots.ts';
import { type ChunkStore, MemoryChunkStore } from '../../platform/venue/chunk-store.ts';
import type { MarketDay, MarketRules, MarketSource, MarketStops } from '../../platform/venue/market-rules.ts';
import { OwnVenue } from '../../platform/venue/own-venue.ts';
import { Settlement, type SettlementOptions } from '../../platform/venue/settlement.ts';
import { Desk } from './desk.ts';
import { contract } from './order.ts';

/** What is in force for the one instrument of these markets; tests change it. */
export class TestMarkets implements MarketSource {
  readonly version = 'test';
  current: MarketRules = { isOurs: true, contract, phase: 'continuous' };
  stopped: MarketStops = { isHalted: false, isKilled: false, killedAccounts: [] };
  prevention: SelfTradePrevention = 'cancel_incoming';
  /** Absent: no calendar leads the market. */
  day: MarketDay | undefined;
  reference: Price | undefined;

  rules(symbol: string): MarketRules | undefined {
    return symbol === contract.symbol ? this.current : undefined;
  }

  async stops(): Promise<MarketStops> {
    return this.stopped;
  }

  calendar(): MarketDay | undefined {
    return this.day;
  }

  async referencePrice(): Promise<Price | undefined> {
    return this.reference;
  }

  selfTradePrevention(): SelfTradePrevention {
    return this.prevention;
  }
}

export interface MarketOptions {
  readonly clock?: Clock;
  readonly chunks?: ChunkStore;
  readonly parking?: Parking;
  readonly markets?: TestMarkets;
  /** Other processes lead the same book. */
  readonly isShared?: boolean;
  readonly limits?: Partial<BookKeeperLimits>;
}

/** One process with a desk and our own venue over a store that others may share. */
export class Market {
  readonly desk: Desk;
  readonly venue: OwnVenue;
  readonly markets: TestMarkets;
  readonly log: BookLog;
  readonly parking: Parking;
  readonly settlement: Settlement;
  readonly settlementOptions: SettlementOptions;
  readonly observers = new BookObservers();
  readonly unreadable: unknown[] = [];
  readonly #store: MemoryEventStore;
  #position = feedStart;

  constructor(store: MemoryEventStore, options: MarketOptions = {}) {
    const { clock, chunks = new MemoryChunkStore(), isShared = false, limits = {} } = options;
    this.#store = store;
    this.desk = new Desk(store, clock);
    this.markets = options.markets ?? new TestMarkets();
    this.parking = options.parking ?? new MemoryParking();
    const snapshots = new BookSnapshots(chunks, this.desk.clock);
    this.log = new BookLog({
      store,
      snapshots,
      clock: this.desk.clock,
      random: systemRandom,
      cell: 'cell-1',
    });
    const { orders } = this.desk;
    this.settlementOptions = {
      orders,
      store,
      parking: this.parking,
      clock: this.desk.clock,
      onParked: () => undefined,
    };
    this.settlement = new Settlement(this.settlementOptions);
    const { settlement } = this;
    this.venue = new OwnVenue({
      books: { log: this.log, snapshots, settlement, observers: this.observers, isShared, limits },
      orders,
      markets: this.markets,
      clock: this.desk.clock,
      onUnreadable: (_orderId, error) => this.unreadable.push(error),
      onStopped: (_symbol, error) => this.unreadable.push(error),
    });
  }

  /** Delivers what the log has that this process has not seen, until there is no more. */
  async pump(batchMax = 64): Promise<void> {
    for (;;) {
      const entries = await this.#store.feed(this.#position, batchMax);
      const last = entries.at(-1);
      if (!last) return;
      await this.venue.deliver(
        entries.map(({ commit }) => commit),
        this.desk.deadline,
      );
      this.#position = last.sequence;
    }
  }

  async order(orderId: string): Promise<Order> {
    const { state } = await this.desk.orders.load(orderStream(orderId), this.desk.deadline);
    if (state.kind !== 'order') throw new TypeError(`${orderId} is ${state.kind}`);
    return state;
  }

  /** Phase, cumulative and leaves quantity: what a trader looks at first. */
  async facts(orderId: string): Promise<readonly [phase: string, cumulative: number, leaves: number]> {
    const order = await this.order(orderId);
    const { phase, totals } = order;
    const name = phase.name === 'closed' ? phase.reason : phase.name;
    return [name, totals.cumulativeQuantity, leavesQuantity(order)];
  }
}

export type Reported = VenueReport['report'];
