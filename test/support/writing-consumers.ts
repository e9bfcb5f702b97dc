import { linkedOrdersConsumer } from '../../functions/consumers/linked-orders.ts';
import { stopWatchConsumer } from '../../functions/consumers/stop-watch.ts';
import { venueReportsConsumer } from '../../functions/consumers/venue-reports.ts';
import { venueConsumer } from '../../functions/consumers/venue.ts';
import { referencePrice } from '../../platform/reference-prices/aggregate.ts';
import { CommandHandler } from '../../platform/command-handler/command-handler.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { attended } from '../../platform/consumer/attended.ts';
import { MemoryParking } from '../../platform/consumer/memory-parking.ts';
import type { Parked } from '../../platform/consumer/port.ts';
import type { BusEvent } from '../../platform/event-bus/in-process.ts';
import type { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { HotConfig } from '../../platform/hot-config/port.ts';
import { exitConsumer } from '../../platform/linked-orders/exit-consumer.ts';
import { StopWatch } from '../../platform/linked-orders/stop-watch.ts';
import { systemRandom } from '../../platform/random/random.ts';
import { ReferencePrices } from '../../platform/reference-prices/reference-prices.ts';
import { reportConsumer } from '../../platform/reporting/report-consumer.ts';
import { MemoryChunkStore } from '../../platform/venue/chunk-store.ts';
import { VenueConsumer } from '../../platform/venue/venue-consumer.ts';
import type { ViewReader } from '../../platform/views/port.ts';
import type { Subscriber } from './bus-pipeline.ts';
import { Desk } from './desk.ts';
import { Market, TestMarkets } from './market.ts';
import { fromQueue } from './queue-batch.ts';

export interface WritingParts {
  readonly log: MemoryEventStore;
  readonly clock: Clock;
  readonly config: HotConfig;
  /** Where the stop watch looks up whom a price may concern. */
  readonly views: ViewReader;
}

const batchMs = 10_000;

/** Every consumer that answers what is in the log by writing to it, each a process of its own, as the functions of the cloud are. */
export function writingConsumers(parts: WritingParts): readonly Subscriber[] {
  return [venues(parts), reports(parts), exits(parts), stops(parts)];
}

export function pricesOver(log: MemoryEventStore, clock: Clock): ReferencePrices {
  const handler = new CommandHandler({
    aggregate: referencePrice,
    store: log,
    clock,
    random: systemRandom,
    cell: 'cell-1',
    onQuarantine: (stream, error) => fail(new Error(`${stream} is in quarantine`, { cause: error })),
  });
  return new ReferencePrices({ store: log, clock, handler });
}

/** Two processes at once over one book, as where a queue is long. */
function venues({ log, clock }: WritingParts): Subscriber {
  const kept = { chunks: new MemoryChunkStore(), parking: new MemoryParking(), markets: new TestMarkets() };
  const open = () => {
    const { venue, settlement } = new Market(log, { clock, ...kept });
    const consumer = new VenueConsumer(venue, settlement, clock);
    const handle = venueConsumer({ consumer, clock, onFailure: noMatter, batchMs });
    return { consumer, take: fromQueue((batch) => handle(batch)) };
  };
  const [one, other] = [open(), open()];
  const take = async (events: readonly BusEvent[]) => {
    const half = Math.ceil(events.length / 2);
    const left = await Promise.all([one.take(events.slice(0, half)), other.take(events.slice(half))]);
    return left.flat();
  };
  return { attended: one.consumer, take };
}

function reports({ log, clock }: WritingParts): Subscriber {
  const { orders, reporting } = new Desk(log, clock);
  const parking = new MemoryParking();
  return woken(
    reportConsumer({ orders, reporting, store: log, parking, clock, onParked: notParked }),
    clock,
    venueReportsConsumer,
  );
}

function exits({ log, clock, config }: WritingParts): Subscriber {
  const { orders } = new Desk(log, clock);
  const prices = pricesOver(log, clock);
  const parking = new MemoryParking();
  return woken(
    exitConsumer({ orders, config, prices, store: log, parking, clock, onParked: notParked }),
    clock,
    linkedOrdersConsumer,
  );
}

function stops({ log, clock, views }: WritingParts): Subscriber {
  const { orders } = new Desk(log, clock);
  const watch = new StopWatch({ orders, views, prices: pricesOver(log, clock), clock, onFailure: fail });
  const handle = stopWatchConsumer({ consumer: watch, clock, onFailure: noMatter, batchMs });
  return { attended: watch, take: fromQueue((batch) => handle(batch)) };
}

type Woken = Parameters<typeof attended>[0] & Parameters<typeof venueReportsConsumer>[0]['consumer'];

function woken(consumer: Woken, clock: Clock, open: typeof venueReportsConsumer): Subscriber {
  const handle = open({ consumer, clock, onFailure: noMatter, batchMs });
  return { attended: attended(consumer, clock), take: fromQueue((batch) => handle(batch)) };
}

/** What may succeed later is handed back, and comes again. */
function noMatter(): void {}

function notParked(consumer: string, { stream, version, error }: Parked): never {
  throw new Error(`${consumer} parks ${stream}@${version}: ${error}`);
}

function fail(error: unknown): never {
  throw error;
}
