import type { Timestamp } from '../../domain/values/time.ts';
import type { Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import { decodeCommit } from './codec.ts';
import { StoreUnavailable, VersionGap } from './errors.ts';
import { type LocalFeed, feedStart } from './feed.ts';
import { changedItem, isAllowed } from './items.ts';
import { checkedAppend } from './limits.ts';
import type { AppendResult, Commit, EventStore, FeedEntry, Refusal, StreamHead } from './port.ts';
import { isBase } from './snapshot-policy.ts';
import type { StoredCommit } from './stored-commit.ts';
import { lastOfEach, type WrittenPage, type WrittenStreams, writtenPageMax } from './written-streams.ts';

/**
 * The store in memory: for tests and simulation. Keeps the stored form, so that nothing survives that a database would not keep.
 * Every method answers in a later microtask and uses no timer, so virtual time can own it.
 */
export class MemoryEventStore implements EventStore, LocalFeed, WrittenStreams {
  readonly #log: StoredCommit[] = [];
  readonly #streams = new Map<string, StoredCommit[]>();
  readonly #owners = new Map<string, Map<string, Item>>();
  readonly #cursors = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  #isClosed = false;

  async append(
    commits: readonly [Commit, ...Commit[]],
    changes: readonly ItemChange[],
  ): Promise<AppendResult> {
    const stored = checkedAppend(commits, changes);
    await this.#turn();
    const refusal = this.#conflictOf(stored) ?? this.#refusalOf(changes);
    if (refusal) return refusal;
    const changed = changes.map((change) => ({
      key: change.key,
      item: changedItem(change, this.#item(change.key)),
    }));
    for (const { key, item } of changed) this.#itemsOf(key.owner).set(key.name, item);
    for (const commit of stored) this.#write(commit);
    for (const listener of this.#listeners) listener();
    return { outcome: 'appended' };
  }

  async read(stream: string, from: number): Promise<readonly Commit[]> {
    await this.#turn();
    return this.#stream(stream)
      .slice(Math.max(0, from - 1))
      .map((stored) => decodeCommit({ ...stored }));
  }

  async readOne(stream: string, version: number): Promise<Commit | undefined> {
    await this.#turn();
    const stored = this.#stream(stream)[version - 1];
    return stored && decodeCommit({ ...stored });
  }

  async readTail(stream: string, fingerprint: string): Promise<readonly Commit[]> {
    await this.#turn();
    const tail: Commit[] = [];
    for (const stored of this.#stream(stream).toReversed()) {
      const commit = decodeCommit({ ...stored });
      tail.push(commit);
      if (isBase(commit, fingerprint)) break;
    }
    return tail.toReversed();
  }

  async readItem(key: ItemKey): Promise<Item | undefined> {
    await this.#turn();
    return this.#item(key);
  }

  async readItems(owner: string): Promise<ReadonlyMap<string, Item>> {
    await this.#turn();
    const items = [...(this.#owners.get(owner) ?? [])];
    return new Map(items.sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right))));
  }

  async *heads(): AsyncIterable<StreamHead> {
    await this.#turn();
    for (const [stream, commits] of this.#streams) yield { stream, version: commits.length };
  }

  async feed(sequence: string, limit: number): Promise<readonly FeedEntry[]> {
    await this.#turn();
    const after = Number(sequence);
    return this.#log.slice(after, after + limit).map((stored, index) => ({
      sequence: String(after + index + 1),
      commit: decodeCommit({ ...stored }),
    }));
  }

  async written(place: string | undefined, until: Timestamp): Promise<WrittenPage> {
    await this.#turn();
    const after = Number(place ?? feedStart);
    const page = this.#log.slice(after, after + writtenPageMax);
    const rows = page.map(({ stream, version, at }, index) => ({
      stream,
      version,
      at,
      sequence: after + index + 1,
    }));
    return lastOfEach(rows, after, until);
  }

  onCommits(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async cursor(consumer: string): Promise<string> {
    await this.#turn();
    return this.#cursors.get(consumer) ?? feedStart;
  }

  async saveCursor(consumer: string, sequence: string): Promise<void> {
    await this.#turn();
    this.#cursors.set(consumer, sequence);
  }

  async close(): Promise<void> {
    await this.#turn();
    this.#isClosed = true;
  }

  async #turn(): Promise<void> {
    await Promise.resolve();
    if (this.#isClosed) throw new StoreUnavailable('the store is closed');
  }

  #conflictOf(commits: readonly StoredCommit[]): AppendResult | undefined {
    for (const { stream, version, id } of commits) {
      const existing = this.#stream(stream)[version - 1];
      if (existing?.id === id) return { outcome: 'repeated' };
      if (existing) return { outcome: 'conflict', commit: decodeCommit({ ...existing }) };
    }
    for (const { stream, version } of commits) {
      const head = this.#stream(stream).length;
      if (head < version - 1)
        throw new VersionGap(`${stream} is at version ${head}, ${version} cannot follow`);
    }
    return undefined;
  }

  #refusalOf(changes: readonly ItemChange[]): AppendResult | undefined {
    const refusals: Refusal[] = [];
    for (const change of changes) {
      const item = this.#item(change.key);
      if (!isAllowed(change, item)) refusals.push({ key: change.key, item });
    }
    return refusals.length > 0 ? { outcome: 'refused', refusals } : undefined;
  }

  #write(commit: StoredCommit): void {
    this.#log.push(commit);
    const commits = this.#streams.get(commit.stream);
    if (commits) commits.push(commit);
    else this.#streams.set(commit.stream, [commit]);
  }

  #stream(stream: string): readonly StoredCommit[] {
    return this.#streams.get(stream) ?? [];
  }

  #item(key: ItemKey): Item | undefined {
    return this.#owners.get(key.owner)?.get(key.name);
  }

  #itemsOf(owner: string): Map<string, Item> {
    const items = this.#owners.get(owner) ?? new Map<string, Item>();
    this.#owners.set(owner, items);
    return items;
  }
}
