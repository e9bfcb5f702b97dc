import { feedStart } from '../event-store/feed.ts';
import type { SqliteEventStore } from '../event-store/sqlite.ts';
import { LocalChangeFeed, type LocalChangeFeedOptions } from './local.ts';

/** A consumer over the SQLite log's global sequence. */
export function sqliteChangeFeed(
  store: SqliteEventStore,
  options: Omit<LocalChangeFeedOptions, 'feed' | 'head'>,
): LocalChangeFeed {
  const head = store.database.prepare('SELECT max(sequence) AS head FROM log');
  return new LocalChangeFeed({
    ...options,
    feed: store,
    head: async () => String(head.get()?.['head'] ?? feedStart),
  });
}
