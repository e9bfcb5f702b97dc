import type { ChangeBatch } from '../../functions/consumers/shared/batches.ts';
import { relayConsumer } from '../../functions/consumers/relay.ts';
import { batchMsIn } from '../../functions/lambda/deliveries.ts';
import { DynamoDbStreamsFeed } from '../../platform/change-feed/dynamodb-streams.ts';
import { type Clock, systemClock } from '../../platform/clock/clock.ts';
import type { AttendedConsumer } from '../../platform/consumer/attended.ts';
import { Sweeper } from '../../platform/consumer/sweeper.ts';
import type { BusEvent } from '../../platform/event-bus/in-process.ts';
import { Relay } from '../../platform/event-bus/relay.ts';
import type { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { MemoryViews } from '../../platform/views/memory.ts';
import type { SeededRandom } from '../platform/command-handler/seeded-random.ts';
import { VirtualClock } from '../platform/command-handler/virtual-clock.ts';
import { contextWith } from './lambda.ts';
import type { LossyBus } from './lossy-bus.ts';
import { ShardOverLog } from './shard-over-log.ts';

/** A consumer behind a queue of its own that the bus feeds. */
export interface Subscriber {
  readonly attended: AttendedConsumer;
  /** What a queue hands it; gives back what it handed back. */
  take(events: readonly BusEvent[]): Promise<readonly BusEvent[]>;
}

export interface PipelineFaults {
  /** One call of ten ends at its function's deadline, having done some of its work, or all of it. */
  readonly cutOff?: SeededRandom;
  /** Records that cannot be read. */
  readonly isPoison?: (commit: Commit) => boolean;
}

/** From the log's change feed through the relay and a bus to every subscriber, as in the cloud. */
export class Pipeline<Woken extends Subscriber> {
  readonly log: MemoryEventStore;
  readonly bus: LossyBus;
  readonly consumers: readonly Woken[];
  readonly feed: DynamoDbStreamsFeed;
  relay: Relay;
  cuts = 0;
  readonly #faults: PipelineFaults;
  readonly #waiting: Map<Woken, readonly BusEvent[]>;

  constructor(
    log: MemoryEventStore,
    bus: LossyBus,
    consumers: readonly Woken[],
    faults: PipelineFaults = {},
  ) {
    this.log = log;
    this.bus = bus;
    this.consumers = consumers;
    this.#faults = faults;
    this.#waiting = new Map(consumers.map((consumer) => [consumer, []]));
    const clock = new VirtualClock();
    const parking = new MemoryViews();
    const aProcess = () => new Relay({ publisher: bus, log, parking, clock, onParked: () => undefined });
    this.relay = aProcess();
    const sink = { onTampering: fail, onFailure: () => undefined };
    const relayed = (batch: ChangeBatch) =>
      relayConsumer({ relay: this.relay, clock, batchMs: batchMsIn(contextWith(10_000)), ...sink })(batch);
    this.feed = new DynamoDbStreamsFeed({
      reader: new ShardOverLog(log, faults.isPoison),
      handle: async (batch) => {
        const done = this.#doneBeforeCut(batch.Records);
        if (!done) return relayed(batch);
        await relayed({ Records: done });
        // A new process knows nothing of what this one published.
        this.relay = aProcess();
        return {
          batchItemFailures: batch.Records.map(({ dynamodb }) => ({
            itemIdentifier: dynamodb?.SequenceNumber ?? '',
          })),
        };
      },
      clock,
      onFailure: fail,
    });
  }

  /** Until the feed is at its end, and the bus and its queues are empty: also of what the subscribers wrote. */
  async run(): Promise<void> {
    for (let round = 0; round < 100_000; round++) if (await this.turn()) return;
    throw new Error('it never came to an end');
  }

  /** One poll of the feed and one delivery. True: there was nothing left to do. */
  async turn(): Promise<boolean> {
    const { acknowledged, isAtEnd } = await this.feed.poll();
    const taken = await this.deliver();
    const isWaiting = [...this.#waiting.values()].some((queue) => queue.length > 0);
    return isAtEnd && acknowledged + taken === 0 && this.bus.isEmpty && !isWaiting;
  }

  /** How many entries the bus brought. */
  async deliver(): Promise<number> {
    const events = this.bus.deliver();
    for (const consumer of this.consumers) {
      const waiting = [...(this.#waiting.get(consumer) ?? []), ...events];
      const again: BusEvent[] = [];
      for (let next = 0; next < waiting.length; next += 10) {
        const batch = waiting.slice(next, next + 10);
        const done = this.#doneBeforeCut(batch);
        const handedBack = await consumer.take(done ?? batch);
        again.push(...(done ? batch : handedBack));
      }
      this.#waiting.set(consumer, again);
    }
    return events.length;
  }

  sweeper(clock: Clock = systemClock): Sweeper {
    return new Sweeper({
      source: this.log,
      consumers: () => this.consumers.map(({ attended }) => attended),
      clock,
      onFailure: (_, error) => fail(error),
    });
  }

  /** What a function had done of its batch when its time was over. Nobody hears of it: all of the batch comes again. Undefined: it is not cut off. */
  #doneBeforeCut<Entry>(batch: readonly Entry[]): readonly Entry[] | undefined {
    const { cutOff } = this.#faults;
    if (!cutOff || cutOff.fraction() > 0.1) return undefined;
    this.cuts += 1;
    return batch.slice(0, Math.floor(cutOff.fraction() * (batch.length + 1)));
  }
}

function fail(error: unknown): never {
  throw error;
}
