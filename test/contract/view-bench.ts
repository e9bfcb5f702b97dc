import { systemClock } from '../../platform/clock/clock.ts';
import type { Parked } from '../../platform/consumer/port.ts';
import { StreamConsumer } from '../../platform/consumer/stream-consumer.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { OrderRow } from '../../platform/views/order-row.ts';
import type { Activity } from '../../platform/views/activity.ts';
import {
  activitiesMax,
  type ActivityQuery,
  type OrderQuery,
  ordersMax,
  type PositionRow,
  type Views,
} from '../../platform/views/port.ts';
import { type ViewEffect, viewProjection } from '../../platform/views/projection.ts';
import type { StreamFold } from '../../platform/views/stream-fold.ts';
import { anId } from '../support/commits.ts';
import { OrderScript, type ScriptOptions } from '../support/orders.ts';

export interface ViewAdapter {
  /** New, empty views. */
  open(): Promise<Views>;
}

/** One set of views and one log for all tests; every account and order is new, so they never meet. */
export class ViewBench {
  readonly log = new MemoryEventStore();
  readonly parked: Parked[] = [];
  readonly #adapter: ViewAdapter;
  #views: Views | undefined;
  #consumer: StreamConsumer<StreamFold, ViewEffect> | undefined;

  constructor(adapter: ViewAdapter) {
    this.#adapter = adapter;
  }

  async open(): Promise<void> {
    this.#views = await this.#adapter.open();
    this.#consumer = this.anotherConsumer();
  }

  get views(): Views {
    if (!this.#views) throw new Error('the views are opened before the tests');
    return this.#views;
  }

  get consumer(): StreamConsumer<StreamFold, ViewEffect> {
    if (!this.#consumer) throw new Error('the views are opened before the tests');
    return this.#consumer;
  }

  get deadline(): Deadline {
    return deadlineIn(15_000, systemClock);
  }

  /** As another process would have it: it remembers nothing. */
  anotherConsumer(): StreamConsumer<StreamFold, ViewEffect> {
    return new StreamConsumer({
      projection: viewProjection,
      effects: this.views,
      parking: this.views,
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

  /** Writes commits of any streams to the log and delivers them. */
  async write(...commits: readonly Commit[]): Promise<void> {
    for (const commit of commits) {
      await this.log.append([commit], []);
      await this.consumer.deliver([commit], this.deadline);
    }
  }

  activities(accountId: string, query: Partial<ActivityQuery> = {}): Promise<readonly Activity[]> {
    const all: ActivityQuery = { accountId, direction: 'asc', limit: activitiesMax };
    return this.views.activities({ ...all, ...query }, this.deadline);
  }

  /** Writes what is new in these streams to the log and delivers it. */
  async show(...orders: readonly OrderScript[]): Promise<void> {
    for (const order of orders) {
      const commits = order.stored();
      const known = (await this.log.read(order.stream, 1)).length;
      for (const commit of commits.slice(known)) {
        await this.log.append([commit], []);
        await this.consumer.deliver([commit], this.deadline);
      }
    }
  }

  list(accountId: string, query: Partial<OrderQuery> = {}): Promise<readonly OrderRow[]> {
    const all: OrderQuery = { accountId, status: 'all', direction: 'desc', limit: ordersMax };
    return this.views.orders({ ...all, ...query }, this.deadline);
  }

  async ids(accountId: string, query: Partial<OrderQuery> = {}): Promise<readonly string[]> {
    return (await this.list(accountId, query)).map(({ id }) => id);
  }

  position(accountId: string, symbol = 'ACME'): Promise<PositionRow | undefined> {
    return this.views.position(accountId, symbol, this.deadline);
  }
}
