import { sqliteCode, sqliteCorrupt, sqliteNotADatabase } from '../platform/event-store/data-folder.ts';
import { isDamage, StoreUnavailable } from '../platform/event-store/errors.ts';

/** A statement of ours does not fit the tables; a row is not what its column may hold. */
const [sqliteError, sqliteConstraint] = [1, 19];
const damaged = new Set([sqliteError, sqliteCorrupt, sqliteConstraint, sqliteNotADatabase]);

/**
 * Whether an error says that what is in a data folder is not what was written, and so nothing about the disk's room or somebody else at
 * work on it.
 */
export function isUnreadable(error: unknown): error is Error {
  if (isDamage(error)) return true;
  const code = sqliteCode(error instanceof StoreUnavailable ? error.cause : error);
  return code !== undefined && damaged.has(code);
}
