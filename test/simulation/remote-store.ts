import type { Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import { budgetMs, type Deadline } from '../../platform/deadline/deadline.ts';
import { StoreOverloaded, StoreUnavailable } from '../../platform/event-store/errors.ts';
import type { AppendResult, Commit, EventStore } from '../../platform/event-store/port.ts';
import type { MachineClock } from './clock.ts';
import { demand } from './law.ts';
import type { Prng } from './prng.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tally } from './tally.ts';
import { type ReadFault, readFaults, type Weather, type WriteFault, writeFaults } from './weather.ts';

export interface Line {
  readonly owner: string;
  readonly scheduler: Scheduler;
  readonly clock: MachineClock;
  readonly prng: Prng;
  readonly weather: Weather;
  readonly tally: Tally;
  /** Runs what nobody waits for. */
  readonly spawn: (work: () => Promise<unknown>) => void;
  /** The tries (`causationId`) of which a copy is still on its way while the answer to another is known. */
  readonly overtaken: Set<string>;
}

const longestWaitMs = 3_000;

/**
 * The store as one process sees it: over a network that loses, delays, doubles and reorders. What was sent arrives even when its
 * sender has crashed; an answer that does not come is `StoreUnavailable`, after a moment or when the time is up.
 */
export class RemoteStore implements EventStore {
  readonly #store: EventStore;
  readonly #line: Line;
  /** By the `causationId` of a try: the version it was told is taken, and how often in a row since anybody read that stream. */
  readonly #told = new Map<string, { readonly stream: string; readonly version: number; times: number }>();

  /** Copies still on their way, by their commit id. */
  readonly #late = new Map<string, () => Promise<unknown>>();

  constructor(store: EventStore, line: Line) {
    this.#store = store;
    this.#line = line;
  }

  async append(
    commits: readonly [Commit, ...Commit[]],
    changes: readonly ItemChange[],
    deadline: Deadline,
  ): Promise<AppendResult> {
    const [{ stream, version, causationId = '' }] = commits;
    const told = this.#told.get(causationId) ?? { stream, version: 0, times: 0 };
    demand(
      version > told.version,
      'a conflict teaches',
      () => `${causationId} writes ${stream}@${version} again, having been told what is there`,
    );
    demand(
      told.times < 2,
      'after two conflicts the rest is read',
      () => `${causationId} writes ${stream}@${version}`,
    );
    const { weather, tally, overtaken } = this.#line;
    const fault = weather.first(writeFaults);
    if (fault === 'write: overtaken by its retry') overtaken.add(causationId);
    const label = `${stream}@${version}`;
    const effect = () => this.#store.append(commits, changes, deadline);
    const late = this.#late.get(commits[0].commitId);
    if (fault === 'write: arrives late') this.#late.set(commits[0].commitId, effect);
    const result = await this.#exchange(label, deadline, {
      fault,
      effect: late ? () => this.#overtaking(label, effect, late) : effect,
    });
    tally.count(`append: ${result.outcome}`);
    if (result.outcome === 'conflict' && result.commit.stream === stream)
      this.#told.set(causationId, { stream, version, times: told.times + 1 });
    return result;
  }

  /** The worst moment for a late copy: its own retry has been refused, things have changed, and nobody has heard of it yet. */
  async #overtaking(
    label: string,
    effect: () => Promise<AppendResult>,
    late: () => Promise<unknown>,
  ): Promise<AppendResult> {
    const result = await effect();
    if (result.outcome !== 'refused') return result;
    this.#arrives(`${label} after its refusal`, 700, late);
    await this.#line.scheduler.pause('network', `refusal of ${label}`, 700);
    return result;
  }

  async read(stream: string, from: number, deadline: Deadline): Promise<readonly Commit[]> {
    for (const told of this.#told.values()) if (told.stream === stream) told.times = 0;
    return this.#reading(`read ${stream}@${from}`, deadline, () => this.#store.read(stream, from, deadline));
  }

  async readOne(stream: string, version: number, deadline: Deadline): Promise<Commit | undefined> {
    return this.#reading(`one ${stream}@${version}`, deadline, () =>
      this.#store.readOne(stream, version, deadline),
    );
  }

  async readTail(stream: string, fingerprint: string, deadline: Deadline): Promise<readonly Commit[]> {
    return this.#reading(`tail ${stream}`, deadline, () =>
      this.#store.readTail(stream, fingerprint, deadline),
    );
  }

  async readItem(key: ItemKey, deadline: Deadline): Promise<Item | undefined> {
    return this.#reading(`item ${key.owner} ${key.name}`, deadline, () =>
      this.#store.readItem(key, deadline),
    );
  }

  async readItems(owner: string, deadline: Deadline): Promise<ReadonlyMap<string, Item>> {
    return this.#reading(`items ${owner}`, deadline, () => this.#store.readItems(owner, deadline));
  }

  heads(deadlineOf: () => Deadline): ReturnType<EventStore['heads']> {
    return this.#store.heads(deadlineOf);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #reading<Answer>(label: string, deadline: Deadline, effect: () => Promise<Answer>): Promise<Answer> {
    this.#line.tally.count('reads');
    return this.#exchange(label, deadline, { fault: this.#line.weather.first(readFaults), effect });
  }

  async #exchange<Answer>(
    label: string,
    deadline: Deadline,
    { fault, effect }: { fault: WriteFault | ReadFault | undefined; effect: () => Promise<Answer> },
  ): Promise<Answer> {
    const { clock, prng } = this.#line;
    const waitMs = budgetMs(deadline, clock, longestWaitMs);
    // A connection that breaks is noticed at once, one that goes quiet when the time is up.
    const noticedMs = prng.chance(0.7) ? Math.min(waitMs, this.#latencyMs()) : waitMs;
    switch (fault) {
      case 'write: throttled':
      case 'read: throttled':
        await this.#here(`${label} throttled`, noticedMs);
        throw new StoreOverloaded(label);
      case 'write: request lost':
      case 'read: lost':
        return this.#noAnswer(`${label} ${fault}`, noticedMs);
      case 'write: answer lost':
        this.#arrives(label, this.#latencyMs(), effect);
        return this.#noAnswer(`${label} ${fault}`, noticedMs + this.#latencyMs());
      case 'write: arrives late':
        this.#arrives(`${label} late`, noticedMs + prng.between(1, prng.pick([20, 250, 4_000])), effect);
        return this.#noAnswer(`${label} ${fault}`, noticedMs);
      case 'write: sent twice':
        this.#arrives(`${label} first`, this.#latencyMs(), effect);
        return this.#answered(`${label} second`, effect, this.#latencyMs() + this.#latencyMs());
      case 'write: overtaken by its retry':
        this.#arrives(`${label} overtaken`, prng.between(5, 1_000), effect);
        return this.#answered(label, effect, this.#latencyMs());
      case 'write: slow':
      case 'read: slow':
        return this.#answered(`${label} slow`, effect, Math.min(waitMs - 1, prng.between(20, 1_500)));
      case undefined:
        return this.#answered(label, effect, this.#latencyMs());
    }
  }

  #latencyMs(): number {
    return this.#line.prng.between(1, 6);
  }

  async #answered<Answer>(label: string, effect: () => Promise<Answer>, outMs: number): Promise<Answer> {
    const { scheduler } = this.#line;
    await scheduler.pause('network', label, outMs);
    const answer = await effect();
    await this.#here(`answer to ${label}`, this.#latencyMs());
    return answer;
  }

  #arrives(label: string, outMs: number, effect: () => Promise<unknown>): void {
    this.#line.spawn(async () => {
      await this.#line.scheduler.pause('network', label, outMs);
      await effect();
    });
  }

  async #noAnswer(label: string, noticedMs: number): Promise<never> {
    await this.#here(label, noticedMs);
    throw new StoreUnavailable(label);
  }

  async #here(label: string, milliseconds: number): Promise<void> {
    await this.#line.scheduler.pause(this.#line.owner, label, milliseconds);
  }
}
