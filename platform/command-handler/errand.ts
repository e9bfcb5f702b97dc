import type { DomainEvent } from '../../domain/decider.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import { budgetMs, remainingMs } from '../deadline/deadline.ts';
import { CorruptCommit, StoreUnavailable, VersionConflict } from '../event-store/errors.ts';
import type { AppendResult, Commit, EventStore } from '../event-store/port.ts';
import { withSnapshot } from '../event-store/snapshot-policy.ts';
import type { Random } from '../random/random.ts';
import type { Aggregate } from './aggregate.ts';
import type { CommandContext } from './context.ts';
import type { Fold, Loaded } from './fold.ts';
import { recall, remember } from './key-memory.ts';
import { type CommandHandlerLimits, pauseCeilingMs } from './limits.ts';
import type { Outcome } from './outcome.ts';
import { beginning, following, originOf } from './proposal.ts';
import type { StreamReader } from './stream-reader.ts';

/** What all commands of one handler share. */
export interface Equipment<Command, State, Event extends DomainEvent> {
  readonly aggregate: Aggregate<Command, State, Event>;
  readonly fold: Fold<State, Event>;
  readonly reader: StreamReader<State, Event>;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly cell: string;
  readonly limits: CommandHandlerLimits;
}

/** A command with what it came with, and the stream as far as it is known. */
export interface Assignment<Command, State> {
  readonly command: Command;
  readonly context: CommandContext;
  readonly receivedAt: Timestamp;
  readonly loaded: Loaded<State>;
  /** Whether `loaded` was the stream's end at some moment since the command arrived; what a cache holds need not be. */
  readonly confirmed: boolean;
}

type Obstacle = Exclude<AppendResult, { readonly outcome: 'appended' | 'repeated' }>;
type Commits = Parameters<EventStore['append']>[0];
type Changes = Parameters<EventStore['append']>[1];

/** Everything one append writes, and what the stream will be once it has. */
interface Proposal<State, Event> {
  readonly events: readonly Event[];
  readonly commits: Commits;
  readonly changes: Changes;
  readonly next: Loaded<State>;
}

/** One command on its way to its outcome: decide, append, learn from what stood in the way, decide again. */
export class Errand<Command, State, Event extends DomainEvent> {
  readonly #equipment: Equipment<Command, State, Event>;
  readonly #context: CommandContext;
  readonly #receivedAt: Timestamp;
  #command: Command;
  #loaded: Loaded<State>;
  #confirmed: boolean;
  /** In a row, since the stream was last read. */
  #conflicts = 0;
  /** Whether the stream is known, or feared, to have gone on beyond `loaded`. */
  #isBehind = false;
  /** How long the latest append took: what the pauses are measured by. */
  #appendMs = 0;
  /**
   * Our own commits that were refused. A try of theirs without answer, ours or one the store repeated by itself, may still arrive
   * and succeed.
   */
  readonly #unanswered: string[] = [];

  constructor(equipment: Equipment<Command, State, Event>, assignment: Assignment<Command, State>) {
    this.#equipment = equipment;
    this.#context = assignment.context;
    this.#receivedAt = assignment.receivedAt;
    this.#command = assignment.command;
    this.#loaded = assignment.loaded;
    this.#confirmed = assignment.confirmed;
  }

  /** The stream as far as this command has come to know it. */
  get loaded(): Loaded<State> {
    return this.#loaded;
  }

