import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ImpossibleState } from '../domain/values/assert.ts';
import { consumerFile, readConsumerFile } from '../platform/consumer/sqlite-file.ts';
import { DataFolderDamaged, sqliteCode } from '../platform/event-store/data-folder.ts';
import { recentDamage } from '../platform/event-store/recent-chain.ts';
import type { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import type { StoreChoice } from './stores.ts';
import { isUnreadable } from './unreadable-log.ts';

const logFile = 'ordercell.db';

/**
 * What a start can see of a damaged log in bounded time, whatever its length; the rest is for `npm run verify`. Throws
 * `DataFolderDamaged`.
 */
export function refuseDamaged(store: Pick<SqliteEventStore, 'folder' | 'database'>): void {
  const damage = recentDamage(store.database);
  if (damage !== undefined) throw new DataFolderDamaged(store.folder, logFile, damage);
  refuseLostEnd(store);
}

/** What a start that went wrong says: of what the log cannot hold, that it is damaged; of anything else the same. */
export function orDamaged(error: unknown, choice: StoreChoice): unknown {
  if (choice.kind !== 'sqlite') return error;
  // Something impossible may be a fault of ours as well.
  if (error instanceof ImpossibleState || !isUnreadable(error)) return error;
  const found = `holds what nobody wrote: ${error.message}`;
  return new DataFolderDamaged(choice.folder, logFile, found, { cause: error });
}

/**
 * The lists follow the log and are told of nothing that is not on the disk. Where they know of more than the log has, its end was lost:
 * a missing or damaged write-ahead log, or an older file in the place of the newer one.
 */
function refuseLostEnd({ folder, database }: Pick<SqliteEventStore, 'folder' | 'database'>): void {
  if (!existsSync(join(folder, consumerFile))) return;
  const head = Number(database.prepare('SELECT max(sequence) AS head FROM log').get()?.['head'] ?? 0);
  const known = reachOfLists(folder);
  if (known <= head) return;
  const found = `ends at commit ${head}, and the lists in ${consumerFile} know of commit ${known}`;
  throw new DataFolderDamaged(folder, logFile, found);
}

/** 0 where they cannot be read, since then they are made anew. */
function reachOfLists(folder: string): number {
  let lists: DatabaseSync | undefined;
  try {
    lists = readConsumerFile(folder);
    return Number(lists.prepare('SELECT max(upto) AS upto FROM coverage').get()?.['upto'] ?? 0);
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
    return 0;
  } finally {
    if (lists?.isOpen === true) lists.close();
  }
}
