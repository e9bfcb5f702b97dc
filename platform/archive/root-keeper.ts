import { timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, deadlineIn, longestCallMs } from '../deadline/deadline.ts';
import { hashOf } from '../event-store/codec.ts';
import type { HeadReader } from '../event-store/heads-read.ts';
import type { StreamHead } from '../event-store/port.ts';
import type { WrittenStreams } from '../event-store/written-streams.ts';
import type { Archive } from './port.ts';
import { decodeRoot, encodeRoot, type Root, type RootHead, rootName, type WrittenRoot } from './roots.ts';

export interface RootLimits {
  /** No further root is begun after so long. */
  readonly workMs: number;
  /** Streams after which a root is closed and the next begun. */
  readonly headsMax: number;
  /** Heads read from the log within one deadline. */
  readonly readsMax: number;
  /** What was written more recently is left for the next: it may still be on its way to where it is looked for, and to the archive, where who copies it looks for what a root knows. */
  readonly settlingMs: number;
}

export const rootLimits: RootLimits = { workMs: 15_000, headsMax: 5_000, readsMax: 500, settlingMs: 180_000 };

export interface RootKeeperOptions {
  readonly cell: string;
  readonly archive: Archive;
  readonly log: HeadReader;
  readonly written: WrittenStreams;
  readonly clock: Clock;
  /** The log has no commit where one was written, or none that can be read: wakes a person. Must not throw. */
  readonly onMissing: (head: StreamHead) => void;
  readonly limits?: Partial<RootLimits>;
}

export interface RootsReport {
  /** Roots that were kept in this run, and the streams in them. */
  readonly roots: number;
  readonly streams: number;
  /** The newest root there is now: who keeps its hash elsewhere can show that none was taken away. */
  readonly newest: { readonly number: number; readonly hash: string } | undefined;
  /** More was written than one run could go through; the next goes on. */
  readonly isBehind: boolean;
}

interface Gathered {
  readonly heads: readonly StreamHead[];
  readonly place: string;
  readonly isLast: boolean;
}

/**
 * Writes down what the log holds: the head of each stream that was written since the last time, with the hash of its newest commit, which stands
 * for all before it, and the hash of the root before, which stands for all other streams. Where it goes on is in the root itself, so a
 * run that was cut off is simply repeated.
 */
export class RootKeeper {
  readonly #options: RootKeeperOptions;
  readonly #limits: RootLimits;
  #newest: WrittenRoot | undefined;

  constructor(options: RootKeeperOptions) {
    this.#options = options;
    this.#limits = { ...rootLimits, ...options.limits };
  }

  /** Throws what the log or the archive throws, and `RootUnreadable`. What was kept before stays. */
  async run(): Promise<RootsReport> {
    const { clock } = this.#options;
    const endMs = clock.monotonicMs() + this.#limits.workMs;
    let newest = await this.#last();
    let [roots, streams, isBehind] = [0, 0, true];
    while (isBehind && clock.monotonicMs() < endMs) {
      const next = await this.#next(newest, endMs);
      // Another run was faster, and goes on from there.
      if (next === 'overtaken') break;
      newest = next.written;
      roots += 1;
      streams += newest.root.heads.length;
      isBehind = !next.isLast;
    }
    this.#newest = newest;
    return { roots, streams, newest: newest && { number: newest.root.number, hash: newest.hash }, isBehind };
  }

  /** Numbers have no gaps, so the last is found by doubling and halving: never by a list that grows for years. */
  async #last(): Promise<WrittenRoot | undefined> {
    let known = this.#newest;
    let there = known?.root.number ?? 0;
    let step = 1;
    for (let found = await this.#read(there + step); found; found = await this.#read(there + step)) {
      known = found;
      there += step;
      step *= 2;
    }
    for (step = Math.floor(step / 2); step >= 1; step = Math.floor(step / 2)) {
      const found = await this.#read(there + step);
      if (!found) continue;
      known = found;
      there += step;
    }
    return known;
  }

  async #read(number: number): Promise<WrittenRoot | undefined> {
    const { archive, cell } = this.#options;
    const name = rootName(cell, number);
    const bytes = await archive.read(name, this.#soon());
    return bytes && decodeRoot(name, bytes);
  }

  async #next(before: WrittenRoot | undefined, endMs: number) {
    const { archive, cell, clock } = this.#options;
    const { heads, place, isLast } = await this.#gather(before?.root.place, endMs);
    const root: Root = {
      format: 'ordercell-root',
      format_version: 1,
      cell,
      number: (before?.root.number ?? 0) + 1,
      at: clock.now(),
      previous: before?.hash ?? null,
      place,
      heads: await this.#hashed(heads),
    };
    const { name, bytes, hash } = await encodeRoot(root);
    if ((await archive.keep(name, bytes, this.#soon())) === 'known') return 'overtaken';
    return { written: { root, hash }, isLast };
  }

  async #gather(from: string | undefined, endMs: number): Promise<Gathered> {
    const { written, clock } = this.#options;
    const { settlingMs, headsMax } = this.#limits;
    const until = timestamp(Math.max(0, clock.now() - settlingMs * 1_000));
    const heads = new Map<string, StreamHead>();
    let place = from;
    for (;;) {
      const page = await written.written(place, until, this.#soon());
      for (const head of page.heads)
        if (head.version > (heads.get(head.stream)?.version ?? 0)) heads.set(head.stream, head);
      place = page.place;
      if (page.isLast || heads.size >= headsMax || clock.monotonicMs() >= endMs)
        return { heads: [...heads.values()].toSorted(byName), place, isLast: page.isLast };
    }
  }

  async #hashed(heads: readonly StreamHead[]): Promise<RootHead[]> {
    const all: RootHead[] = [];
    for (let from = 0; from < heads.length; from += this.#limits.readsMax) {
      const some = heads.slice(from, from + this.#limits.readsMax);
      const commits = await this.#options.log.readHeads(some, this.#soon());
      for (const head of some) {
        const commit = commits.get(head.stream);
        if (!commit) this.#options.onMissing(head);
        all.push({ stream: head.stream, version: head.version, hash: commit ? hashOf(commit) : null });
      }
    }
    return all;
  }

  #soon(): Deadline {
    return deadlineIn(longestCallMs, this.#options.clock);
  }
}

function byName({ stream: one }: StreamHead, { stream: other }: StreamHead): number {
  return one < other ? -1 : Number(one > other);
}
