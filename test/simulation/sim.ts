import type { DomainEvent } from '../../domain/decider.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { timestamp } from '../../domain/values/time.ts';
import type { CommandContext } from '../../platform/command-handler/context.ts';
import type { Outcome } from '../../platform/command-handler/outcome.ts';
import type { Actor, Commit } from '../../platform/event-store/port.ts';
import { MemoryAccountFeed } from '../../platform/account-feed/memory.ts';
import { MemoryParking } from '../../platform/consumer/memory-parking.ts';
import { MemoryEventStore } from '../../platform/event-store/memory.ts';
import { MemoryChunkStore } from '../../platform/venue/chunk-store.ts';
import { MemoryViews } from '../../platform/views/memory.ts';
import { Limits } from './auditor/order-laws.ts';
import { Auditor } from './auditor/auditor.ts';
import { epochMicros } from './clock.ts';
import { isRetryable } from './consumers.ts';
import { Disk } from './disk.ts';
import { demand, LawBroken } from './law.ts';
import { Market } from './market.ts';
import { type Life, Process, type World } from './process.ts';
import { Prng } from './prng.ts';
import type { BusDoor } from './remote-bus.ts';
import { Scheduler } from './scheduler.ts';
import { Tally } from './tally.ts';
import { Weather } from './weather.ts';

/** A command on its way: made anew for every try, since the world it is prepared in moves on. */
export interface Request<State, Event extends DomainEvent> {
  /** What it is, in the trace; with `name` it is the command's identity. */
  readonly what: string;
  readonly name: string;
  readonly stream: string;
  readonly actor: Actor;
  readonly key?: { readonly commandId: string; readonly requestHash: string };
  readonly expectNew?: boolean;
  /** Without a key nobody may ask again: what became of it stays unknown. */
  readonly triesMax?: number;
  handle(life: Life, stream: string, context: CommandContext): Promise<Outcome<State, Event>>;
}

const triesMax = 400;
/** Once nothing goes wrong any more. */
const calmTriesMax = 12;

/** One simulated world: everything in it comes from its seed. */
export class Sim implements World {
  readonly prng: Prng;
  readonly tally = new Tally();
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly store = new MemoryEventStore();
  readonly disk: Disk;
  readonly kept = {
    views: new MemoryViews(),
    feed: new MemoryAccountFeed(),
    chunks: new MemoryChunkStore(),
    parking: new MemoryParking(),
    places: this.store,
    bus: { take: (commit: Commit) => this.bus?.take(commit) },
  };
  readonly market: Market;
  readonly auditor: Auditor;
  readonly overtaken = new Set<string>();
  /** Every process leads every book and knows it, as functions in the cloud do; otherwise each takes itself for the only one. */
  readonly areBooksShared: boolean;
  /** What was published arrives here, once there is one. */
  bus: BusDoor | undefined;
  readonly processes: readonly [Process, ...Process[]];
  readonly without: readonly string[];
  /** Whoever acts by itself stops; what was begun is brought to its end. */
  isEnding = false;
  /** Requests nobody has an answer to yet. */
  unanswered = 0;
  #failure: unknown;
  #tries = 0;

  constructor(seed: number, without: readonly string[] = []) {
    this.prng = new Prng(`seed ${seed}`);
    this.without = without;
    this.scheduler = new Scheduler(this.prng.fork('scheduler'));
    this.weather = new Weather(this.prng.fork('weather'), this.tally, without);
    this.disk = new Disk(this, this.prng.fork('disk'));
    this.market = new Market(this.prng.fork('market'));
    this.auditor = new Auditor(new Limits((config) => this.market.at(readConfig(config))), this.tally);
    this.areBooksShared = this.prng.fork('leaders').chance(0.5);
    if (this.areBooksShared) this.tally.count('world: books led by all');
    const [first, ...others] = Array.from({ length: this.prng.between(2, 4) }, (_, index) => index + 1);
    const process = (number = 1) => new Process(this, `process-${number}`, this.prng.chance(0.25));
    this.processes = [process(first), ...others.map(process)];
  }

  get now(): Timestamp {
    return timestamp(epochMicros + this.scheduler.nowMs * 1_000);
  }

