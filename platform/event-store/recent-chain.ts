import type { DatabaseSync } from 'node:sqlite';
import { decodeCommit, hashOf } from './codec.ts';
import { sqliteCode, sqliteCorrupt } from './data-folder.ts';
import { CorruptCommit } from './errors.ts';

/** What a start can look at whatever the length of the log: some milliseconds. All of it is for `npm run verify`. */
const commitsMax = 200;

/** Whether the newest commits can be read and follow the ones before them; in words where they do not. */
export function recentDamage(database: DatabaseSync): string | undefined {
  const before = database.prepare('SELECT * FROM log WHERE stream = ? AND version = ?');
  try {
    for (const row of database
      .prepare(`SELECT * FROM log ORDER BY sequence DESC LIMIT ${commitsMax}`)
      .all()) {
      const { stream, version, previousHash } = decodeCommit(row);
      if (version === 1) continue;
      const last = before.get(stream, version - 1);
      if (!last) return `has version ${version} of ${stream} and not the one before`;
      if (hashOf(decodeCommit(last)) !== previousHash)
        return `has another version ${version - 1} of ${stream} than version ${version} was written behind`;
    }
    return undefined;
  } catch (error) {
    if (error instanceof CorruptCommit) return `holds a commit that is none: ${error.message}`;
    if (sqliteCode(error) === sqliteCorrupt) return 'holds numbers or pages that are not what was written';
    throw error;
  }
}
