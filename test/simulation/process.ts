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
import { killSwitch } from '../../platform/aggregates/kill-switch.ts';
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
import type { WrittenStreams } from '../../platform/event-store/written-streams.ts';
import { StoredKillSwitch } from '../../platform/kill-switch/stored-kill-switch.ts';
import { referencePrice } from '../../platform/reference-prices/aggregate.ts';
import { ReferencePrices } from '../../platform/reference-prices/reference-prices.ts';
import type { Side } from '../../domain/order/terms.ts';
import type { TradingRules } from '../../domain/risk/rules.ts';
import { stopsFor } from '../../domain/kill-switch/stops.ts';
import { driftMaxPpm, MachineClock, setMaxMs } from './clock.ts';
import { Consumers, type Kept } from './consumers.ts';
import { lastRelease, type Wrapped } from './last-release.ts';
import { DoorConfig } from './door/door-config.ts';
import { FrontDoor } from './door/front-door.ts';
import type { Disk } from './disk.ts';
import { LawBroken } from './law.ts';
import type { Market } from './market.ts';
import { PolledConfig } from './polled-config.ts';
import type { Prng } from './prng.ts';
import { RemoteStore } from './remote-store.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';
import { Wire } from './wire.ts';

/** The connection to a process broke before its answer came: what became of the request is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly retryable = true;
}

export interface World {
  readonly store: EventStore & WrittenStreams;
  readonly disk: Disk;
  readonly kept: Kept;
  readonly areBooksShared: boolean;
  readonly market: Market;
  readonly scheduler: Scheduler;
  readonly prng: Prng;
  readonly weather: Weather;
  readonly tally: Tally;
  readonly spawn: (work: () => Promise<unknown>) => void;
  readonly overtaken: Set<string>;
}

export interface Asked {
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
}

/** One life of a process, from its start to its crash: its caches, and who waits for its answers. */
export class Life {
  readonly owner: string;
  readonly clock: MachineClock;
  readonly store: RemoteStore;
  readonly config: PolledConfig;
  readonly killSwitch: StoredKillSwitch;
  readonly prices: ReferencePrices;
  /** What follows the log and the clock here. */
  readonly consumers: Consumers;
  readonly accounts: CommandHandler<AccountCommand, AccountState, AccountEvent>;
  readonly transfers: CommandHandler<TransferCommand, TransferState, TransferEvent>;
  readonly askers = new Set<(error: Error) => void>();
  readonly #orders: CommandHandler<OrderCommand, OrderState, OrderEvent>;
  readonly #oldOrders: CommandHandler<OrderCommand, Wrapped, OrderEvent> | undefined;
  readonly #world: World;
  readonly #prng: Prng;
  #door: FrontDoor | undefined;

