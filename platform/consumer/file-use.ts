import { writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { sqliteCode, sqliteCorrupt, sqliteNotADatabase } from '../event-store/data-folder.ts';
import { StoreUnavailable } from '../event-store/errors.ts';

/** Beside a file that was found malformed while it was in use: whoever reads it would go on reading it if it were made anew at once. */
export function markOf(file: string): string {
  return `${file}-malformed`;
}

export function isBroken(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === sqliteCorrupt || code === sqliteNotADatabase;
}

/**
 * Reads or writes the consumers' file on any connection to it. What SQLite itself refuses is `StoreUnavailable`: it may well go later,
 * and where the file is malformed, after the next start, which makes it anew.
 */
export function inFile<Result>(database: DatabaseSync, work: () => Result): Result {
  if (!database.isOpen) throw new StoreUnavailable('the consumers’ file is closed');
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error) || sqliteCode(cause) === undefined) throw cause;
    const file = database.location();
    if (file !== null && isBroken(cause)) writeFileSync(markOf(file), '');
    throw new StoreUnavailable(`the consumers’ file could not be used: ${cause.message}`, { cause });
  }
}
