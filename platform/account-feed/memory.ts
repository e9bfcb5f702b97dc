import { assert } from '../../domain/values/assert.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { MemoryEffects } from '../consumer/memory-effects.ts';
import type { Advance, Written } from '../consumer/port.ts';
import { EntryListeners } from './entry-listeners.ts';
import { emptyHead, type FeedHead, numbered } from './numbering.ts';
import type { AccountFeed, FeedEntry } from './port.ts';
import type { FeedEffect } from './projection.ts';
import { checkedLimit, lastBefore } from './search.ts';

interface Kept {
  head: FeedHead;
  readonly entries: FeedEntry[];
  readonly holdings: Map<string, string>;
}

/** The feeds in memory: for tests and simulation. Keeps no reference to what it was given. */
export class MemoryAccountFeed extends MemoryEffects implements AccountFeed {
  readonly #feeds = new Map<string, Kept>();
  readonly #listeners = new EntryListeners();

  async write(advances: readonly Advance<FeedEffect>[]): Promise<readonly Written[]> {
    const told = new Set<string>();
    const written = advances.map((advance) => this.#writeOne(structuredClone(advance), told));
    this.#listeners.tell([...told]);
    return written;
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async entriesAfter(accountId: string, number: number, limit: number): Promise<readonly FeedEntry[]> {
    const entries = this.#feeds.get(accountId)?.entries ?? [];
    return structuredClone(entries.slice(number, number + checkedLimit(limit)));
  }

  async numberBefore(accountId: string, time: Timestamp): Promise<number> {
    const entries = this.#feeds.get(accountId)?.entries ?? [];
    return lastBefore(time, entries.length, async (number) => entries[number - 1]?.time ?? 0);
  }

  async latest(accountId: string): Promise<number> {
    return this.#feeds.get(accountId)?.head.latest ?? 0;
  }

  onEntries(listener: (accountIds: readonly string[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  #writeOne({ stream, from, to, memory, effects }: Advance<FeedEffect>, told: Set<string>): Written {
    if ((this.reached.get(stream)?.applied ?? 0) !== from) return 'conflict';
    const about = effects.filter(({ accountId }) => accountId !== undefined);
    const accountId = about[0]?.accountId;
    if (accountId !== undefined && this.#number(accountId, about)) told.add(accountId);
    this.reached.set(stream, { applied: to, memory });
    return 'written';
  }

  /** Whether there are new entries. What throws has changed nothing. */
  #number(accountId: string, about: readonly FeedEffect[]): boolean {
    const kept: Kept = this.#feeds.get(accountId) ?? {
      head: emptyHead(accountId),
      entries: [],
      holdings: new Map(),
    };
    const { head, entries, moved } = numbered(kept.head, about, kept.holdings);
    assert(head.latest === kept.entries.length + entries.length, 'numbers are counted without gaps');
    kept.head = head;
    kept.entries.push(...entries);
    for (const [symbol, quantity] of moved) kept.holdings.set(symbol, quantity);
    this.#feeds.set(accountId, kept);
    return entries.length > 0;
  }
}
