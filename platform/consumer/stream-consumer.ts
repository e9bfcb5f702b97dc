import { assert } from '../../domain/values/assert.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { newestOfEach } from '../event-store/written-streams.ts';
import { type Errand, planErrand, type Poison, type Wanted } from './errand.ts';
import { ConsumerContended, isRetryable } from './errors.ts';
import {
  type EffectStore,
  kindOf,
  type Parked,
  type Parking,
  type Projection,
  type Written,
} from './port.ts';
import { ProgressCache } from './progress-cache.ts';

export interface ConsumerLimits {
  /** Commits of one stream written at once: with what each may touch, well inside one transaction of 100 items. */
  readonly commitsMax: number;
  /** Rounds in a row that somebody else was faster in. */
  readonly attemptsMax: number;
  /** Streams whose progress is remembered in this process. */
  readonly streamsCached: number;
}

export const consumerLimits: ConsumerLimits = { commitsMax: 16, attemptsMax: 8, streamsCached: 20_000 };

export interface StreamConsumerOptions<Memory, Effect> {
  readonly projection: Projection<Memory, Effect>;
  readonly effects: EffectStore<Effect>;
  readonly parking: Parking;
  readonly log: Pick<EventStore, 'read'>;
  readonly clock: Clock;
  /** Told once for each commit that was parked: raises the alarm. Must not throw. */
  readonly onParked: (consumer: string, parked: Parked) => void;
  readonly limits?: Partial<ConsumerLimits>;
}

/** What became of a delivery. What is in neither number had been applied before, or is not for this consumer. */
export interface Delivered {
  /** Commits applied, also those that were not delivered but missing. */
  readonly applied: number;
  /** Streams that are parked now. */
  readonly parked: number;
  /** The mark was saved, in the same transaction as the last effects. */
  readonly isMarked: boolean;
}

/** What driving the parked again came to. */
export interface Redriven {
  readonly restored: number;
  /** Still parked. */
  readonly parked: number;
}

/** The streams to go on with after one round. */
interface Round extends Delivered {
  readonly again: readonly Wanted[];
  readonly hasConflicts: boolean;
}

const nothingDelivered: Delivered = { applied: 0, parked: 0, isMarked: false };

/**
 * The one way commits reach a consumer, whatever got lost, repeated or swapped on their way: a version already applied is dropped,
 * what is missing before one is loaded from the log, and all of it is written under the condition that nobody else was faster.
 */
export class StreamConsumer<Memory, Effect> {
  readonly #options: StreamConsumerOptions<Memory, Effect>;
  readonly #limits: ConsumerLimits;
  readonly #cache: ProgressCache<Memory, Effect>;

  constructor(options: StreamConsumerOptions<Memory, Effect>) {
    this.#options = options;
    this.#limits = { ...consumerLimits, ...options.limits };
    this.#cache = new ProgressCache(options.projection, options.effects, this.#limits.streamsCached);
  }

  get name(): string {
    return this.#options.projection.name;
  }

  takes(stream: string): boolean {
    return this.#options.projection.kinds.includes(kindOf(stream));
  }

  /**
   * Applies commits of any streams, in any order. Throws only what is retryable, having applied some, all or none of them:
   * deliver them again. Whatever else fails parks its stream at that version and leaves the others alone.
   */
  async deliver(commits: readonly Commit[], deadline: Deadline, mark?: string): Promise<Delivered> {
    const wanted = new Map<string, { stream: string; version: number; commits: Commit[] }>();
    for (const commit of commits) {
      const { stream, version } = commit;
      if (!this.takes(stream)) continue;
      const one = wanted.get(stream) ?? { stream, version, commits: [] };
      one.version = Math.max(one.version, version);
      one.commits.push(commit);
      wanted.set(stream, one);
    }
    const delivered = await this.#bring([...wanted.values()], deadline, { mark });
    await this.settle(deadline);
    return delivered;
  }

  /**
   * Brings streams to these versions from the log, many of them at best, named in any order and more than once; `settle` when done. What a
   * sweep does.
   */
  async catchUp(
    heads: readonly { readonly stream: string; readonly version: number }[],
    deadline: Deadline,
  ): Promise<Delivered> {
    const ours = heads.filter(({ stream }) => this.takes(stream));
    const wanted = newestOfEach(ours).map((head) => ({ ...head, commits: [] }));
    return this.#bring(wanted, deadline);
  }

  /** Tries everything parked once more, and takes out what succeeds. */
  async redrive(deadline: Deadline): Promise<Redriven> {
    const { parking } = this.#options;
    const entries = await this.parked(deadline);
    let restored = 0;
    for (const { stream, version } of entries) {
      this.#cache.forget(stream);
      const { parked } = await this.catchUp([{ stream, version }], deadline);
      if (parked > 0) continue;
      await parking.unpark(this.name, stream, deadline);
      restored += 1;
    }
    await this.settle(deadline);
    return { restored, parked: entries.length - restored };
  }

  /** What it stands still at. */
  parked(deadline: Deadline): Promise<readonly Parked[]> {
    return this.#options.parking.parked(this.name, deadline);
  }

  /** Works out what catching up has put off. */
  async settle(deadline: Deadline): Promise<void> {
    await this.#options.effects.settle(deadline);
  }

