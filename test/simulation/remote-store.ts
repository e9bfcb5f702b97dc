import type { Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import type { Deadline } from '../../platform/deadline/deadline.ts';
import type { AppendResult, Commit, EventStore } from '../../platform/event-store/port.ts';
import type { WrittenPage, WrittenStreams } from '../../platform/event-store/written-streams.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Disk } from './disk.ts';
import { demand } from './law.ts';
import { writeFaults } from './weather.ts';
import { type Line, Wire } from './wire.ts';

/**
 * The store as one process sees it: over a network that loses, delays, doubles and reorders. What was sent arrives even when its
 * sender has crashed; an answer that does not come is `StoreUnavailable`, after a moment or when the time is up.
 */
export class RemoteStore implements EventStore, WrittenStreams {
  readonly #store: EventStore & WrittenStreams;
  readonly #line: Line;
  readonly #wire: Wire;
  readonly #disk: Disk;
  /** By the `causationId` of a try: the version it was told is taken, and how often in a row since anybody read that stream. */
  readonly #told = new Map<string, { readonly stream: string; readonly version: number; times: number }>();

  /** Copies still on their way, by their commit id. */
  readonly #late = new Map<string, () => Promise<unknown>>();

  constructor(store: EventStore & WrittenStreams, disk: Disk, line: Line) {
    this.#store = store;
    this.#disk = disk;
    this.#line = line;
    this.#wire = new Wire(line);
  }

  async append(
    commits: readonly [Commit, ...Commit[]],
    changes: readonly ItemChange[],
    deadline: Deadline,
  ): Promise<AppendResult> {
    const [{ stream, version, causationId = '' }] = commits;
    const told = this.#toldOf(causationId, stream, version);
    const { weather, tally, overtaken } = this.#line;
    const fault = weather.first(writeFaults);
    if (fault === 'write: overtaken by its retry') overtaken.add(causationId);
    const label = `${stream}@${version}`;
    const effect = async () => {
      this.#disk.demandRoom(label);
      return this.#store.append(commits, changes, deadline);
    };
    const late = this.#late.get(commits[0].commitId);
    if (fault === 'write: arrives late') this.#late.set(commits[0].commitId, effect);
    const result = await this.#wire.exchange(label, deadline, {
      fault,
      effect: late ? () => this.#overtaking(label, effect, late) : effect,
    });
    tally.count(`append: ${result.outcome}`);
    if (result.outcome === 'conflict' && stream.startsWith('book-')) tally.count('book: two owners');
    if (isTry(causationId) && result.outcome === 'conflict' && result.commit.stream === stream)
      this.#told.set(causationId, { stream, version, times: told.times + 1 });
    return result;
  }

  /** What nobody tried as one command may be tried again from the beginning, by whoever finds it undone. */
  #toldOf(causationId: string, stream: string, version: number) {
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
    return told;
  }

  /** The worst moment for a late copy: its own retry has been refused, things have changed, and nobody has heard of it yet. */
  async #overtaking(
    label: string,
    effect: () => Promise<AppendResult>,
    late: () => Promise<unknown>,
  ): Promise<AppendResult> {
    const result = await effect();
    if (result.outcome !== 'refused') return result;
    this.#wire.arrives(`${label} after its refusal`, 700, late);
    await this.#line.scheduler.pause('network', `refusal of ${label}`, 700);
    return result;
  }

  async read(stream: string, from: number, deadline: Deadline): Promise<readonly Commit[]> {
    for (const told of this.#told.values()) if (told.stream === stream) told.times = 0;
    return this.#wire.read(`read ${stream}@${from}`, deadline, () =>
      this.#store.read(stream, from, deadline),
    );
  }

  async readOne(stream: string, version: number, deadline: Deadline): Promise<Commit | undefined> {
    return this.#wire.read(`one ${stream}@${version}`, deadline, () =>
      this.#store.readOne(stream, version, deadline),
    );
  }

  async readTail(stream: string, fingerprint: string, deadline: Deadline): Promise<readonly Commit[]> {
    return this.#wire.read(`tail ${stream}`, deadline, () =>
      this.#store.readTail(stream, fingerprint, deadline),
    );
  }

  async readItem(key: ItemKey, deadline: Deadline): Promise<Item | undefined> {
    return this.#wire.read(`item ${key.owner} ${key.name}`, deadline, () =>
      this.#store.readItem(key, deadline),
    );
  }

  async readItems(owner: string, deadline: Deadline): Promise<ReadonlyMap<string, Item>> {
    return this.#wire.read(`items ${owner}`, deadline, () => this.#store.readItems(owner, deadline));
  }

  heads(deadlineOf: () => Deadline): ReturnType<EventStore['heads']> {
    return this.#store.heads(deadlineOf);
  }

  async written(place: string | undefined, until: Timestamp, deadline: Deadline): Promise<WrittenPage> {
    return this.#wire.read(`written after ${place ?? 'nothing'}`, deadline, () =>
      this.#store.written(place, until, deadline),
    );
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

/** How the simulated world names a try of one of its commands. */
function isTry(causationId: string): boolean {
  return causationId.includes('~');
}
