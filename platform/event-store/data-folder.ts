import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storedNumbers, storedTexts } from './stored-commit.ts';

/** Raised with every change that an older release could not read or write. */
export const dataFolderFormat = 1;

/** Another process has the data folder. Starting a second one on it would break both. */
export class DataFolderLocked extends Error {
  override readonly name = 'DataFolderLocked';
  readonly folder: string;
  readonly processId: number | undefined;
  constructor(folder: string, processId: number | undefined, options?: ErrorOptions) {
    const who = processId === undefined ? 'another process' : `process ${processId}`;
    super(`the data folder ${folder} is in use by ${who}; stop it or choose another folder`, options);
    this.folder = folder;
    this.processId = processId;
  }
}

/** The data folder was not written by a release we can read. Nothing in it was touched. */
export class DataFolderUnknown extends Error {
  override readonly name = 'DataFolderUnknown';
  readonly folder: string;
  constructor(folder: string, found: string, options?: ErrorOptions) {
    super(`the data folder ${folder} ${found}; this release reads format ${dataFolderFormat}`, options);
    this.folder = folder;
  }
}

/** What SQLite keeps in a data folder. It gives its files the rights the process gives all of its files. */
export const databaseFiles = ['ordercell.db', 'ordercell.db-wal'] as const;

const required = new Set<string>(['stream', 'version', 'events', 'id', 'at', 'by', 'cell', 'ep']);
const columns = [
  ...storedTexts.map((name) => `"${name}" TEXT${required.has(name) ? ' NOT NULL' : ''}`),
  ...storedNumbers.map((name) => `"${name}" INTEGER NOT NULL`),
];

const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('format', '${dataFolderFormat}');
  CREATE TABLE log (sequence INTEGER PRIMARY KEY, ${columns.join(', ')}, UNIQUE (stream, version)) STRICT;
  CREATE TRIGGER log_never_changes BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log never changes'); END;
  CREATE TRIGGER log_never_shrinks BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log never shrinks'); END;
  CREATE TABLE items (owner TEXT, name TEXT, attributes TEXT NOT NULL, PRIMARY KEY (owner, name)) STRICT, WITHOUT ROWID;
  CREATE TABLE cursors (consumer TEXT PRIMARY KEY, sequence TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * Opens the folder's database for this process alone, making it when it is new. The lock is SQLite's own lock on the file, which
 * the operating system releases when the process dies, however it dies. Throws `DataFolderLocked` or `DataFolderUnknown`.
 *
 * Nothing else in this process may open the file itself: POSIX drops a process's locks when it closes any handle of the file.
 */
export function openDataFolder(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'ordercell.db'), { timeout: 0 });
  try {
    lock(database);
    prepare(database, folder);
    writeFileSync(processIdFile(folder), String(process.pid));
    return database;
  } catch (error) {
    database.close();
    throw explained(error, folder);
  }
}

export function closeDataFolder(database: DatabaseSync, folder: string): void {
  rmSync(processIdFile(folder), { force: true });
  database.close();
}

/** Set before the first access, EXCLUSIVE also keeps the index of the write-ahead log in our own memory: faster, and no file of it. */
function lock(database: DatabaseSync): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec('BEGIN EXCLUSIVE; COMMIT;');
  database.exec('PRAGMA cache_size = -65536;');
}

function prepare(database: DatabaseSync, folder: string): void {
  const tables = database
    .prepare("SELECT count(*) AS n, sum(name = 'meta') AS meta FROM sqlite_schema")
    .get();
  if (tables?.['n'] === 0) return database.exec(`BEGIN; ${schema} COMMIT;`);
  if (tables?.['meta'] !== 1) throw new DataFolderUnknown(folder, 'holds a database that is not ours');
  const found = database.prepare("SELECT value FROM meta WHERE name = 'format'").get()?.['value'];
  if (found !== String(dataFolderFormat)) throw new DataFolderUnknown(folder, `has format ${String(found)}`);
}

function explained(error: unknown, folder: string): unknown {
  const code = sqliteCode(error);
  if (code === sqliteBusy) return new DataFolderLocked(folder, holder(folder), { cause: error });
  if (code === sqliteNotADatabase)
    return new DataFolderUnknown(folder, 'holds no database', { cause: error });
  return error;
}

const sqliteBusy = 5;
export const sqliteFull = 13;
const sqliteNotADatabase = 26;

/** The primary result code of an error that SQLite raised; undefined for any other. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

function holder(folder: string): number | undefined {
  try {
    const processId = Number(readFileSync(processIdFile(folder), 'utf8'));
    return Number.isSafeInteger(processId) && processId > 0 ? processId : undefined;
  } catch {
    // Only the message is poorer: the holder may not have written it yet.
    return undefined;
  }
}

function processIdFile(folder: string): string {
  return join(folder, 'ordercell.pid');
}
