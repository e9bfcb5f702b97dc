import { systemClock } from '../../platform/clock/clock.ts';
import type { EffectStore, Parked, Parking, Projection } from '../../platform/consumer/port.ts';
import { StreamConsumer } from '../../platform/consumer/stream-consumer.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { anId } from '../support/commits.ts';
import { OrderScript, type ScriptOptions } from '../support/orders.ts';

export interface ConsumerAdapter<Kept> {
  /** New, and empty. */
  open(): Promise<Kept>;
}

/** What a consumer keeps, and one log, for all tests; every account and order is new, so they never meet. */
export class ConsumerBench<Memory, Effect, Kept extends EffectStore<Effect> & Parking> {
  readonly log = new MemoryEventStore();
  readonly parked: Parked[] = [];
  readonly #adapter: ConsumerAdapter<Kept>;
  readonly #projection: Projection<Memory, Effect>;
  #opened: { readonly kept: Kept; readonly consumer: StreamConsumer<Memory, Effect> } | undefined;

  constructor(adapter: ConsumerAdapter<Kept>, projection: Projection<Memory, Effect>) {
    this.#adapter = adapter;
    this.#projection = projection;
  }

  async open(): Promise<void> {
    const kept = await this.#adapter.open();
    this.#opened = { kept, consumer: this.#consumerOf(kept) };
  }

  get kept(): Kept {
    return this.#open.kept;
  }

  get consumer(): StreamConsumer<Memory, Effect> {
    return this.#open.consumer;
  }

  get deadline(): Deadline {
    return deadlineIn(15_000, systemClock);
  }

  /** As another process would have it: it remembers nothing. */
  anotherConsumer(): StreamConsumer<Memory, Effect> {
    return this.#consumerOf(this.kept);
  }

  account(): string {
    return `account-${anId()}`;
  }

  order(options: ScriptOptions = {}): OrderScript {
    return new OrderScript(anId(), options);
  }

  /** Writes commits of any streams to the log and delivers them, one by one. */
  async write(...commits: readonly Commit[]): Promise<void> {
    for (const commit of commits) {
      await this.log.append([commit], []);
      await this.consumer.deliver([commit], this.deadline);
    }
  }

  /** Writes what is new in these streams to the log and delivers it. */
  async show(...orders: readonly OrderScript[]): Promise<void> {
    for (const order of orders) {
      const known = (await this.log.read(order.stream, 1)).length;
      await this.write(...order.stored().slice(known));
    }
  }

  get #open() {
    if (!this.#opened) throw new Error('it is opened before the tests');
    return this.#opened;
  }

  #consumerOf(kept: Kept): StreamConsumer<Memory, Effect> {
    return new StreamConsumer({
      projection: this.#projection,
      effects: kept,
      parking: kept,
      log: this.log,
      clock: systemClock,
      onParked: (_, parked) => this.parked.push(parked),
    });
  }
}
