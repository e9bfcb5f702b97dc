import { accountFold } from '../aggregates/account-fold.ts';
import { approval } from '../aggregates/approval.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { hashedText, hashOf } from '../event-store/codec.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import type { ConfigArchive } from './configs.ts';
import type { CommitEvidence, StreamEvidence } from './document.ts';
import { type Pointer, pointersOf } from './pointers.ts';

/**
 * What one file holds at most: the texts of its commits, in characters. A buffered answer of Lambda holds 6 MB, and quotes within
 * a text cost one more character each; an order with 2,000 executions needs about half of this.
 */
export const evidenceTextMax = 4_500_000;

/** Reads under way at once. */
const readsMax = 16;

export interface Collected {
  readonly streams: readonly StreamEvidence[];
  readonly commits: readonly Commit[];
}

/** `too-large`: the limit was met, `characters` of text were found by then. */
export type Collection =
  | ({ readonly outcome: 'collected' } & Collected)
  | { readonly outcome: 'too-large'; readonly characters: number };

/**
 * The order's stream and, from commit to commit, every stream it rests on. Ends: a stream is read once, and nothing points back to
 * where other orders are. Throws what the store throws.
 */
export async function collect(
  { store, archive }: { readonly store: EventStore; readonly archive: ConfigArchive },
  orderStream: string,
  deadline: Deadline,
  textMax = evidenceTextMax,
): Promise<Collection> {
  const found = new Found(orderStream, archive);
  let wanted: readonly Pointer[] = [{ stream: orderStream }];
  while (wanted.length > 0) {
    for (let from = 0; from < wanted.length; from += readsMax) {
      const batch = wanted.slice(from, from + readsMax);
      const read = await Promise.all(batch.map((pointer) => readPointed(store, pointer, deadline)));
      for (const [index, commits] of read.entries()) found.add(batch[index], commits);
      if (found.characters > textMax) return { outcome: 'too-large', characters: found.characters };
    }
    wanted = found.nextPointers();
  }
  return { outcome: 'collected', streams: found.streams(), commits: found.commits };
}

async function readPointed(
  store: EventStore,
  { stream, version }: Pointer,
  deadline: Deadline,
): Promise<readonly Commit[]> {
  if (version === undefined) return store.read(stream, 1, deadline);
  const commit = await store.readOne(stream, version, deadline);
  return commit ? [commit] : [];
}

interface FoundStream {
  readonly isPart: boolean;
  /** How far the stream goes in the log. */
  readonly head: number;
  readonly commits: Map<number, Commit>;
}

class Found {
  readonly #orderStream: string;
  readonly #archive: ConfigArchive;
  readonly #streams = new Map<string, FoundStream>();
  #news: Commit[] = [];
  #lastAt = 0;
  characters = 0;

  constructor(orderStream: string, archive: ConfigArchive) {
    this.#orderStream = orderStream;
    this.#archive = archive;
  }

  get commits(): readonly Commit[] {
    return [...this.#streams.values()].flatMap(({ commits }) => [...commits.values()]);
  }

  add(pointer: Pointer | undefined, read: readonly Commit[]): void {
    if (!pointer) return;
    const { stream, version } = pointer;
    if (stream === this.#orderStream) this.#lastAt = read.at(-1)?.at ?? 0;
    const found = this.#streams.get(stream) ?? {
      isPart: version !== undefined,
      head: read.at(-1)?.version ?? 0,
      commits: new Map<number, Commit>(),
    };
    const news = this.#relevant(pointer, read).filter((commit) => !found.commits.has(commit.version));
    if (news.length === 0) return;
    this.#streams.set(stream, found);
    for (const commit of news) {
      found.commits.set(commit.version, commit);
      this.characters += hashedText(commit).length;
    }
    this.#news.push(...news);
  }

  /** An account's life after the order is none of its business, nor is an approval of something else. */
  #relevant({ stream, through, version }: Pointer, read: readonly Commit[]): readonly Commit[] {
    if (version !== undefined) return read;
    if (through !== undefined) return read.slice(0, through);
    if (stream.startsWith(`${accountFold.kind}-`)) return read.filter(({ at }) => at <= this.#lastAt);
    const [first] = read;
    if (!first || !stream.startsWith(`${approval.kind}-`)) return read;
    const asked = approval.upcast(first.events[0]);
    const isOurs = asked.type === 'ApprovalRequested' && this.#isOurs(asked.data.subject);
    return isOurs ? read : [];
  }

  #isOurs(subject: string): boolean {
    return subject === this.#orderStream || this.#streams.has(subject);
  }

  /** What the commits found last point to, without what is there already. */
  nextPointers(): readonly Pointer[] {
    const pointers = new Map<string, Pointer>();
    for (const pointer of this.#news.flatMap((commit) => pointersOf(commit, this.#archive))) {
      const known = this.#streams.get(pointer.stream);
      const last = pointer.version ?? pointer.through;
      const isKnown = known && (last === undefined || known.commits.has(last));
      if (!isKnown) pointers.set(`${pointer.stream}@${last ?? ''}`, pointer);
    }
    this.#news = [];
    return [...pointers.values()];
  }

  streams(): readonly StreamEvidence[] {
    return [...this.#streams].map(([stream, { isPart, head, commits }]) => ({
      stream,
      extent: isPart ? 'part' : commits.size < head ? 'beginning' : 'whole',
      commits: [...commits.values()].toSorted((a, b) => a.version - b.version).map(evidenceOf),
    }));
  }
}

function evidenceOf(commit: Commit): CommitEvidence {
  return { version: commit.version, hash: hashOf(commit), text: hashedText(commit) };
}