  /** Throws the first failure of anything that ran; the world is over then. */
  check(): void {
    // oxlint-disable-next-line typescript/only-throw-error -- it is thrown on as it was
    if (this.#failure !== undefined) throw this.#failure;
  }

  readonly spawn = (work: () => Promise<unknown>): void => {
    work().catch((error: unknown) => {
      this.#failure ??= error;
    });
  };

  process(): Process {
    return this.prng.pick(this.processes);
  }

  async pause(owner: string, what: string, milliseconds: number): Promise<void> {
    await this.scheduler.pause(owner, what, milliseconds);
  }

  /** Asks until there is an answer, as clients do, of any process; undefined when it may ask only so often and got none. */
  async request<State, Event extends DomainEvent>(
    request: Request<State, Event>,
  ): Promise<Outcome<State, Event> | undefined> {
    const { what, name, stream, key } = request;
    this.tally.count(`command: ${what}`);
    this.unanswered += 1;
    let calmTries = 0;
    for (let attempt = 1; attempt <= (request.triesMax ?? triesMax); attempt += 1) {
      calmTries += Number(this.isEnding);
      demand(calmTries <= calmTriesMax, 'who keeps asking gets an answer', () => `${what} ${name}`);
      this.#tries += 1;
      const outcome = await this.#try(request, `${name}~${this.#tries}`);
      if (outcome) {
        this.unanswered -= 1;
        this.tally.count(`outcome: ${outcome.outcome}`);
        this.auditor.checkAnswer({ stream, outcome, ...(key && { key }) });
        return outcome;
      }
      await this.pause(name, 'waits to ask again', this.prng.between(1, 40 * Math.min(attempt, 10)));
    }
    if (request.triesMax === undefined)
      throw new LawBroken('who keeps asking gets an answer', `${what} ${name} asked ${triesMax} times`);
    this.unanswered -= 1;
    return undefined;
  }

  /** What a try is told about itself, beyond what its command is told. */
  #checkTry({ outcome, ...told }: Outcome<unknown, unknown>, attempt: string, headBefore: number): void {
    const isOwn = this.auditor.log.hasTry(attempt) && !this.overtaken.has(attempt);
    demand(!isOwn || outcome === 'committed', 'who did it is told so', () => `${attempt} is told ${outcome}`);
    demand(
      !('version' in told) || told.version >= headBefore,
      'nothing is decided on old news',
      () => `${attempt} is told of version ${JSON.stringify(told)}, the stream was at ${headBefore}`,
    );
  }

  /** Asks any process for something that may be done again, and by others; false when nobody knows whether it was done. */
  async attempt(
    what: string,
    work: (life: Life) => Promise<unknown>,
    process = this.process(),
  ): Promise<boolean> {
    try {
      await process.wake(work);
      return true;
    } catch (error) {
      if (error instanceof LawBroken) throw error;
      if (!isRetryable(error)) throw new LawBroken('nothing unexpected is thrown', what, error);
      this.tally.count(`error: ${error.name}`);
      return false;
    }
  }

  async #try<State, Event extends DomainEvent>(
    request: Request<State, Event>,
    attempt: string,
  ): Promise<Outcome<State, Event> | undefined> {
    const { what, name, stream, actor, key, expectNew } = request;
    const milliseconds = this.prng.pick([60, 800, 3_000]);
    const headBefore = this.auditor.log.head(stream);
    try {
      const outcome = await this.process().ask((life) =>
        request.handle(life, stream, {
          actor,
          deadline: life.deadlineIn(this.isEnding ? 3_000 : milliseconds),
          correlationId: name,
          causationId: attempt,
          ...(key && { key }),
          ...(expectNew && { expectNew }),
        }),
      );
      this.#checkTry(outcome, attempt, headBefore);
      return outcome;
    } catch (error) {
      if (error instanceof LawBroken) throw error;
      if (!isRetryable(error)) throw new LawBroken('nothing unexpected is thrown', `${what} ${name}`, error);
      this.tally.count(`error: ${error.name}`);
      return undefined;
    }
  }
}

/** The version of the config in what the API says it decided under: `market-3+k2` names the state of the kill switches too. */
function readConfig(decidedUnder: string | undefined): string | undefined {
  return decidedUnder?.split('+', 1)[0];
}
