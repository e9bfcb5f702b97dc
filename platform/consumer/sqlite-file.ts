import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isHeaderWrong } from '../event-store/database-header.ts';
import type { SqliteLog } from '../event-store/sqlite-log.ts';
import { inFile, isBroken, markOf } from './file-use.ts';
import { lockForWriting } from './writer-lock.ts';

export const consumerFile = 'views.db';
const files = [consumerFile, `${consumerFile}-wal`, `${consumerFile}-shm`];
const busyMs = 5_000;

const schema = `
  CREATE TABLE IF NOT EXISTS versions (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS coverage (consumer TEXT PRIMARY KEY, upto INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS apart (
    consumer TEXT NOT NULL, stream TEXT NOT NULL, applied INTEGER NOT NULL,
    PRIMARY KEY (consumer, stream)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parked (
    consumer TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (consumer, stream)) STRICT;
`;

/** Tables of one consumer, made anew from the log when they hold what another version worked out. */
export interface ConsumerTables {
  readonly name: string;
  readonly version: number;
  readonly tables: readonly string[];
  readonly schema: string;
}

/**
 * The file beside the log in which consumers on one machine keep what they make of it. All of it follows from the log, so its
 * writes are not synced one by one: after a loss of power the last of them are made again. One connection writes, of whatever process,
 * for as long as it is open; others read.
 */
export class SqliteConsumerFile {
  readonly database: DatabaseSync;
  readonly log: SqliteLog;

  readonly #release: () => void;

  private constructor(database: DatabaseSync, log: SqliteLog, release: () => void) {
    this.database = database;
    this.log = log;
    this.#release = release;
  }

  /**
   * Makes the file when there is none, and anew when it is broken: nothing is in it that the log does not have. Throws `ListsHeld` when
   * somebody else writes it and does not end in time.
   */
  static open(folder: string, log: SqliteLog): SqliteConsumerFile {
    return SqliteConsumerFile.#locked(folder, log, openedOrMadeAnew);
  }

  /** Leaves a broken file alone: whoever reads it would go on reading one that has no name any more. */
  static openThere(folder: string, log: SqliteLog): SqliteConsumerFile {
    return SqliteConsumerFile.#locked(folder, log, opened);
  }

  static #locked(folder: string, log: SqliteLog, open: (folder: string) => DatabaseSync): SqliteConsumerFile {
    const release = lockForWriting(folder);
    try {
      return new SqliteConsumerFile(open(folder), log, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Makes a consumer's tables, or makes them anew; its place in the feed goes with them. */
  prepare({ name, version, tables, schema: own }: ConsumerTables, consumer: string): void {
    this.transaction(() => {
      const found = this.database.prepare('SELECT version FROM versions WHERE name = ?').get(name);
      if (found?.['version'] === version) return;
      for (const table of tables) this.database.exec(`DROP TABLE IF EXISTS ${table}`);
      this.database.exec(own);
      this.database.prepare('INSERT OR REPLACE INTO versions VALUES (?, ?)').run(name, version);
      this.database.prepare('DELETE FROM coverage WHERE consumer = ?').run(consumer);
      this.database.prepare('DELETE FROM apart WHERE consumer = ?').run(consumer);
    });
  }

  /** Synchronous work, all or nothing. Throws as `inFile` does. */
  transaction<Result>(work: () => Result): Result {
    return inFile(this.database, () => {
      try {
        this.database.exec('BEGIN IMMEDIATE');
        const result = work();
        this.database.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
    this.#release();
  }
}

function openedOrMadeAnew(folder: string): DatabaseSync {
  const file = join(folder, consumerFile);
  if (isHeaderWrong(file) || existsSync(markOf(file))) removeFiles(folder);
  try {
    return opened(folder);
  } catch (error) {
    if (!isBroken(error)) throw error;
    removeFiles(folder);
    return opened(folder);
  }
}

/** The mark goes last: a file that is half gone is still known as broken. */
function removeFiles(folder: string): void {
  for (const file of [...files, markOf(consumerFile)]) rmSync(join(folder, file), { force: true });
}

function opened(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, consumerFile), { timeout: busyMs });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;');
    database.exec(schema);
    const there = files.map((file) => join(folder, file)).filter((path) => existsSync(path));
    for (const path of there) chmodSync(path, 0o600);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** For whoever only reads what the file's consumers wrote. The file has to be there. */
export function readConsumerFile(folder: string): DatabaseSync {
  return new DatabaseSync(join(folder, consumerFile), { readOnly: true, timeout: busyMs });
}
