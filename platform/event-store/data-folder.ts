import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storedNumbers, storedTexts } from './stored-commit.ts';
import { walDamage } from './wal-damage.ts';

/**
 * Raised with every change that an older release could not read or write, so that it refuses the folder instead of taking what it
 * does not know for damage. 2: views have a file of their own, and there are streams of books and of config.
 */
export const dataFolderFormat = 2;

/** From the oldest format that is read, which is brought up to date when it is opened. */
const readable = [1, dataFolderFormat];

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
    super(`the data folder ${folder} ${found}; this release reads formats ${readable.join(' to ')}`, options);
    this.folder = folder;
  }
}

/** A file of the log is not what was written. Nothing is decided on it. */
export class DataFolderDamaged extends Error {
  override readonly name = 'DataFolderDamaged';
  readonly folder: string;
  constructor(folder: string, file: string, found: string, options?: ErrorOptions) {
    super(
      `the log in ${folder} is damaged: ${file} ${found}. Keep the folder as it is, and restore the last backup ` +
        'into another one: npm run restore -- --from BACKUP --data NEW',
      options,
    );
    this.folder = folder;
  }
}

/** What SQLite keeps in a data folder. It gives its files the rights the process gives all of its files. */
export const databaseFiles = ['ordercell.db', 'ordercell.db-wal', 'ordercell.db-shm'] as const;
const [logFile, walFile] = databaseFiles;
/** They are made once there is a log, and what is in them follows from it. */
const madeOfTheLog = ['views.db', 'webhooks.db'] as const;

const lastReaderMs = 2_000;

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

/** An open data folder: nobody else has it until it is closed, or this process dies, however it dies. */
export interface DataFolder {
  readonly database: DatabaseSync;
  close(): void;
}

/**
 * Opens the folder's database for this process alone, making it when it is new. Throws `DataFolderLocked`, `DataFolderUnknown`
 * or `DataFolderDamaged`: a file is gone, or has not the shape that SQLite gave it where it is looked at.
 *
 * The lock is SQLite's own, on a file beside the database: consumers read the log on connections of their own, in a process beside
 * this one, which a lock on the database itself would keep out. Nothing else in this process may open these files by other
 * means than SQLite: POSIX drops a process's locks when it closes any handle of a file.
 */
export function openDataFolder(folder: string): DataFolder {
  mkdirSync(folder, { recursive: true });
  const opened = new DisposableStack();
  try {
    const lock = opened.adopt(openDatabase(folder, 'ordercell.lock'), close);
    // Held open, and nothing is ever written: it has no use for a journal.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
    refuseWithoutLog(folder);
    const torn = walDamage(join(folder, walFile));
    if (torn !== undefined) throw new DataFolderDamaged(folder, walFile, torn);
    const database = opened.adopt(openDatabase(folder, logFile), close);
    // A reader that a killed cell left behind may be bringing the file up to date at this moment: it is gone in the next.
    database.exec(`PRAGMA busy_timeout = ${lastReaderMs};`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;');
    prepare(database, folder);
    database.exec('PRAGMA busy_timeout = 0;');
    writeFileSync(processIdFile(folder), String(process.pid));
    opened.defer(() => rmSync(processIdFile(folder), { force: true }));
    return { database, close: () => opened.dispose() };
  } catch (error) {
    opened.dispose();
    throw explained(error, folder);
  }
}

/** A file that is gone or empty would be taken for that of a new cell. */
function refuseWithoutLog(folder: string): void {
  const path = join(folder, logFile);
  if (existsSync(path) && statSync(path).size > 0) return;
  const left = [walFile, ...madeOfTheLog].find((file) => {
    const there = statSync(join(folder, file), { throwIfNoEntry: false });
    return there !== undefined && there.size > 0;
  });
  if (left === undefined) return;
  const found = existsSync(path) ? 'is empty' : 'is gone';
  throw new DataFolderDamaged(folder, logFile, `${found}, although ${left} is there`);
}

function openDatabase(folder: string, file: string): DatabaseSync {
  return new DatabaseSync(join(folder, file), { timeout: 0 });
}

function close(database: DatabaseSync): void {
  database.close();
}

function prepare(database: DatabaseSync, folder: string): void {
  const tables = database
    .prepare("SELECT count(*) AS n, sum(name = 'meta') AS meta FROM sqlite_schema")
    .get();
  if (tables?.['n'] === 0) return database.exec(`BEGIN; ${schema} COMMIT;`);
  if (tables?.['meta'] !== 1) throw new DataFolderUnknown(folder, 'holds a database that is not ours');
  const found = database.prepare("SELECT value FROM meta WHERE name = 'format'").get()?.['value'];
  if (!readable.map(String).includes(String(found)))
    throw new DataFolderUnknown(folder, `has format ${String(found)}`);
  if (found !== String(dataFolderFormat)) database.exec(`BEGIN IMMEDIATE; ${broughtUpToDate} COMMIT;`);
}

/** Format 1 kept views in this file. They follow from the log, and have a file of their own now. */
const broughtUpToDate = [
  ...['streams', 'coverage', 'orders', 'positions', 'trades', 'version', 'activities'].map(
    (table) => `DROP TABLE IF EXISTS view_${table};`,
  ),
  "DELETE FROM cursors WHERE consumer LIKE 'views-%';",
  `UPDATE meta SET value = '${dataFolderFormat}' WHERE name = 'format';`,
].join(' ');

/** What SQLite's error says of the folder; any other error as it is. */
export function explained(error: unknown, folder: string): unknown {
  const code = sqliteCode(error);
  if (code === sqliteBusy) return new DataFolderLocked(folder, holder(folder), { cause: error });
  if (code === sqliteNotADatabase)
    return new DataFolderUnknown(folder, `holds a file ${logFile} that is no database, or is damaged`, {
      cause: error,
    });
  if (code === sqliteCorrupt && error instanceof Error)
    return new DataFolderDamaged(folder, logFile, `is not what was written (${error.message})`, {
      cause: error,
    });
  // Our own statements are whole: where one does not fit, the tables are others than those we made.
  if (code === sqliteError && error instanceof Error)
    return new DataFolderDamaged(folder, logFile, `has not the tables it was made with (${error.message})`, {
      cause: error,
    });
  return error;
}

const sqliteError = 1;
export const sqliteBusy = 5;
export const sqliteCorrupt = 11;
export const sqliteFull = 13;
export const sqliteNotADatabase = 26;

/**
 * The primary result code of an error that SQLite raised; undefined for any other. A whole number that JavaScript cannot hold is
 * `sqliteCorrupt`: we never write one, so the row is not what was written, and Node's driver refuses to give it.
 */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && error.code === 'ERR_OUT_OF_RANGE') return sqliteCorrupt;
  if (!('errcode' in error) || typeof error.errcode !== 'number') return undefined;
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
