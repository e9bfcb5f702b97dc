import { decodeCommit } from '../event-store/codec.ts';
import type { LocalFeed } from '../event-store/feed.ts';
import type { FeedEntry } from '../event-store/port.ts';
import type { SqliteEventStore } from '../event-store/sqlite.ts';
import { kindOf } from '../consumer/port.ts';

/** What a search found: the first commits of the kind after a sequence, and up to where there are no others. */
interface Found {
  readonly entries: readonly FeedEntry[];
  readonly searched: number;
}

type Search = (after: number, limit: number) => Promise<Found>;

/** Commits of other kinds passed over before the place is saved: what a start searches again at most. */
const unsavedMax = 50_000;

/**
 * The part of a local feed that one consumer takes: commits of one kind of streams. What lies between them is passed over once,
 * and the consumer's place moves over it, so that a kind that is rare costs no more than looking at names.
 */
export class KindFeed implements LocalFeed {
  readonly #feed: LocalFeed;
  readonly #search: Search;
  readonly #consumer: string;
  readonly #onCursor: (sequence: number) => void;
  /** Between these two is nothing of the kind. */
  #empty = { from: 0, to: 0 };
  #saved = 0;

  /** `onCursor` is told where the consumer goes on, whenever it asks. */
  constructor(
    feed: LocalFeed,
    search: Search,
    consumer: string,
    onCursor: (sequence: number) => void = () => undefined,
  ) {
    this.#feed = feed;
    this.#search = search;
    this.#consumer = consumer;
    this.#onCursor = onCursor;
  }

  async feed(sequence: string, limit: number): Promise<readonly FeedEntry[]> {
    const after = this.#passed(Number(sequence));
    const { entries, searched } = await this.#search(after, limit);
    if (entries.length > 0) return entries;
    this.#empty = { from: Number(sequence), to: Math.max(after, searched) };
    if (this.#empty.to - this.#saved >= unsavedMax) await this.saveCursor(this.#consumer, sequence);
    return [];
  }

  onCommits(listener: () => void): () => void {
    return this.#feed.onCommits(listener);
  }

  async cursor(consumer: string): Promise<string> {
    const cursor = await this.#feed.cursor(consumer);
    this.#saved = Number(cursor);
    this.#onCursor(this.#saved);
    return cursor;
  }

  async saveCursor(consumer: string, sequence: string): Promise<void> {
    this.#saved = this.#passed(Number(sequence));
    await this.#feed.saveCursor(consumer, String(this.#saved));
  }

  #passed(sequence: number): number {
    const { from, to } = this.#empty;
    return sequence >= from && sequence < to ? to : sequence;
  }
}

/**
 * Commits of other kinds are not even read: their streams' names say enough. With `eventType`, only commits that hold such an event,
 * which SQLite looks for in their text: a kind of which most commits are somebody else's costs little too. A consumer that keeps up is
 * answered from memory.
 */
export function sqliteKindFeed(
  store: SqliteEventStore,
  kind: string,
  consumer: string,
  eventType?: string,
): { readonly feed: LocalFeed; readonly head: () => Promise<string> } {
  const holds = eventType === undefined ? '' : 'AND instr(events, ?) > 0';
  const named = eventType === undefined ? [] : [`"type":"${eventType}"`];
  const head = store.database.prepare('SELECT max(sequence) AS head FROM log');
  // The plus keeps SQLite from going through all there ever was of the kind by the index on names.
  const select = store.database.prepare(
    `SELECT * FROM log WHERE sequence > ? AND sequence <= ? AND +stream >= ? AND +stream < ? ${holds} ORDER BY sequence LIMIT ?`,
  );
  const newestAfter = store.database.prepare(
    `SELECT max(sequence) AS head FROM log WHERE sequence > ? AND +stream >= ? AND +stream < ? ${holds}`,
  );
  // `.` follows `-`.
  const names = [`${kind}-`, `${kind}.`] as const;
  const isMeant = ({ commit }: FeedEntry): boolean =>
    kindOf(commit.stream) === kind &&
    (eventType === undefined || commit.events.some(({ type }) => type === eventType));
  const search: Search = async (after, limit) => {
    const recent = store.recentAfter(after);
    if (recent)
      return {
        entries: recent.filter(isMeant).slice(0, limit),
        searched: Number(recent.at(-1)?.sequence ?? after),
      };
    const searched = Number(head.get()?.['head'] ?? 0);
    const rows = searched > after ? select.all(after, searched, ...names, ...named, limit) : [];
    const entries = rows.map((row) => ({ sequence: String(row['sequence']), commit: decodeCommit(row) }));
    return { entries, searched };
  };
  let [newest, looked] = [0, 0];
  return {
    // Up to its cursor everything is delivered, so nothing before it can be waited for.
    feed: new KindFeed(store, search, consumer, (sequence) => {
      [newest, looked] = [Math.max(newest, sequence), Math.max(looked, sequence)];
    }),
    head: async () => {
      const to = Number(head.get()?.['head'] ?? 0);
      newest = Number(newestAfter.get(looked, ...names, ...named)?.['head'] ?? newest);
      looked = Math.max(looked, to);
      return String(newest);
    },
  };
}

const pageMax = 500;

/** For logs in memory, which are small: looks at every commit. */
export function memoryKindFeed(
  store: LocalFeed,
  kind: string,
  consumer: string,
): { readonly feed: LocalFeed; readonly head: () => Promise<string> } {
  const search: Search = async (after, limit) => {
    let searched = after;
    const entries: FeedEntry[] = [];
    for (;;) {
      const page = await store.feed(String(searched), pageMax);
      entries.push(...page.filter(({ commit }) => kindOf(commit.stream) === kind));
      searched = Number(page.at(-1)?.sequence ?? searched);
      if (page.length < pageMax || entries.length >= limit) break;
    }
    return { entries: entries.slice(0, limit), searched };
  };
  const feed = new KindFeed(store, search, consumer);
  let newest = 0;
  const head = async () => {
    const { entries } = await search(newest, Number.MAX_SAFE_INTEGER);
    newest = Number(entries.at(-1)?.sequence ?? newest);
    return String(newest);
  };
  return { feed, head };
}
