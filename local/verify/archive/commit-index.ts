import { DatabaseSync } from 'node:sqlite';
import type { ArchivedCommit } from './objects.ts';

export interface IndexedCommit {
  readonly stream: string;
  readonly version: number;
  readonly hash: string;
  readonly previousHash?: string;
  /** Microseconds. */
  readonly at: number;
}

/**
 * What the commits of a cell's archive are, without what they say, in a file of SQLite's own that goes with it: some 250 bytes of disk for
 * each, and a bounded part of it in memory, however many there are. Objects come in the order of their first commits, commits of one stream
 * in any.
 */
export class CommitIndex implements Disposable {
  readonly #database = new DatabaseSync('');
  readonly #add;
  readonly #hash;
  readonly #last;
  readonly #head;
  readonly #raise;

  constructor() {
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072;
      CREATE TABLE commits (stream TEXT, version INTEGER, hash TEXT, previous TEXT, at INTEGER,
        PRIMARY KEY (stream, version)) STRICT, WITHOUT ROWID;
      CREATE TABLE heads (stream TEXT PRIMARY KEY, version INTEGER) STRICT, WITHOUT ROWID;
      BEGIN;
    `);
    const prepare = (sql: string) => this.#database.prepare(sql);
    this.#add = prepare('INSERT INTO commits VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.#hash = prepare('SELECT hash FROM commits WHERE stream = ? AND version = ?');
    this.#last = prepare('SELECT max(version) AS version FROM commits WHERE stream = ?');
    this.#head = prepare('SELECT version FROM heads WHERE stream = ?');
    this.#raise = prepare('INSERT INTO heads VALUES (?1, ?2) ON CONFLICT DO UPDATE SET version = ?2');
  }

  /** False: there is another one under its name already. The same one may come any number of times. */
  add({ commit: { stream, version, previousHash, at }, hash }: ArchivedCommit): boolean {
    const { changes } = this.#add.run(stream, version, hash, previousHash ?? null, at);
    return Number(changes) === 1 || this.hashOf(stream, version) === hash;
  }

  hashOf(stream: string, version: number): string | undefined {
    const hash = this.#hash.get(stream, version)?.['hash'];
    return typeof hash === 'string' ? hash : undefined;
  }

  /** 0: there is nothing of the stream. */
  lastOf(stream: string): number {
    return Number(this.#last.get(stream)?.['version'] ?? 0);
  }

  /** A root says that the stream had this version. Gives what the root before said, 0 where none did. */
  raiseHead(stream: string, version: number): number {
    const before = Number(this.#head.get(stream)?.['version'] ?? 0);
    this.#raise.run(stream, Math.max(before, version));
    return before;
  }

  /** Stream by stream, each from its first version on. */
  *inOrder(): Iterable<IndexedCommit> {
    for (const row of this.#database.prepare('SELECT * FROM commits ORDER BY stream, version').iterate()) {
      const { stream, version, hash, previous, at } = row;
      const said = typeof previous === 'string' ? { previousHash: previous } : {};
      yield { stream: String(stream), version: Number(version), hash: String(hash), at: Number(at), ...said };
    }
  }

  /** Commits that no root speaks for. */
  newerThanRoots(): number {
    const sql = `SELECT count(*) AS many FROM commits LEFT JOIN heads USING (stream)
      WHERE commits.version > coalesce(heads.version, 0)`;
    return Number(this.#database.prepare(sql).get()?.['many']);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
