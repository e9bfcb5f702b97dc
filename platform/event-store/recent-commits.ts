import type { Commit, FeedEntry } from './port.ts';

/** A consumer further behind than this reads the log. */
const commitsMax = 1_024;

/** The last durable commits of this process, so that a consumer in it need not read back what was only just written. */
export class RecentCommits {
  #staged: FeedEntry[] = [];
  #entries: FeedEntry[] = [];

  /** Inserted, and not durable yet. */
  stage(sequence: number, commit: Commit): void {
    this.#staged.push({ sequence: String(sequence), commit });
  }

  /** The transaction has ended. */
  settle(isDurable: boolean): void {
    if (isDurable) this.#entries.push(...this.#staged);
    this.#staged = [];
    if (this.#entries.length > 2 * commitsMax) this.#entries = this.#entries.slice(-commitsMax);
  }

  /** What `feed` is to answer; undefined when it goes back further than is known here. The log counts without gaps. */
  after(sequence: number, limit: number = Number.POSITIVE_INFINITY): readonly FeedEntry[] | undefined {
    const first = Number(this.#entries[0]?.sequence ?? Number.POSITIVE_INFINITY);
    const from = sequence + 1 - first;
    return from < 0 ? undefined : this.#entries.slice(from, from + limit);
  }
}
