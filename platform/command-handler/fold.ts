import type { DomainEvent } from '../../domain/decider.ts';
import { hashOf } from '../event-store/codec.ts';
import { CorruptCommit, VersionGap } from '../event-store/errors.ts';
import type { Commit, Snapshot } from '../event-store/port.ts';
import type { Foldable } from './aggregate.ts';
import { type KeyMemory, noKeys, remember } from './key-memory.ts';

/** Raised with the shape of what the fold keeps beside the aggregate's state; part of every snapshot's fingerprint. */
const foldVersion = 'keys-1';

/** A stream folded up to `version`; 0 with the initial state when it does not exist. */
export interface Loaded<State> {
  readonly stream: string;
  readonly version: number;
  readonly state: State;
  readonly keys: KeyMemory;
  /** The commit at `version`: its hash, time and epoch are what the next one follows. */
  readonly last: Commit | undefined;
}

/** What a snapshot's `state` holds. */
interface Remembered<State> extends KeyMemory {
  readonly state: State;
}

/** Turns commits into state, and checks on the way that each one follows the one before. */
export class Fold<State, Event extends DomainEvent> {
  readonly fingerprint: string;
  readonly #aggregate: Foldable<State, Event>;

  constructor(aggregate: Foldable<State, Event>) {
    this.#aggregate = aggregate;
    this.fingerprint = `${aggregate.fingerprint}/${foldVersion}`;
  }

  start(stream: string): Loaded<State> {
    return { stream, version: 0, state: this.#aggregate.initial, keys: noKeys, last: undefined };
  }

  /** From what `readTail` gave: begins at version 1 or at a snapshot of this very fold. */
  tail(stream: string, commits: readonly Commit[]): Loaded<State> {
    const [first, ...rest] = commits;
    if (!first) return this.start(stream);
    const from = first.version === 1 ? this.next(this.start(stream), first) : this.#restore(stream, first);
    return this.all(from, rest);
  }

  all(loaded: Loaded<State>, commits: readonly Commit[]): Loaded<State> {
    let folded = loaded;
    for (const commit of commits) folded = this.next(folded, commit);
    return folded;
  }

  next(loaded: Loaded<State>, commit: Commit): Loaded<State> {
    if (commit.stream !== loaded.stream || commit.version !== loaded.version + 1) {
      throw new VersionGap(
        `${commit.stream} version ${commit.version} does not follow ${loaded.stream} version ${loaded.version}`,
      );
    }
    if (!this.follows(loaded, commit)) {
      throw new CorruptCommit(
        `${commit.stream} version ${commit.version} does not carry the hash of the one before`,
      );
    }
    const state = this.evolve(loaded.state, this.events(commit), commit);
    const keys = remember(loaded.keys, commit.commandId, commit.version);
    return { stream: loaded.stream, version: commit.version, state, keys, last: commit };
  }

  /** Whether `commit` is the very next one after `loaded`. */
  follows(loaded: Loaded<State>, commit: Commit): boolean {
    const hash = loaded.last && hashOf(loaded.last);
    return commit.version === loaded.version + 1 && commit.previousHash === hash;
  }

  events(commit: Commit): readonly Event[] {
    return commit.events.map((stored) => this.#aggregate.upcast(stored));
  }

  evolve(state: State, events: readonly Event[], { at }: Pick<Commit, 'at'>): State {
    let evolved = state;
    for (const event of events) evolved = this.#aggregate.evolve(evolved, event, at);
    return evolved;
  }

  snapshot(state: State, keys: KeyMemory): Snapshot {
    const remembered: Remembered<State> = { state, ...keys };
    return { fingerprint: this.fingerprint, state: remembered };
  }

  #restore(stream: string, commit: Commit): Loaded<State> {
    if (commit.snapshot?.fingerprint !== this.fingerprint) {
      throw new VersionGap(
        `${stream} begins at version ${commit.version}, without a snapshot of ${this.fingerprint}`,
      );
    }
    const remembered = commit.snapshot.state;
    if (!holds<State>(remembered))
      throw new CorruptCommit(`${stream} version ${commit.version} has a malformed snapshot`);
    const { state, ...keys } = remembered;
    return { stream, version: commit.version, state, keys, last: commit };
  }
}

/** The fingerprint vouches for the shape of the state itself: it names the code that wrote it. */
function holds<State>(value: unknown): value is Remembered<State> {
  return typeof value === 'object' && value !== null && 'state' in value;
}
