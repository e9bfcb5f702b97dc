import type { ItemChange } from '../../domain/account/items.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import type { AppendResult, Commit, EventStore } from '../../platform/event-store/port.ts';
import { aCommit, anId } from '../support/commits.ts';

export interface Adapter {
  /** A new, empty store. Whoever opens it closes it. */
  open(): Promise<EventStore>;
  /** False where a missing version cannot be noticed without another read. */
  readonly noticesGaps: boolean;
  /** Calls made to the database so far, where they can be counted. */
  requests?(): number;
  /** How many random histories are compared with the model. */
  readonly histories: number;
}

/** What the groups work with: one store for all tests, whose streams and owners never meet because every name is new. */
export class Bench {
  readonly adapter: Adapter;
  #store: EventStore | undefined;

  constructor(adapter: Adapter) {
    this.adapter = adapter;
  }

  async open(): Promise<void> {
    this.#store = await this.adapter.open();
  }

  get store(): EventStore {
    if (!this.#store) throw new Error('the store is opened before the tests');
    return this.#store;
  }

  get deadline(): Deadline {
    return deadlineIn(15_000, systemClock);
  }

  /** A commit of a stream of its own, with a commit id of its own, unless told otherwise. */
  commit(change: Partial<Commit> = {}): Commit {
    return aCommit({ stream: `order-${anId()}`, commitId: anId(), ...change });
  }

  append(commit: Commit, ...changes: ItemChange[]): Promise<AppendResult> {
    return this.store.append([commit], changes, this.deadline);
  }

  /** Versions 1 to `count` of a new stream. */
  async stream(
    count: number,
    change: (version: number) => Partial<Commit> = () => ({}),
  ): Promise<readonly Commit[]> {
    const stream = `order-${anId()}`;
    const commits: Commit[] = [];
    for (let version = 1; version <= count; version++) {
      const commit = this.commit({ stream, version, ...change(version) });
      await this.append(commit);
      commits.push(commit);
    }
    return commits;
  }

  read(stream: string): Promise<readonly Commit[]> {
    return this.store.read(stream, 1, this.deadline);
  }

  /** A new owner's `account` item with these attributes. */
  async account(attributes: Readonly<Record<string, string | number>>): Promise<string> {
    const owner = `account-${anId()}`;
    await this.append(this.commit(), {
      key: { owner, name: 'account' },
      conditions: [],
      set: attributes,
      must: 'be-absent',
    });
    return owner;
  }
}
