import type { SqliteEventStore } from '../event-store/sqlite.ts';
import type { ChunkStore } from './chunk-store.ts';

/** Beside the log, in the same file and with the same durability. */
export class SqliteChunkStore implements ChunkStore {
  readonly #store: SqliteEventStore;

  constructor(store: SqliteEventStore) {
    this.#store = store;
    store.database.exec(
      'CREATE TABLE IF NOT EXISTS chunks (owner TEXT, name TEXT, text TEXT NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID',
    );
  }

  async put(owner: string, name: string, text: string): Promise<void> {
    await this.#store.write(({ database }) =>
      database
        .prepare('INSERT OR REPLACE INTO chunks (owner, name, text) VALUES (?, ?, ?)')
        .run(owner, name, text),
    );
  }

  async get(owner: string, name: string): Promise<string | undefined> {
    const row = this.#store.database
      .prepare('SELECT text FROM chunks WHERE owner = ? AND name = ?')
      .get(owner, name);
    return row && String(row['text']);
  }

  async remove(owner: string, name: string): Promise<void> {
    await this.#store.write(({ database }) =>
      database.prepare('DELETE FROM chunks WHERE owner = ? AND name = ?').run(owner, name),
    );
  }
}
