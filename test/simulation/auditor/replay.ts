import type { DomainEvent } from '../../../domain/decider.ts';
import type { OrderState } from '../../../domain/order/state.ts';
import { account } from '../../../platform/aggregates/account.ts';
import { apiKey } from '../../../platform/aggregates/api-key.ts';
import { killSwitch } from '../../../platform/aggregates/kill-switch.ts';
import { order } from '../../../platform/aggregates/order.ts';
import { transfer } from '../../../platform/aggregates/transfer.ts';
import { referencePrice } from '../../../platform/reference-prices/aggregate.ts';
import type { Aggregate } from '../../../platform/command-handler/aggregate.ts';
import { Fold, type Loaded } from '../../../platform/command-handler/fold.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { demand } from '../law.ts';
import { canonical, digest } from './canonical.ts';

/** Folds the streams of one kind with the code under test: that is what replaying means. */
class Folder<Command, State, Event extends DomainEvent> {
  readonly #fold: Fold<State, Event>;
  readonly #loaded = new Map<string, Loaded<State>>();

  constructor(aggregate: Aggregate<Command, State, Event>) {
    this.#fold = new Fold(aggregate);
  }

  state(stream: string): State {
    return (this.#loaded.get(stream) ?? this.#fold.start(stream)).state;
  }

  next(commit: Commit): void {
    const { stream } = commit;
    const loaded = this.#fold.next(this.#loaded.get(stream) ?? this.#fold.start(stream), commit);
    this.#loaded.set(stream, loaded);
    if (commit.snapshot?.fingerprint !== this.#fold.fingerprint) return;
    const { state, keys } = loaded;
    demand(
      canonical(commit.snapshot.state) === canonical({ state, ...keys }),
      'a snapshot is what replay gives',
      () => `${stream}@${commit.version}`,
    );
  }

  /** From the first commit, all at once. */
  afresh(stream: string, commits: readonly Commit[]): State {
    return this.#fold.all(this.#fold.start(stream), commits).state;
  }
}

/** Every stream folded as it grows, and what its state was after each commit. */
export class Replay {
  readonly #orders = new Folder(order);
  readonly #folders = new Map<string, Folder<never, unknown, never>>();
  readonly #hashes = new Map<string, string>();

  constructor() {
    this.#folders.set('order', this.#orders as unknown as Folder<never, unknown, never>);
    this.#folders.set('account', new Folder(account) as unknown as Folder<never, unknown, never>);
    for (const aggregate of [killSwitch, referencePrice, apiKey])
      this.#folders.set(aggregate.kind, new Folder(aggregate as never));
    this.#folders.set('transfer', new Folder(transfer) as unknown as Folder<never, unknown, never>);
  }

  next(commit: Commit): void {
    const { stream, version } = commit;
    const folder = this.#folderOf(stream);
    if (!folder) return;
    folder.next(commit);
    this.#hashes.set(`${stream}@${version}`, digest(canonical(folder.state(stream))));
  }

  order(stream: string): OrderState {
    return this.#orders.state(stream);
  }

  /** Whether `state` is what the stream was at `version`. */
  wasAt(stream: string, version: number, state: unknown): boolean {
    const known =
      version === 0
        ? digest(canonical(this.#folderOf(stream)?.afresh(stream, [])))
        : this.#hashes.get(`${stream}@${version}`);
    return known === digest(canonical(state));
  }

  isSameAfresh(stream: string, commits: readonly Commit[]): boolean {
    const folder = this.#folderOf(stream);
    return !folder || this.wasAt(stream, commits.length, folder.afresh(stream, commits));
  }

  #folderOf(stream: string): Folder<never, unknown, never> | undefined {
    return this.#folders.get(stream.slice(0, stream.indexOf('-')));
  }
}
