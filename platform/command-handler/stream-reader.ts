import type { DomainEvent } from '../../domain/decider.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import type { Fold, Loaded } from './fold.ts';

/** How far a stream is folded: up to a version, over every commit made at or before a moment, or as long as `holds` does. */
export type Until =
  | { readonly version: number }
  | { readonly asOf: Timestamp }
  | { readonly holds: (commit: Commit) => boolean };

/** Reads streams, strongly consistent, and folds them. */
export class StreamReader<State, Event extends DomainEvent> {
  readonly #store: EventStore;
  readonly #fold: Fold<State, Event>;

  constructor(store: EventStore, fold: Fold<State, Event>) {
    this.#store = store;
    this.#fold = fold;
  }

  /** The stream as it is now, from its latest snapshot. */
  async head(stream: string, deadline: Deadline): Promise<Loaded<State>> {
    const { fingerprint } = this.#fold;
    return this.#fold.tail(stream, await this.#store.readTail(stream, fingerprint, deadline));
  }

  /** What was written after `loaded`, which may be nothing. */
  async since(loaded: Loaded<State>, deadline: Deadline): Promise<readonly Commit[]> {
    return this.#store.read(loaded.stream, loaded.version + 1, deadline);
  }

  /** The stream as it was then. Reads it from its beginning, since snapshots are only of use from the end. */
  async at(stream: string, until: Until, deadline: Deadline): Promise<Loaded<State>> {
    const commits = await this.#store.read(stream, 1, deadline);
    const beyond = commits.findIndex((commit) => !reaches(until, commit));
    const start = this.#fold.start(stream);
    return this.#fold.all(start, beyond < 0 ? commits : commits.slice(0, beyond));
  }
}

function reaches(until: Until, commit: Commit): boolean {
  if ('version' in until) return commit.version <= until.version;
  return 'asOf' in until ? commit.at <= until.asOf : until.holds(commit);
}