  async run(): Promise<Outcome<State, Event>> {
    const { decisionsMax } = this.#equipment.limits;
    const key = this.#context.key;
    const version = key && recall(this.#loaded.keys, key.commandId);
    if (version !== undefined) return this.#outcomeOf(version);
    for (let decision = 1; decision <= decisionsMax; decision += 1) {
      await this.#pauseBefore(decision);
      const outcome = (await this.#readAsNeeded()) ?? (await this.#decide());
      if (outcome) return outcome;
    }
    throw new VersionConflict(this.#loaded.stream, this.#loaded.version, decisionsMax);
  }

  async #decide(): Promise<Outcome<State, Event> | undefined> {
    const { state, version } = this.#loaded;
    const events = this.#equipment.aggregate.decide(this.#command, state);
    if (events.length === 0) {
      if (this.#confirmed) return { outcome: 'unchanged', state, version };
      this.#isBehind = true;
      return undefined;
    }
    const proposal = this.#propose(events);
    const sentMs = this.#equipment.clock.monotonicMs();
    const result = await this.#append(proposal);
    this.#appendMs = this.#equipment.clock.monotonicMs() - sentMs;
    if (result.outcome === 'refused') this.#unanswered.push(proposal.commits[0].commitId);
    if (result.outcome === 'conflict' || result.outcome === 'refused') return this.#learn(result);
    this.#loaded = proposal.next;
    return { outcome: 'committed', commit: proposal.commits[0], events, state: proposal.next.state };
  }

  /** Folds the decided events before they are written: what cannot be folded must not become durable. */
  #propose(events: readonly Event[]): Proposal<State, Event> {
    const { aggregate, fold, random, cell } = this.#equipment;
    const loaded = this.#loaded;
    const context = this.#context;
    const origin = originOf(context, loaded.last, this.#receivedAt, cell);
    const effects = aggregate.effects?.(this.#command, loaded.state, events, origin.at);
    const bare = following(loaded, events, origin, context);
    const state = fold.evolve(loaded.state, events, origin);
    const keys = remember(loaded.keys, bare.commandId, bare.version);
    const commit = withSnapshot({ ...bare, commitId: random.id() }, fold.snapshot(state, keys));
    const beginnings =
      effects?.beginnings.map((begun) => beginning(begun, random.id(), origin, commit)) ?? [];
    return {
      events,
      commits: [commit, ...beginnings],
      changes: effects?.changes ?? [],
      next: { stream: loaded.stream, version: bare.version, state, keys, last: commit },
    };
  }

  /**
   * When the answer is lost the same content goes out once more under the same `commitId`: until we know whether ours is in
   * the log, nothing new is decided.
   */
  async #append({ commits, changes }: Proposal<State, Event>): Promise<AppendResult> {
    const { store, clock, random, limits } = this.#equipment;
    const { deadline } = this.#context;
    try {
      return await store.append(commits, changes, deadline);
    } catch (error) {
      const pauseMs = random.fraction() * limits.pauseMaxMs;
      if (!(error instanceof StoreUnavailable) || remainingMs(deadline, clock) <= pauseMs) throw error;
      await clock.sleep(pauseMs);
    }
    return store.append(commits, changes, deadline);
  }

  #learn(obstacle: Obstacle): Outcome<State, Event> | undefined {
    const { aggregate } = this.#equipment;
    if (obstacle.outcome === 'conflict' && obstacle.commit.stream === this.#loaded.stream) {
      return this.#catchUp(obstacle.commit);
    }
    if (obstacle.outcome === 'conflict') {
      if (!aggregate.taken)
        throw new TypeError(`${aggregate.kind} cannot be told that ${obstacle.commit.stream} is taken`);
      this.#command = aggregate.taken(this.#command, obstacle.commit);
    } else {
      if (!aggregate.observe) throw new TypeError(`${aggregate.kind} cannot be told why its items refused`);
      this.#command = aggregate.observe(this.#command, obstacle.refusals);
    }
    return undefined;
  }

  /** The first conflict brings the commit we missed with it. After the second, or when it does not connect, the rest is read. */
  #catchUp(missed: Commit): Outcome<State, Event> | undefined {
    const connects = this.#equipment.fold.follows(this.#loaded, missed);
    this.#confirmed = false;
    this.#conflicts += 1;
    this.#isBehind = !connects || this.#conflicts >= 2;
    return connects ? this.#absorb(missed) : undefined;
  }

  async #readAsNeeded(): Promise<Outcome<State, Event> | undefined> {
    if (this.#equipment.aggregate.history?.isNeeded(this.#command)) return this.#readAgain();
    return this.#isBehind ? this.#readOn() : undefined;
  }

  /** The stream from its beginning, folded anew: the state decided on and the history it comes with are of one version. */
  async #readAgain(): Promise<Outcome<State, Event> | undefined> {
    const { aggregate, fold, reader } = this.#equipment;
    const { stream, version } = this.#loaded;
    const start = fold.start(stream);
    const commits = await reader.since(start, this.#context.deadline);
    this.#loaded = fold.all(start, commits.slice(0, version));
    const events = commits.flatMap((commit) => fold.events(commit));
    this.#command = aggregate.history?.given(this.#command, events) ?? this.#command;
    return this.#upToDateWith(commits.slice(version));
  }

  async #readOn(): Promise<Outcome<State, Event> | undefined> {
    const missed = await this.#equipment.reader.since(this.#loaded, this.#context.deadline);
    return this.#upToDateWith(missed);
  }

  #upToDateWith(missed: readonly Commit[]): Outcome<State, Event> | undefined {
    for (const commit of missed) {
      const settled = this.#absorb(commit);
      if (settled) return settled;
    }
    this.#confirmed = true;
    this.#isBehind = false;
    this.#conflicts = 0;
    return undefined;
  }

  /** Folds a commit we did not know. It may be the end of this errand: our own after all, or another's under the same key. */
  #absorb(commit: Commit): Outcome<State, Event> | undefined {
    const { fold } = this.#equipment;
    this.#loaded = fold.next(this.#loaded, commit);
    const { state } = this.#loaded;
    if (this.#unanswered.includes(commit.commitId)) {
      return { outcome: 'committed', commit, events: fold.events(commit), state };
    }
    const { key } = this.#context;
    return key && commit.commandId === key.commandId ? this.#recorded(commit, state) : undefined;
  }

  /** The outcome of the command that used our key for `version`, as it was then. */
  async #outcomeOf(version: number): Promise<Outcome<State, Event>> {
    const { stream, last } = this.#loaded;
    const { deadline } = this.#context;
    const past =
      last?.version === version
        ? this.#loaded
        : await this.#equipment.reader.at(stream, { version }, deadline);
    if (past.last?.version !== version || past.last.commandId !== this.#context.key?.commandId) {
      throw new CorruptCommit(`${stream} version ${version} does not carry the key it is remembered for`);
    }
    return this.#recorded(past.last, past.state);
  }

  #recorded(commit: Commit, state: State): Outcome<State, Event> {
    if (commit.requestHash !== this.#context.key?.requestHash)
      return { outcome: 'key-reused', commit, state };
    return { outcome: 'replayed', commit, events: this.#equipment.fold.events(commit), state };
  }

  /** Ahead of the read, not after it: what was read before a pause is old news after it. */
  async #pauseBefore(decision: number): Promise<void> {
    const { clock, random, limits } = this.#equipment;
    const { deadline } = this.#context;
    if (decision === 1) {
      budgetMs(deadline, clock);
      return;
    }
    const neededMs = this.#appendMs * (this.#isBehind ? 2 : 1);
    const spareMs = remainingMs(deadline, clock) - neededMs;
    if (spareMs <= 0) throw new VersionConflict(this.#loaded.stream, this.#loaded.version, decision - 1);
    const pauseMs = random.fraction() * Math.min(spareMs, pauseCeilingMs(decision, this.#appendMs, limits));
    if (pauseMs > 0) await clock.sleep(pauseMs);
  }
}
