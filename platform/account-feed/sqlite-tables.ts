import type { ConsumerTables } from '../consumer/sqlite-file.ts';

/**
 * Where views are deleted and built again, these stay: a number that was handed out stays what it is. A change of these tables
 * has to keep the numbers too. When the whole file is lost, the log's sequence gives the same numbers again.
 */
export const feedTables: ConsumerTables = {
  name: 'account-feed',
  version: 1,
  tables: ['feed_heads', 'feed_holdings', 'feed_entries'],
  schema: `
    CREATE TABLE feed_heads (
      account TEXT PRIMARY KEY, revision INTEGER NOT NULL, latest INTEGER NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE feed_holdings (
      account TEXT NOT NULL, symbol TEXT NOT NULL, quantity TEXT NOT NULL, PRIMARY KEY (account, symbol)) STRICT, WITHOUT ROWID;
    CREATE TABLE feed_entries (
      account TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (account, number)) STRICT;
  `,
};
