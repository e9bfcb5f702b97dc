import { accountStream } from '../../domain/account/state.ts';
import { StreamConsumer } from '../../platform/consumer/stream-consumer.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { Commit, StoredEvent } from '../../platform/event-store/port.ts';
import type { SurveillanceSection } from '../../platform/hot-config/schema.ts';
import type { SurveillanceEffect } from '../../platform/surveillance/effect.ts';
import type { BreachRecord, Surveillance } from '../../platform/surveillance/port.ts';
import { surveillanceProjection } from '../../platform/surveillance/projection.ts';
import type { Watch, WatchInForce } from '../../platform/surveillance/watch.ts';
import type { StreamFold } from '../../platform/views/stream-fold.ts';
import { aCommit, anId } from '../support/commits.ts';
import { OrderScript, type ScriptOptions, second } from '../support/orders.ts';
import { SettableClock } from '../support/settable-clock.ts';

export interface SurveillanceAdapter {
  /** New and empty. */
  open(watch: WatchInForce, clock: SettableClock): Promise<Surveillance>;
}

const asked = new Set(['OrderPlaced', 'OrderDenied', 'CancelRequested', 'ReplaceRequested']);

/** As its client asked for it, where a client would. */
export function byClient(commit: Commit): Commit {
  return asked.has(commit.events[0].type) ? { ...commit, actor: { kind: 'client', id: 'client' } } : commit;
}

/** One store and one log for all tests; every account and order is new, so they never meet. */
export class SurveillanceBench {
  readonly log = new MemoryEventStore();
  /** A quarter of an hour after the first second of these tests. */
  readonly clock = new SettableClock('2025-11-23T00:15:00Z');
  readonly #adapter: SurveillanceAdapter;
  #watch: Watch = { version: 'v1', dayTimeZone: 'UTC' };
  #store: Surveillance | undefined;
  #consumer: StreamConsumer<StreamFold, SurveillanceEffect> | undefined;

  constructor(adapter: SurveillanceAdapter) {
    this.#adapter = adapter;
  }

  async open(): Promise<void> {
    this.#store = await this.#adapter.open(() => this.#watch, this.clock);
    this.#consumer = this.anotherConsumer();
  }

  get store(): Surveillance {
    if (!this.#store) throw new Error('it is opened before the tests');
    return this.#store;
  }

  get deadline(): Deadline {
    return deadlineIn(15_000, this.clock);
  }

  watch(limits: SurveillanceSection['default'], version = 'v1'): void {
    this.#watch = { version, dayTimeZone: 'UTC', section: { default: limits, byAccount: {} } };
  }

  /** As another process would have it: it remembers nothing. */
  anotherConsumer(): StreamConsumer<StreamFold, SurveillanceEffect> {
    const { store, log, clock } = this;
    return new StreamConsumer({
      projection: surveillanceProjection,
      effects: store,
      parking: store,
      log,
      clock,
      onParked: (_, { error }) => {
        throw new Error(error);
      },
    });
  }

  account(): string {
    return `account-${anId()}`;
  }

  order(options: ScriptOptions): OrderScript {
    return new OrderScript(anId(), options);
  }

  /** Something of the account's own stream. */
  ofAccount(accountId: string, version: number, event: StoredEvent, at: number): Commit {
    const stream = accountStream(accountId);
    return aCommit({ stream, version, commitId: anId(), at: second(at), events: [event] });
  }

  /** Writes commits to the log and delivers them, one by one. */
  async write(...commits: readonly Commit[]): Promise<void> {
    for (const commit of commits) {
      await this.log.append([commit], []);
      await this.#consumer?.deliver([commit], this.deadline);
    }
  }

  /** What is new in these streams. */
  async show(...orders: readonly OrderScript[]): Promise<void> {
    for (const order of orders) {
      const known = (await this.log.read(order.stream, 1)).length;
      await this.write(...order.stored().slice(known).map(byClient));
    }
  }

  /** Oldest first. */
  async breaches(accountId: string): Promise<readonly BreachRecord[]> {
    const found = await this.store.breaches({ accountId, limit: 100 }, this.deadline);
    return found.toReversed();
  }

  async pending(accountId: string): Promise<readonly BreachRecord[]> {
    const all = await this.store.pending(this.deadline);
    return all.filter((breach) => breach.accountId === accountId);
  }

  figures(accountId: string) {
    return this.store.figures(accountId, this.deadline);
  }
}
