import type { AccountFeed, FeedEntry } from '../../platform/account-feed/port.ts';
import { type FeedEffect, feedProjection } from '../../platform/account-feed/projection.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import type { Parked } from '../../platform/consumer/port.ts';
import { StreamConsumer } from '../../platform/consumer/stream-consumer.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import type { StreamFold } from '../../platform/views/stream-fold.ts';
import { anId } from '../support/commits.ts';
import { OrderScript, type ScriptOptions } from '../support/orders.ts';

export interface FeedAdapter {
  /** New, empty feeds. */
  open(): Promise<AccountFeed>;
}

/** One set of feeds and one log for all tests; every account and order is new, so they never meet. */
export class FeedBench {
  readonly log = new MemoryEventStore();
  readonly parked: Parked[] = [];
  readonly #adapter: FeedAdapter;
  #feed: AccountFeed | undefined;
  #consumer: StreamConsumer<StreamFold, FeedEffect> | undefined;

  constructor(adapter: FeedAdapter) {
    this.#adapter = adapter;
  }

  async open(): Promise<void> {
    this.#feed = await this.#adapter.open();
    this.#consumer = this.anotherConsumer();
  }

  get feed(): AccountFeed {
    if (!this.#feed) throw new Error('the feeds are opened before the tests');
    return this.#feed;
  }

  get consumer(): StreamConsumer<StreamFold, FeedEffect> {
    if (!this.#consumer) throw new Error('the feeds are opened before the tests');
    return this.#consumer;
  }

  get deadline(): Deadline {
    return deadlineIn(15_000, systemClock);
  }

  /** As another process would have it: it remembers nothing. */
  anotherConsumer(): StreamConsumer<StreamFold, FeedEffect> {
    return new StreamConsumer({
      projection: feedProjection,
      effects: this.feed,
      parking: this.feed,
      log: this.log,
      clock: systemClock,
      onParked: (_, parked) => this.parked.push(parked),
    });
  }

  account(): string {
    return `account-${anId()}`;
  }

  order(options: ScriptOptions = {}): OrderScript {
    return new OrderScript(anId(), options);
  }

  /** Writes commits to the log and delivers them, one by one. */
  async write(...commits: readonly Commit[]): Promise<void> {
    for (const commit of commits) {
      await this.log.append([commit], []);
      await this.consumer.deliver([commit], this.deadline);
    }
  }

  /** What is new in these streams. */
  async show(...orders: readonly OrderScript[]): Promise<void> {
    for (const order of orders) {
      const known = (await this.log.read(order.stream, 1)).length;
      await this.write(...order.stored().slice(known));
    }
  }

  entries(accountId: string): Promise<readonly FeedEntry[]> {
    return this.feed.entriesAfter(accountId, 0, 500, this.deadline);
  }

  /** `1 new`, `2 fill`, ... */
  async told(accountId: string): Promise<readonly string[]> {
    return (await this.entries(accountId)).map(({ number, event }) => `${number} ${event}`);
  }
}
