import type { DatabaseSync } from 'node:sqlite';
import { timestamp } from '../../domain/values/time.ts';
import type { SqliteEventStore } from '../event-store/sqlite.ts';
import type { Parked, Parking } from './port.ts';

/** What could not be processed: the statements on the table `parked`, of all consumers in a file. */
export class ParkedStatements {
  readonly #get;
  readonly #put;
  readonly #list;
  readonly #delete;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT version FROM parked WHERE consumer = ? AND stream = ?');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO parked (consumer, stream, version, error, at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#list = database.prepare(
      'SELECT stream, version, error, at FROM parked WHERE consumer = ? ORDER BY stream',
    );
    this.#delete = database.prepare('DELETE FROM parked WHERE consumer = ? AND stream = ?');
  }

  park(consumer: string, { stream, version, error, at }: Parked): 'parked' | 'known' {
    if (this.#get.get(consumer, stream)?.['version'] === version) return 'known';
    this.#put.run(consumer, stream, version, error, at);
    return 'parked';
  }

  list(consumer: string): readonly Parked[] {
    return this.#list.all(consumer).map(({ stream, version, error, at }) => ({
      stream: String(stream),
      version: Number(version),
      error: String(error),
      at: timestamp(Number(at)),
    }));
  }

  unpark(consumer: string, stream: string): void {
    this.#delete.run(consumer, stream);
  }
}

const schema = `
  CREATE TABLE IF NOT EXISTS parked (
    consumer TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (consumer, stream)) STRICT;
  DELETE FROM parked WHERE consumer LIKE 'views-%';
`;

/** In the log's own file, for consumers whose place in the feed is there too: both are synced to the disk. */
export class SqliteParking implements Parking {
  readonly #store: SqliteEventStore;
  readonly #parked: ParkedStatements;

  private constructor(store: SqliteEventStore) {
    this.#store = store;
    this.#parked = new ParkedStatements(store.database);
  }

  static async open(store: SqliteEventStore): Promise<SqliteParking> {
    await store.write(({ database }) => database.exec(schema));
    return new SqliteParking(store);
  }

  park(consumer: string, parked: Parked): Promise<'parked' | 'known'> {
    return this.#store.write(() => this.#parked.park(consumer, parked));
  }

  async parked(consumer: string): Promise<readonly Parked[]> {
    return this.#parked.list(consumer);
  }

  async unpark(consumer: string, stream: string): Promise<void> {
    await this.#store.write(() => this.#parked.unpark(consumer, stream));
  }
}
