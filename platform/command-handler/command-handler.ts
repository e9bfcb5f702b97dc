import type { DomainEvent } from '../../domain/decider.ts';
import type { Clock } from '../clock/clock.ts';
import { budgetMs, type Deadline } from '../deadline/deadline.ts';
import type { EventStore } from '../event-store/port.ts';
import type { Random } from '../random/random.ts';
import type { Aggregate } from './aggregate.ts';
import type { CommandContext } from './context.ts';
import { Errand, type Equipment } from './errand.ts';
import { Fold, type Loaded } from './fold.ts';
import { Lines } from './line.ts';
import { type CommandHandlerLimits, defaultLimits } from './limits.ts';
import type { Outcome } from './outcome.ts';
import { Quarantine } from './quarantine.ts';
import { StreamCache } from './stream-cache.ts';
import { StreamReader, type Until } from './stream-reader.ts';

export interface CommandHandlerOptions<Command, State, Event extends DomainEvent> {
  readonly aggregate: Aggregate<Command, State, Event>;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  /** The name of this installation, written into every commit. */
  readonly cell: string;
  /** Told once when a stream goes into quarantine: raises the alarm. Must not throw. */
  readonly onQuarantine: (stream: string, error: Error) => void;
  readonly cache?: StreamCache<Loaded<State>>;
  readonly limits?: Partial<CommandHandlerLimits>;
}

/**
 * The one way a command of an aggregate becomes a commit, whoever else writes and whatever answer is lost on the way: never
 * lost once answered, never applied twice. Build one per aggregate and process.
 */
export class CommandHandler<Command, State, Event extends DomainEvent> {
  readonly #equipment: Equipment<Command, State, Event>;
  readonly #cache: StreamCache<Loaded<State>>;
  readonly #lines: Lines;
  readonly #quarantine: Quarantine;

  constructor(options: CommandHandlerOptions<Command, State, Event>) {
    const { aggregate, store, clock, random, cell } = options;
    const limits = { ...defaultLimits, ...options.limits };
    const fold = new Fold(aggregate);
    const reader = new StreamReader(store, fold);
    this.#equipment = { aggregate, fold, reader, store, clock, random, cell, limits };
    this.#cache = options.cache ?? new StreamCache();
    this.#lines = new Lines(limits.lineMax);
    this.#quarantine = new Quarantine(limits.quarantineMax, options.onQuarantine);
  }

  /**
   * Decides one command and appends what it yields. Throws, all retryable with the same key: `VersionConflict` (contention
   * outlasted attempts or deadline), `StoreUnavailable` (outcome unknown), `DeadlineExceeded` and `StreamBusy` (nothing decided).
   * Throws, not retryable: `ImpossibleState`, `CorruptCommit` and `VersionGap`, which put the stream into quarantine;
   * `StreamQuarantined` from then on; `LimitExceeded`.
   */
  async handle(stream: string, command: Command, context: CommandContext): Promise<Outcome<State, Event>> {
    const receivedAt = this.#equipment.clock.now();
    return this.#lines.inTurn(stream, context.deadline, async () => {
      this.#quarantine.check(stream);
      budgetMs(context.deadline, this.#equipment.clock);
      return this.#guarded(stream, async () => {
        const start = await this.#start(stream, context);
        const errand = new Errand(this.#equipment, { command, context, receivedAt, ...start });
        const outcome = await errand.run();
        this.#keep(errand.loaded);
        return outcome;
      });
    });
  }

  /** The stream as it is now, strongly consistent; version 0 and the initial state when it does not exist. */
  async load(stream: string, deadline: Deadline): Promise<Loaded<State>> {
    return this.#guarded(stream, async () => {
      const { reader, fold } = this.#equipment;
      const cached = this.#cache.get(stream);
      const loaded = cached
        ? fold.all(cached, await reader.since(cached, deadline))
        : await reader.head(stream, deadline);
      this.#keep(loaded);
      return loaded;
    });
  }

  /** The stream as it was then, from the events alone; version 0 when it did not exist yet. */
  async stateAt(stream: string, until: Until, deadline: Deadline): Promise<Loaded<State>> {
    return this.#guarded(stream, async () => this.#equipment.reader.at(stream, until, deadline));
  }

  /** The streams nothing is decided on, oldest first. */
  get quarantined(): readonly string[] {
    return this.#quarantine.streams;
  }

  /** Lets a stream be written again, once somebody has looked at it. False when it was not in quarantine. */
  release(stream: string): boolean {
    return this.#quarantine.release(stream);
  }

  async #start(
    stream: string,
    context: CommandContext,
  ): Promise<{ readonly loaded: Loaded<State>; readonly confirmed: boolean }> {
    const { fold, reader } = this.#equipment;
    const cached = this.#cache.get(stream);
    if (cached) return { loaded: cached, confirmed: false };
    if (context.expectNew) return { loaded: fold.start(stream), confirmed: false };
    return { loaded: await reader.head(stream, context.deadline), confirmed: true };
  }

  #keep(loaded: Loaded<State>): void {
    if (loaded.version > 0) this.#cache.put(loaded.stream, loaded);
  }

  /** After any failure the stream is read anew: what is in the log is unknown, or not what we thought. */
  async #guarded<Result>(stream: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#cache.delete(stream);
      this.#quarantine.consider(stream, error);
      throw error;
    }
  }
}
