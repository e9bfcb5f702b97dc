import { createHash } from 'node:crypto';
import type { Commit } from '../../platform/event-store/port.ts';
import { Client, type Book } from './client.ts';
import { checkBooks, checkSwitches } from './book-check.ts';
import { Bus } from './bus.ts';
import { checkConverged } from './auditor/converged.ts';
import { checkKeptItems } from './item-check.ts';
import { guestsOf, quoteElsewhere } from './door/visitors.ts';
import type { Visitor } from './door/visitor.ts';
import { Exchange } from './exchange.ts';
import { Floor } from './floor.ts';
import { clockOffMaxMs, MachineClock } from './clock.ts';
import { demand, LawBroken } from './law.ts';
import { Operator } from './operator.ts';
import { Schedules } from './schedules.ts';
import { settled } from './scheduler.ts';
import { Sim } from './sim.ts';
import type { Tally } from './tally.ts';

export interface Plan {
  readonly seed: number;
  readonly steps: number;
  /** Faults that do not happen. */
  readonly without?: readonly string[];
}

export interface Result {
  readonly seed: number;
  readonly steps: number;
  readonly commits: number;
  readonly tally: Tally;
  /** SHA-256 over every step and every commit. */
  readonly trace: string;
  readonly failure?: Failure;
}

export interface Failure {
  readonly step: number;
  readonly law: string;
  readonly message: string;
  readonly error: unknown;
  readonly lastSteps: readonly string[];
}

const drainStepsMax = 100_000;
const rememberedSteps = 40;

/** Runs the world of one seed: so many steps of trouble, then calm until everything has come to rest. */
export async function run({ seed, steps, without = [] }: Plan): Promise<Result> {
  const world = new Running(new Sim(seed, without));
  let failure: Failure | undefined;
  try {
    await world.run(steps);
  } catch (error) {
    failure = world.describe(error);
  }
  const { tally, auditor } = world.sim;
  const done = { seed, steps: world.step, commits: auditor.log.size, tally, trace: world.trace() };
  return failure ? { ...done, failure } : done;
}

class Running {
  readonly sim: Sim;
  readonly #bus: Bus;
  step = 0;
  readonly #accounts: readonly [string, ...string[]];
  readonly #visitors: readonly Visitor[];
  readonly #hash = createHash('sha256');
  readonly #lastSteps: string[] = [];
  #read = '0';

  constructor(sim: Sim) {
    this.sim = sim;
    this.#bus = new Bus(sim);
    const others = Array.from({ length: sim.prng.between(0, 2) }, (_, index) => `account-${index + 2}`);
    const { accounts, visitors } = guestsOf(sim);
    this.#accounts = ['account-1', ...others, ...accounts];
    this.#visitors = visitors;
  }