  constructor(world: World, owner: string, isLastRelease: boolean) {
    const { scheduler, weather, tally, spawn, overtaken } = world;
    this.#world = world;
    this.#prng = world.prng.fork(owner);
    this.owner = owner;
    this.clock = new MachineClock(scheduler, owner);
    const line = { owner, scheduler, clock: this.clock, weather, tally, spawn, overtaken };
    this.store = new RemoteStore(world.store, world.disk, { ...line, prng: this.#prng.fork('network') });
    this.#orders = this.#handler(order);
    this.#oldOrders = isLastRelease ? this.#handler(lastRelease) : undefined;
    this.accounts = this.#handler(account);
    this.transfers = this.#handler(transfer);
    const { clock, store } = this;
    const everyMs = this.#prng.pick([0, 200, 1_500]);
    this.config = new PolledConfig(world.market, { clock, everyMs, tally });
    const cell = 'simulated';
    this.killSwitch = new StoredKillSwitch({ store, clock, cell, handler: this.#handler(killSwitch) });
    this.prices = new ReferencePrices({ store, clock, handler: this.#handler(referencePrice) });
    const { config, killSwitch: switches, prices } = this;
    this.consumers = new Consumers({
      store,
      clock,
      config,
      prices,
      killSwitch: switches,
      kept: world.kept,
      areBooksShared: world.areBooksShared,
      orders: this.#orders,
      weather,
      tally,
      wire: new Wire({ ...line, prng: this.#prng.fork('beside the log') }),
      prng: this.#prng.fork('consumers'),
      onImpossible: (what, error) => this.#impossible(what, error),
    });
  }

  /** Composed when somebody comes: most of a world's lives end before that. */
  get door(): FrontDoor {
    const { store, clock } = this;
    const { market, kept } = this.#world;
    this.#door ??= new FrontDoor({
      store,
      clock,
      random: this.#prng.fork('door'),
      config: new DoorConfig(this.config, market, clock),
      ...kept,
      onImpossible: (what, error) => this.#impossible(what, error),
    });
    return this.#door;
  }

  /** Everything an order is checked against, as this process knows it, and the name of the config it is from. */
  async rules(
    asked: Asked,
    deadline: Deadline,
  ): Promise<{ readonly rules: TradingRules; readonly config: string }> {
    const switches = stopsFor(await this.killSwitch.inForce(deadline), asked);
    const { version } = this.config.current();
    const rules = this.#world.market.rules(asked.symbol, this.clock.now(), { version, switches });
    return { rules, config: version };
  }

  async order(
    stream: string,
    command: OrderCommand,
    context: CommandContext,
  ): Promise<Outcome<OrderState, OrderEvent>> {
    if (!this.#oldOrders) return this.#orders.handle(stream, command, context);
    const outcome = await this.#oldOrders.handle(stream, command, context);
    return { ...outcome, state: outcome.state.wrapped };
  }

  async loadOrder(
    stream: string,
    deadline: Deadline,
  ): Promise<{ readonly version: number; readonly state: OrderState }> {
    if (!this.#oldOrders) return this.#orders.load(stream, deadline);
    const loaded = await this.#oldOrders.load(stream, deadline);
    return { version: loaded.version, state: loaded.state.wrapped };
  }

  deadlineIn(milliseconds: number): Deadline {
    return deadlineIn(milliseconds, this.clock);
  }

  #impossible(what: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#world.spawn(() =>
      Promise.reject(new LawBroken('nothing impossible happens', `${what}: ${message}`, error)),
    );
  }

  #handler<Command, State, Event extends DomainEvent>(aggregate: Aggregate<Command, State, Event>) {
    return new CommandHandler({
      aggregate,
      store: this.store,
      clock: this.clock,
      random: this.#prng.fork(`${aggregate.kind} ${aggregate.fingerprint}`),
      cell: 'simulated',
      onQuarantine: (stream, error) => this.#impossible(stream, error),
      cache: new StreamCache<Loaded<State>>(this.#prng.pick([0, 2, 8, 100])),
    });
  }
}

/** A process that crashes and comes back with empty caches. */
export class Process {
  readonly name: string;
  readonly #world: World;
  readonly #prng: Prng;
  readonly #drifts: Prng;
  readonly #isLastRelease: boolean;
  #lives = 0;
  #life: Life | undefined;

  constructor(world: World, name: string, isLastRelease: boolean) {
    this.#world = world;
    this.#prng = world.prng.fork(name);
    this.#drifts = this.#prng.fork('drifts');
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
    this.#life?.clock.set(this.#prng.between(-setMaxMs, setMaxMs));
  }

  driftClock(): void {
    this.#life?.clock.drift(this.#drifts.between(-driftMaxPpm, driftMaxPpm));
  }

  /** What a request to this process comes back with over a network that may lose the answer. Throws `ConnectionLost`. */
  async ask<Answer>(work: (life: Life) => Promise<Answer>): Promise<Answer> {
    const { scheduler, weather } = this.#world;
    await scheduler.pause('network', `to ${this.name}`, this.#prng.between(1, 5));
    const settled = await this.#settled(work);
    await scheduler.pause('network', `from ${this.name}`, this.#prng.between(1, 5));
    if (weather.strikes('client: answer lost')) throw new ConnectionLost(`answer of ${this.name} lost`);
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  }

  /** What it is woken for. Throws `ConnectionLost` when it crashes meanwhile. */
  async wake<Answer>(work: (life: Life) => Promise<Answer>): Promise<Answer> {
    const settled = await this.#settled(work);
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  }

  async #settled<Answer>(work: (life: Life) => Promise<Answer>): Promise<PromiseSettledResult<Answer>> {
    const life = this.#life;
    if (!life) throw new ConnectionLost(`${this.name} is down`);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    life.askers.add(reject);
    this.#world.spawn(async () => work(life).then(resolve, reject));
    const [settled] = await Promise.allSettled([promise]);
    life.askers.delete(reject);
    return settled;
  }

  #begin(): void {
    this.#lives += 1;
    this.#life = new Life(this.#world, `${this.name}.${this.#lives}`, this.#isLastRelease);
  }
}
