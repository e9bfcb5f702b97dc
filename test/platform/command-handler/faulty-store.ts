import type { Item, ItemChange, ItemKey } from '../../../domain/account/items.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import type { AppendResult, Commit, EventStore } from '../../../platform/event-store/port.ts';

/**
 * What goes wrong with one append: its answer is lost after it succeeded; it never arrives; the client below sends it twice;
 * it arrives only when `deliver` is called; it is answered and arrives once more then, as a try that a client below had given up;
 * or something else happens just before it.
 */
export type Fault =
  | 'none'
  | 'answer-lost'
  | 'never-arrives'
  | 'sent-twice'
  | 'arrives-late'
  | 'arrives-again'
  | (() => Promise<unknown>);

type Append = readonly [readonly [Commit, ...Commit[]], readonly ItemChange[], Deadline];

/** A store that fails as told, one fault per append in their order, and keeps a list of the calls it got. */
export class FaultyStore implements EventStore {
  readonly calls: string[] = [];
  readonly faults: Fault[] = [];
  /** Before every call, e.g. its latency. */
  before: () => Promise<void> = () => Promise.resolve();
  /** Applied to everything read. */
  tamper: (commit: Commit) => Commit = (commit) => commit;
  readonly #store: EventStore;
  readonly #late: Append[] = [];

  constructor(store: EventStore) {
    this.#store = store;
  }

  async append(...append: Append): Promise<AppendResult> {
    const [commits] = append;
    this.calls.push(`append ${commits[0].stream}@${commits[0].version}`);
    await this.before();
    const fault = this.faults.shift() ?? 'none';
    if (typeof fault === 'function') await fault();
    if (fault === 'arrives-late' || fault === 'arrives-again') this.#late.push(append);
    if (fault === 'arrives-late' || fault === 'never-arrives') throw new StoreUnavailable(fault);
    const result = await this.#store.append(...append);
    if (fault === 'answer-lost') throw new StoreUnavailable(fault);
    return fault === 'sent-twice' ? this.#store.append(...append) : this.#seen(result);
  }

  async deliver(): Promise<void> {
    for (const append of this.#late.splice(0)) await this.#store.append(...append);
  }

  async read(stream: string, from: number, deadline: Deadline): Promise<readonly Commit[]> {
    this.calls.push(`read ${stream}@${from}`);
    await this.before();
    return (await this.#store.read(stream, from, deadline)).map(this.tamper);
  }

  async readOne(stream: string, version: number, deadline: Deadline): Promise<Commit | undefined> {
    this.calls.push(`readOne ${stream}@${version}`);
    await this.before();
    const commit = await this.#store.readOne(stream, version, deadline);
    return commit && this.tamper(commit);
  }

  async readTail(stream: string, fingerprint: string, deadline: Deadline): Promise<readonly Commit[]> {
    this.calls.push(`readTail ${stream}`);
    await this.before();
    return (await this.#store.readTail(stream, fingerprint, deadline)).map(this.tamper);
  }

  async readItem(key: ItemKey, deadline: Deadline): Promise<Item | undefined> {
    return this.#store.readItem(key, deadline);
  }

  async readItems(owner: string, deadline: Deadline): Promise<ReadonlyMap<string, Item>> {
    return this.#store.readItems(owner, deadline);
  }

  heads(deadlineOf: () => Deadline): ReturnType<EventStore['heads']> {
    return this.#store.heads(deadlineOf);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  #seen(result: AppendResult): AppendResult {
    return result.outcome === 'conflict' ? { ...result, commit: this.tamper(result.commit) } : result;
  }
}
