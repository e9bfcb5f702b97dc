import type { Clock } from '../clock/clock.ts';
import { isRetryable } from '../consumer/errors.ts';
import { relayName } from '../consumer/names.ts';
import type { Parked, Parking } from '../consumer/port.ts';
import type { Redriven } from '../consumer/stream-consumer.ts';
import { type Deadline, deadlineIn, remainingMs } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { EveryVersionParking } from './every-version-parking.ts';
import type { Published, Publisher } from './port.ts';

export interface RelayLimits {
  /**
   * How old a commit may be that waits for the bus. Then it is parked, so that a feed that remembers for a day is not held up by a
   * bus, or by one entry, that never comes round.
   */
  readonly patienceMs: number;
  /** Parked commits driven again in one call. */
  readonly redriveMax: number;
  /**
   * Commits this process remembers to have published. A feed brings everything after the first commit that has to come again, and the
   * bus has most of it already.
   */
  readonly rememberedMax: number;
}

export const relayLimits: RelayLimits = { patienceMs: 5 * 60_000, redriveMax: 500, rememberedMax: 2_000 };

export interface RelayOptions {
  readonly publisher: Publisher;
  readonly log: Pick<EventStore, 'read'>;
  readonly parking: Parking;
  readonly clock: Clock;
  /** Told once for each commit that was parked: raises the alarm. Must not throw. */
  readonly onParked: (consumer: string, parked: Parked) => void;
  readonly limits?: Partial<RelayLimits>;
}

export interface Relayed {
  /** The commits to come again. */
  readonly again: readonly Commit[];
  /** Why the first of them. */
  readonly error?: Error;
}

/**
 * Carries commits from the log to the bus. Each of them is on the bus, or parked, or handed back to come again: there is no second
 * write that could be lost. What is parked is a place in the log, so that nothing too large or too broken stands in its way.
 */
export class Relay {
  readonly name = relayName;
  readonly #options: RelayOptions;
  readonly #limits: RelayLimits;
  readonly #parking: EveryVersionParking;
  readonly #published = new Set<string>();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#limits = { ...relayLimits, ...options.limits };
    this.#parking = new EveryVersionParking(options.parking);
  }

  /** Publishes what it is given, or says what has to come again. Throws only what is retryable: then all of it does. */
  async relay(commits: readonly Commit[], deadline: Deadline): Promise<Relayed> {
    const { publisher, clock } = this.#options;
    const fresh = commits.filter(({ commitId }) => !this.#published.has(commitId));
    const again: Commit[] = [];
    let error: Error | undefined;
    // A quarter of the time is for parking what the bus did not take.
    const publishing = deadlineIn(remainingMs(deadline, clock) * 0.75, clock);
    const answers = await publisher.publish(fresh, publishing);
    for (const [index, commit] of fresh.entries()) {
      const answer = answers[index];
      if (answer?.outcome === 'published') this.#remember(commit);
      else if (answer && this.#isOver(commit, answer))
        await this.park(commit.stream, { version: commit.version, error: answer.error }, deadline);
      else {
        again.push(commit);
        error ??= answer?.error;
      }
    }
    return { again, ...(error && { error }) };
  }

  /** Takes a commit out of the way, readable or not. */
  async park(
    stream: string,
    { version, error }: { readonly version: number; readonly error: unknown },
    deadline: Deadline,
  ): Promise<void> {
    const { clock, onParked } = this.#options;
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const parked = { stream, version, error: words, at: clock.now() };
    if ((await this.#parking.park(this.name, parked, deadline)) === 'parked') onParked(this.name, parked);
  }

  parked(deadline: Deadline): Promise<readonly Parked[]> {
    return this.#parking.parked(this.name, deadline);
  }

  /** Publishes what is parked from the log, as much as one call may. A commit the bus has is taken out; it may have it twice. */
  async redrive(deadline: Deadline): Promise<Redriven> {
    const entries = await this.parked(deadline);
    let restored = 0;
    for (const entry of entries.slice(0, this.#limits.redriveMax)) {
      if (!(await this.#isPublished(entry, deadline))) continue;
      await this.#parking.unparkVersion(this.name, entry, deadline);
      restored += 1;
    }
    return { restored, parked: entries.length - restored };
  }

  #remember({ commitId }: Commit): void {
    this.#published.add(commitId);
    if (this.#published.size <= this.#limits.rememberedMax) return;
    const [oldest = commitId] = this.#published;
    this.#published.delete(oldest);
  }

  #isOver({ at }: Commit, { outcome }: Published): boolean {
    const ageMs = (this.#options.clock.now() - at) / 1_000;
    return outcome === 'refused' || ageMs > this.#limits.patienceMs;
  }

  /** What cannot be read stays parked. */
  async #isPublished({ stream, version }: Parked, deadline: Deadline): Promise<boolean> {
    const { log, publisher } = this.#options;
    try {
      const [commit] = await log.read(stream, version, deadline);
      if (!commit) return false;
      const [answer] = await publisher.publish([commit], deadline);
      return answer?.outcome === 'published';
    } catch (error) {
      if (isRetryable(error)) throw error;
      return false;
    }
  }
}