  /** Of these streams, how far each is applied, as stored; 0 where nothing is. */
  async applied(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, number>> {
    const progress = await this.#options.effects.progress(streams, deadline);
    return new Map(streams.map((stream) => [stream, progress.get(stream)?.applied ?? 0]));
  }

  /** Takes a commit out of the way that is not even readable. */
  async park(stream: string, { version, error }: Poison, deadline: Deadline): Promise<void> {
    const { parking, clock, onParked } = this.#options;
    const parked = { stream, version, error: describe(error), at: clock.now() };
    if ((await parking.park(this.name, parked, deadline)) === 'parked') onParked(this.name, parked);
  }

  /** Drops what this process remembers: after the effects were deleted. */
  forget(): void {
    this.#cache.clear();
  }

  async #bring(
    all: readonly Wanted[],
    deadline: Deadline,
    how: { readonly mark?: string | undefined; readonly commitsMax?: number } = {},
  ): Promise<Delivered> {
    let { applied, parked, isMarked } = nothingDelivered;
    let wanted = all;
    let conflicts = 0;
    while (wanted.length > 0) {
      const round = await this.#round(wanted, deadline, how);
      applied += round.applied;
      parked += round.parked;
      isMarked = round.isMarked;
      const isMoving = round.hasConflicts || round.applied + round.parked > 0 || round.again.length === 0;
      assert(isMoving, 'every round applies something, parks something, or meets somebody faster');
      wanted = round.again;
      conflicts = round.hasConflicts ? conflicts + 1 : 0;
      if (conflicts >= this.#limits.attemptsMax)
        throw new ConsumerContended(
          `${this.name}: others keep applying ${wanted.length} of the same streams`,
        );
    }
    return { applied, parked, isMarked };
  }

  async #round(
    wanted: readonly Wanted[],
    deadline: Deadline,
    how: { readonly mark?: string | undefined; readonly commitsMax?: number },
  ): Promise<Round> {
    const errands = await this.#plan(wanted, deadline, how.commitsMax ?? this.#limits.commitsMax);
    const isWhole = errands.every(isLastStep);
    const written = await this.#write(errands, deadline, isWhole ? how.mark : undefined);
    if (written === 'one by one') return this.#oneByOne(errands, deadline);
    const again: Wanted[] = [];
    let { applied, parked } = nothingDelivered;
    for (const [index, errand] of errands.entries()) {
      const result = written[index];
      if (result === 'written') applied += this.#remember(errand);
      const poison = typeof result === 'object' ? result : errand.poison;
      if (result === 'conflict') again.push(errand.wanted);
      else if (poison) {
        await this.park(errand.wanted.stream, poison, deadline);
        parked += 1;
      } else if (!isLastStep(errand)) again.push(errand.wanted);
    }
    const hasConflicts = written.includes('conflict');
    const isClean = isWhole && errands.length > 0 && !hasConflicts && parked === 0;
    return { applied, parked, again, hasConflicts, isMarked: isClean && this.#options.effects.savesMarks };
  }

  async #plan(
    wanted: readonly Wanted[],
    deadline: Deadline,
    commitsMax: number,
  ): Promise<readonly Errand<Memory, Effect>[]> {
    const { projection, log } = this.#options;
    const streams = wanted.map(({ stream }) => stream);
    const known = await this.#cache.known(streams, deadline);
    const errands: Errand<Memory, Effect>[] = [];
    for (const [index, one] of wanted.entries()) {
      const before = known[index];
      assert(before !== undefined, 'of every stream something is known');
      if (one.version <= before.applied) continue;
      const read = (from: number) => log.read(one.stream, from, deadline);
      errands.push(await planErrand(projection, one, before, { commitsMax, read }));
    }
    return errands;
  }

  /** What became of each errand; of one that had nothing to write, nothing. A failure of one step alone is its poison. */
  async #write(
    errands: readonly Errand<Memory, Effect>[],
    deadline: Deadline,
    mark: string | undefined,
  ): Promise<readonly (Written | Poison | undefined)[] | 'one by one'> {
    const advances = errands.flatMap(({ step }) => (step ? [step.advance] : []));
    if (advances.length === 0) return errands.map(() => undefined);
    try {
      const results = (await this.#options.effects.write(advances, deadline, mark)).values();
      const each = errands.map(({ step }) => (step ? results.next().value : undefined));
      for (const [index, result] of each.entries())
        if (result === 'conflict') this.#cache.forget(errands[index]?.wanted.stream ?? '');
      return each;
    } catch (error) {
      for (const { stream } of advances) this.#cache.forget(stream);
      if (isRetryable(error)) throw error;
      const [only] = advances;
      if (!only || advances.length > 1 || only.effects.length > 1) return 'one by one';
      return errands.map(({ step }) => (step ? { version: only.to, error } : undefined));
    }
  }

  /** Something in the write fails for good: commit by commit, so that only the culprit is parked. */
  async #oneByOne(errands: readonly Errand<Memory, Effect>[], deadline: Deadline): Promise<Round> {
    let { applied, parked } = nothingDelivered;
    for (const { wanted } of errands) {
      const one = await this.#bring([wanted], deadline, { commitsMax: 1 });
      applied += one.applied;
      parked += one.parked;
    }
    return { applied, parked, isMarked: false, again: [], hasConflicts: false };
  }

  #remember({ step }: Errand<Memory, Effect>): number {
    assert(step !== undefined, 'what was written was a step');
    this.#cache.remember(step.advance.stream, step.next);
    return step.advance.to - step.advance.from;
  }
}

function isLastStep<Memory, Effect>({ wanted, step, poison }: Errand<Memory, Effect>): boolean {
  return poison === undefined && step?.advance.to === wanted.version;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