  async run(steps: number): Promise<void> {
    this.sim.spawn(async () => this.#live());
    while (this.step < steps && (await this.#next())) await this.#audit();
    this.sim.isEnding = true;
    this.sim.weather.isCalm = true;
    const limit = this.step + drainStepsMax;
    while (await this.#next()) {
      await this.#audit();
      demand(this.step < limit, 'everything comes to rest', () => `${this.sim.unanswered} unanswered`);
    }
    demand(
      this.sim.unanswered === 0,
      'who keeps asking gets an answer',
      () => `${this.sim.unanswered} have none`,
    );
    await this.#checkEnd();
  }

  trace(): string {
    return this.#hash.copy().digest('hex');
  }

  describe(error: unknown): Failure {
    const law = error instanceof LawBroken ? error.law : 'nothing unexpected is thrown';
    const message = error instanceof Error ? error.message : String(error);
    return { step: this.step, law, message, error, lastSteps: this.#lastSteps };
  }

  async #live(): Promise<void> {
    const { sim } = this;
    sim.spawn(async () => this.#moveMarket());
    new Schedules(sim, this.#bus).start();
    const operator = new Operator(sim, this.#accounts);
    // Mostly in peace, so that the trouble is in the trading.
    sim.weather.isCalm = sim.prng.chance(0.7);
    await operator.open();
    sim.weather.isCalm = sim.isEnding;
    sim.spawn(async () => operator.run());
    const floor = new Floor(sim, this.#accounts);
    for (const work of [() => floor.run(), () => floor.quote()]) sim.spawn(work);
    for (const symbol of sim.market.symbols.filter((one) => !sim.market.ours.includes(one))) {
      const exchange = new Exchange(sim, symbol);
      for (const work of [() => exchange.run(), () => exchange.release(), () => exchange.sweep()])
        sim.spawn(work);
    }
    const books = new Map<string, Book>(this.#accounts.map((account) => [account, []]));
    for (let number = 1; number <= sim.prng.between(2, 5); number += 1) {
      const account = sim.prng.pick(this.#accounts);
      const client = new Client(sim, `client-${number}`, account, books.get(account) ?? []);
      sim.spawn(async () => client.run());
    }
    for (const visitor of this.#visitors) sim.spawn(() => visitor.run());
    if (this.#visitors.length > 0) sim.spawn(() => quoteElsewhere(sim));
  }

  async #moveMarket(): Promise<void> {
    // As long as somebody waits: a stale price would end what an error keeps from ending.
    while (!this.sim.isEnding || this.sim.unanswered > 0) {
      await this.sim.pause('market', 'moves', this.sim.prng.between(50, 400));
      this.sim.market.move(this.sim.now);
    }
  }

  /** One step: whoever goes on next, unless its process crashes at this very await. False when nobody waits for anything. */
  async #next(): Promise<boolean> {
    const { scheduler, processes, weather } = this.sim;
    const waiting = scheduler.next();
    if (!waiting) return false;
    this.step += 1;
    this.#note(`${this.step} ${scheduler.nowMs} ms ${waiting.owner}: ${waiting.label}`);
    const process = processes.find(({ life }) => life?.owner === waiting.owner);
    if (process && weather.strikes('process: crash')) {
      this.#note(`${process.name} crashes`);
      process.crash();
    } else waiting.resume();
    if (process && weather.strikes('process: clock set')) process.setClock();
    if (process && weather.strikes('process: clock drifts')) process.driftClock();
    await settled();
    this.sim.check();
    return true;
  }

  async #audit(): Promise<void> {
    const { auditor, store, tally } = this.sim;
    const entries = await store.feed(this.#read, 100);
    for (const { sequence, commit } of entries) {
      this.#read = sequence;
      this.#note(summary(commit));
      for (const { type, data } of commit.events) {
        tally.count(`event: ${type}`);
        if ('reason' in data && 'requested' in data) tally.count(`denied: ${String(data['reason'])}`);
      }
      auditor.next(commit);
      this.#bus.announce(commit);
    }
    if (entries.length === 0) return;
    auditor.checkTogether();
    for (const account of this.#accounts) auditor.checkItems(account, await store.readItems(account));
  }

  async #checkEnd(): Promise<void> {
    const { auditor, processes, kept, market } = this.sim;
    auditor.checkEnd();
    this.#bus.checkEnd();
    const derived = {
      views: kept.views,
      feed: kept.feed,
      clock: new MachineClock(this.sim.scheduler, 'auditor'),
    };
    await checkConverged(derived, auditor.log, auditor.orders, this.#accounts);
    checkSwitches(auditor, market);
    await checkKeptItems(this.sim.store, this.#accounts);
    for (const visitor of this.#visitors)
      await this.#finish(async () => ({ done: await visitor.checkEnd() }));
    for (const { life } of processes)
      if (life) await this.#finish(async () => ({ done: await checkBooks(life, auditor, market) }));
    for (const { life, name } of processes) {
      demand(life !== undefined, 'everything comes to rest', () => `${name} is down`);
      const { offMs } = life.clock;
      demand(Math.abs(offMs) <= clockOffMaxMs, 'the simulation', () => `${name} is off by ${offMs} ms`);
      for (const id of auditor.orders.keys()) {
        const stream = `order-${id}`;
        const loaded = await this.#finish(() => life.loadOrder(stream, life.deadlineIn(10_000)));
        demand(
          auditor.replay.wasAt(stream, loaded.version, loaded.state),
          'replay gives the same state',
          () => `${name} has another state of ${stream}`,
        );
      }
    }
  }

  /** Lets the world go on until this one thing is done. */
  async #finish<Value>(work: () => Promise<Value>): Promise<Value> {
    const box: { value?: Value } = {};
    this.sim.spawn(async () => {
      box.value = await work();
    });
    do {
      await settled();
      this.sim.check();
      if (box.value !== undefined) return box.value;
    } while (await this.#next());
    throw new LawBroken('everything comes to rest', 'somebody waits for nothing');
  }

  #note(text: string): void {
    this.#hash.update(text).update('\n');
    this.#lastSteps.push(text);
    if (this.#lastSteps.length > rememberedSteps) this.#lastSteps.shift();
  }
}

function summary({ stream, version, commitId, events, actor, at }: Commit): string {
  const happened = events.map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join('; ');
  return `  committed ${stream}@${version} ${commitId} at ${at} by ${actor.id}: ${happened}`;
}
