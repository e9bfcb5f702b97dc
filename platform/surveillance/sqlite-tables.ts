import type { ConsumerTables } from '../consumer/sqlite-file.ts';
import { surveillanceVersion } from './version.ts';

/** Made anew from the log when what is kept of an account changes. What was done about a breach is in the log besides. */
export const surveillanceTables: ConsumerTables = {
  name: 'surveillance',
  version: surveillanceVersion,
  tables: ['surveillance_figures', 'surveillance_breaches'],
  schema: `
    CREATE TABLE surveillance_figures (
      account TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID;
    CREATE TABLE surveillance_breaches (
      place TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, body TEXT NOT NULL, settled TEXT) STRICT;
    CREATE INDEX surveillance_pending ON surveillance_breaches (place) WHERE settled IS NULL;
    CREATE INDEX surveillance_by_account ON surveillance_breaches (account, place);
  `,
};
