import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Written } from '../consumer/port.ts';
import { sqliteCode } from '../event-store/data-folder.ts';
import { StoreUnavailable } from '../event-store/errors.ts';
import type { DeliveryLine } from './line.ts';
import type { DeliveryRecord, DeliveryStore, RecordsQuery } from './port.ts';
import { forgottenUpTo, isPruned } from './retention.ts';
import { storedLine, storedRecord } from './stored-delivery.ts';

export const deliveryFile = 'webhooks.db';
const files = [deliveryFile, `${deliveryFile}-wal`, `${deliveryFile}-shm`];
const broken = new Set([11, 26]);

const schema = `
  CREATE TABLE IF NOT EXISTS lines (webhook TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS records (
    webhook TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (webhook, number)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS records_parked ON records (webhook, number) WHERE status = 'parked';
`;

/**
 * Deliveries in a file of their own beside the log. Its writes are not synced one by one: after a loss of power the last deliveries
 * are made once more, which receivers have to expect anyway.
 */
export class SqliteDeliveryStore implements DeliveryStore {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Makes the file when there is none, and anew when it is broken: every webhook then begins again after the number it was made at. */
  static open(folder: string): SqliteDeliveryStore {
    try {
      return new SqliteDeliveryStore(opened(folder));
    } catch (error) {
      if (!broken.has(sqliteCode(error) ?? 0)) throw error;
      for (const file of files) rmSync(join(folder, file), { force: true });
      return new SqliteDeliveryStore(opened(folder));
    }
  }

  async line(webhookId: string): Promise<DeliveryLine | undefined> {
    const row = this.#row('SELECT body FROM lines WHERE webhook = ?', webhookId);
    return row && storedLine(row['body']);
  }

  async advance(line: DeliveryLine, records: readonly DeliveryRecord[]): Promise<Written> {
    const { webhookId, revision } = line;
    return this.#transaction(() => {
      const found = this.#row('SELECT revision FROM lines WHERE webhook = ?', webhookId);
      if (Number(found?.['revision'] ?? 0) !== revision) return 'conflict';
      const body = JSON.stringify({ ...line, revision: revision + 1 });
      this.#run('INSERT OR REPLACE INTO lines VALUES (?, ?, ?)', webhookId, revision + 1, body);
      for (const record of records)
        this.#run(
          'INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)',
          webhookId,
          record.number,
          record.status,
          JSON.stringify(record),
        );
      if (isPruned(line)) this.#prune(line);
      return 'written';
    });
  }

  async record(webhookId: string, number: number): Promise<DeliveryRecord | undefined> {
    const row = this.#row('SELECT body FROM records WHERE webhook = ? AND number = ?', webhookId, number);
    return row && storedRecord(row['body']);
  }

  async records(
    webhookId: string,
    { status, before = Number.MAX_SAFE_INTEGER, limit }: RecordsQuery,
  ): Promise<readonly DeliveryRecord[]> {
    return this.#records(
      'SELECT body FROM records WHERE webhook = ? AND number < ? AND status = ifnull(?, status) ORDER BY number DESC LIMIT ?',
      webhookId,
      before,
      status ?? null,
      limit,
    );
  }

  async parked(limit: number): Promise<readonly DeliveryRecord[]> {
    return this.#records("SELECT body FROM records WHERE status = 'parked' LIMIT ?", limit);
  }

  async forget(webhookId: string): Promise<void> {
    this.#transaction(() => {
      this.#run('DELETE FROM lines WHERE webhook = ?', webhookId);
      this.#run('DELETE FROM records WHERE webhook = ?', webhookId);
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #prune(line: DeliveryLine): void {
    const { others, parked } = forgottenUpTo(line);
    const sql = 'DELETE FROM records WHERE webhook = ? AND number <= ? AND status = ?';
    this.#run(sql, line.webhookId, others, 'delivered');
    this.#run(sql, line.webhookId, parked, 'parked');
  }

  #records(sql: string, ...values: readonly Value[]): readonly DeliveryRecord[] {
    return this.#open()
      .prepare(sql)
      .all(...values)
      .map((row) => storedRecord(row['body']));
  }

  #row(sql: string, ...values: readonly Value[]) {
    return this.#open()
      .prepare(sql)
      .get(...values);
  }

  #run(sql: string, ...values: readonly Value[]): void {
    this.#open()
      .prepare(sql)
      .run(...values);
  }

  #open(): DatabaseSync {
    if (!this.#database.isOpen) throw new StoreUnavailable('the deliveries are closed');
    return this.#database;
  }

  /** What SQLite itself refuses may well go later. */
  #transaction<Result>(work: () => Result): Result {
    const database = this.#open();
    try {
      database.exec('BEGIN IMMEDIATE');
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK');
      if (sqliteCode(cause) === undefined) throw cause;
      throw new StoreUnavailable('the deliveries could not be written', { cause });
    }
  }
}

type Value = string | number | null;

function opened(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, deliveryFile));
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec(schema);
    for (const path of files.map((file) => join(folder, file)).filter((one) => existsSync(one)))
      chmodSync(path, 0o600);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
