import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeCommit } from './codec.ts';
import { sqliteCode } from './data-folder.ts';
import { StoreUnavailable } from './errors.ts';
import { feedStart } from './feed.ts';
import type { Commit, EventStore, FeedEntry, StreamHead } from './port.ts';

/** Longer than a checkpoint or the recovery after a crash keeps anybody waiting. */
const busyMs = 5_000;
const headsPage = 1_000;

/**
 * The log of a data folder that a cell has open, read on a connection of its own: for consumers, also in a process beside it.
 * Every statement sees what is durable by then. Throws `StoreUnavailable` when the database cannot be read.
 */
export class SqliteLog implements Pick<EventStore, 'read' | 'heads'> {
  readonly #database: DatabaseSync;
  readonly #feed;
  readonly #head;
  readonly #from;
  readonly #heads;
  readonly #sequences;
  readonly #upTo;
  /** What several consumers ask of commits that they have been brought. What the log has never changes, so neither do the answers. */
  readonly #knownSequences = new Recent<readonly number[]>();
  readonly #knownVersions = new Recent<number>();

  constructor(folder: string) {
    const database = new DatabaseSync(join(folder, 'ordercell.db'), { readOnly: true, timeout: busyMs });
    this.#database = database;
    this.#feed = database.prepare('SELECT * FROM log WHERE sequence > ? ORDER BY sequence LIMIT ?');
    this.#head = database.prepare('SELECT max(sequence) AS head FROM log');
    this.#from = database.prepare('SELECT * FROM log WHERE stream = ? AND version >= ? ORDER BY version');
    this.#heads = database.prepare(
      'SELECT stream, max(version) AS version FROM log WHERE stream > ? GROUP BY stream ORDER BY stream LIMIT ?',
    );
    this.#sequences = database.prepare(
      'SELECT sequence FROM log WHERE stream = ? AND version > ? AND version <= ? ORDER BY version',
    );
    this.#upTo = database.prepare(
      'SELECT version FROM log WHERE stream = ? AND sequence <= ? ORDER BY version DESC LIMIT 1',
    );
  }

  /** Commits after `sequence`, oldest first, at most `limit`. */
  feed(sequence: number, limit: number): readonly FeedEntry[] {
    const rows = this.#reading(() => this.#feed.all(sequence, limit));
    return rows.map((row) => ({ sequence: String(row['sequence']), commit: decodeCommit(row) }));
  }

  /** The newest sequence. */
  head(): string {
    return this.#reading(() => String(this.#head.get()?.['head'] ?? feedStart));
  }

  async read(stream: string, from: number): Promise<readonly Commit[]> {
    return this.#reading(() => this.#from.all(stream, from)).map(decodeCommit);
  }

  async *heads(): AsyncIterable<StreamHead> {
    let after = '';
    for (;;) {
      const rows = this.#reading(() => this.#heads.all(after, headsPage));
      for (const row of rows) {
        after = String(row['stream']);
        yield { stream: after, version: Number(row['version']) };
      }
      if (rows.length < headsPage) return;
    }
  }

  /** Of the versions after `from` up to `to`, as far as there are: from the index alone. */
  sequences(stream: string, from: number, to: number): readonly number[] {
    return this.#knownSequences.of(
      `${from} ${to} ${stream}`,
      () => this.#reading(() => this.#sequences.all(stream, from, to)).map((row) => Number(row['sequence'])),
      (sequences) => sequences.length === to - from,
    );
  }

  /** The last version of a stream up to a sequence that there is, 0 where it has not begun by then: from the index alone. */
  versionUpTo(stream: string, sequence: number): number {
    return this.#knownVersions.of(`${sequence} ${stream}`, () =>
      this.#reading(() => Number(this.#upTo.get(stream, sequence)?.['version'] ?? 0)),
    );
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #reading<Result>(work: () => Result): Result {
    if (!this.#database.isOpen) throw new StoreUnavailable('the log is closed');
    try {
      return work();
    } catch (cause) {
      if (sqliteCode(cause) === undefined) throw cause;
      throw new StoreUnavailable('the log could not be read', { cause });
    }
  }
}

/** Batches are smaller. */
const recentMax = 4_096;

/** The answers of the last few thousand questions, whose answers never change. */
class Recent<Answer> {
  readonly #answers = new Map<string, Answer>();

  /** Asks where the answer is not known. `isFinal`: it will be the same for ever. */
  of(question: string, ask: () => Answer, isFinal: (answer: Answer) => boolean = () => true): Answer {
    const known = this.#answers.get(question);
    if (known !== undefined) return known;
    const answer = ask();
    if (!isFinal(answer)) return answer;
    if (this.#answers.size >= recentMax) this.#answers.clear();
    this.#answers.set(question, answer);
    return answer;
  }
}
