import type { AccountCommand } from '../../domain/account/commands.ts';
import type { AccountEvent } from '../../domain/account/events.ts';
import type { AccountState } from '../../domain/account/state.ts';
import type { DomainEvent } from '../../domain/decider.ts';
import type { OrderCommand } from '../../domain/order/commands.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import type { OrderState } from '../../domain/order/state.ts';
import type { TransferCommand } from '../../domain/transfer/commands.ts';
import type { TransferEvent } from '../../domain/transfer/events.ts';
import type { TransferState } from '../../domain/transfer/state.ts';
import { account } from '../../platform/aggregates/account.ts';
import { order } from '../../platform/aggregates/order.ts';
import { transfer } from '../../platform/aggregates/transfer.ts';
import type { Aggregate } from '../../platform/command-handler/aggregate.ts';
import { CommandHandler } from '../../platform/command-handler/command-handler.ts';
import type { CommandContext } from '../../platform/command-handler/context.ts';
import type { Loaded } from '../../platform/command-handler/fold.ts';
import type { Outcome } from '../../platform/command-handler/outcome.ts';
import { StreamCache } from '../../platform/command-handler/stream-cache.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import { MachineClock } from './clock.ts';
import { lastRelease, type Wrapped } from './last-release.ts';
import { LawBroken } from './law.ts';
import type { Prng } from './prng.ts';
import { RemoteStore } from './remote-store.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';

/** The connection to a process broke before its answer came: what became of the request is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly retryable = true;
}

export interface World {
  readonly store: EventStore;
  readonly scheduler: Scheduler;
  readonly prng: Prng;
  readonly weather: Weather;
  readonly tally: Tally;
  readonly spawn: (work: () => Promise<unknown>) => void;
  readonly overtaken: Set<string>;
}

type Orders = CommandHandler<OrderCommand, OrderState, OrderEvent> | undefined;

/** One life of a process, from its start to its crash: its caches, and who waits for its answers. */
export class Life {
  readonly owner: string;
  readonly clock: MachineClock;
  readonly store: EventStore;
  readonly accounts: CommandHandler<AccountCommand, AccountState, AccountEvent>;
  readonly transfers: CommandHandler<TransferCommand, TransferState, TransferEvent>;
  readonly askers = new Set<(error: Error) => void>();
  readonly #orders: Orders;
  readonly #oldOrders: CommandHandler<OrderCommand, Wrapped, OrderEvent> | undefined;
  readonly #world: World;
  readonly #prng: Prng;

  constructor(world: World, owner: string, isLastRelease: boolean) {
    const { scheduler, weather, tally, spawn, overtaken } = world;
    this.#world = world;
    this.#prng = world.prng.fork(owner);
    this.owner = owner;
    this.clock = new MachineClock(scheduler, owner);
    const prng = this.#prng.fork('network');
    this.store = new RemoteStore(world.store, {
      owner,
      scheduler,
      clock: this.clock,
      prng,
      weather,
      tally,
      spawn,
      overtaken,
    });
    this.#orders = isLastRelease ? undefined : this.#handler(order);
    this.#oldOrders = isLastRelease ? this.#handler(lastRelease) : undefined;
    this.accounts = this.#handler(account);
    this.transfers = this.#handler(transfer);
  }

  async order(
    stream: string,
    command: OrderCommand,
    context: CommandContext,
  ): Promise<Outcome<OrderState, OrderEvent>> {
    if (this.#orders) return this.#orders.handle(stream, command, context);
    const outcome = await this.#oldOrders?.handle(stream, command, context);
    if (outcome === undefined) throw new LawBroken('the simulation', 'a process handles orders');
    return { ...outcome, state: outcome.state.wrapped };
  }

  async loadOrder(
    stream: string,
    deadline: Deadline,
  ): Promise<{ readonly version: number; readonly state: OrderState }> {
    if (this.#orders) return this.#orders.load(stream, deadline);
    const loaded = await this.#oldOrders?.load(stream, deadline);
    if (loaded === undefined) throw new LawBroken('the simulation', 'a process handles orders');
    return { version: loaded.version, state: loaded.state.wrapped };
  }

  deadlineIn(milliseconds: number): Deadline {
    return deadlineIn(milliseconds, this.clock);
  }

  #handler<Command, State, Event extends DomainEvent>(aggregate: Aggregate<Command, State, Event>) {
    return new CommandHandler({
      aggregate,
      store: this.store,
      clock: this.clock,
      random: this.#prng.fork(aggregate.kind),
      cell: 'simulated',
      onQuarantine: (stream, error) => {
        this.#world.spawn(() =>
          Promise.reject(new LawBroken('nothing impossible happens', `${stream}: ${error.message}`, error)),
        );
      },
      cache: new StreamCache<Loaded<State>>(this.#prng.pick([0, 2, 8, 100])),
    });
  }
}

/** A process that crashes and comes back with empty caches. */
export class Process {
  readonly name: string;
  readonly #world: World;
  readonly #prng: Prng;
  readonly #isLastRelease: boolean;
  #lives = 0;
  #life: Life | undefined;

  constructor(world: World, name: string, isLastRelease: boolean) {
    this.#world = world;
    this.#prng = world.prng.fork(name);
    this.#isLastRelease = isLastRelease;
    this.name = name;
    this.#begin();
  }

  get life(): Life | undefined {
    return this.#life;
  }

  /** Ends everything this process was doing, at whatever it awaits just now. */
  crash(): void {
    const life = this.#life;
    if (!life) return;
    this.#life = undefined;
    this.#world.scheduler.abandon(life.owner);
    for (const lose of life.askers) lose(new ConnectionLost(`${this.name} crashed`));
    this.#world.spawn(async () => {
      await this.#world.scheduler.pause('world', `${this.name} restarts`, this.#prng.between(5, 400));
      this.#begin();
    });
  }

  setClock(): void {
    if (this.#life) this.#life.clock.skewMs = this.#prng.between(-600, 600);
  }

  /** What a request to this process comes back with over a network that may lose the answer. Throws `ConnectionLost`. */
  async ask<Answer>(work: (life: Life) => Promise<Answer>): Promise<Answer> {
    const { scheduler, weather } = this.#world;
    await scheduler.pause('network', `to ${this.name}`, this.#prng.between(1, 5));
    const life = this.#life;
    if (!life) throw new ConnectionLost(`${this.name} is down`);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    life.askers.add(reject);
    this.#world.spawn(async () => work(life).then(resolve, reject));
    const [settled] = await Promise.allSettled([promise]);
    life.askers.delete(reject);
    await scheduler.pause('network', `from ${this.name}`, this.#prng.between(1, 5));
    if (weather.strikes('client: answer lost')) throw new ConnectionLost(`answer of ${this.name} lost`);
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  }

  #begin(): void {
    this.#lives += 1;
    this.#life = new Life(this.#world, `${this.name}.${this.#lives}`, this.#isLastRelease);
  }
}
