import type { DatabaseSync } from 'node:sqlite';
import type { ItemKey } from '../../domain/account/items.ts';
import type { StoredCommit } from './stored-commit.ts';
import { storedNumbers, storedTexts } from './stored-commit.ts';
import type { WrittenCommit } from './written-streams.ts';

type Row = Readonly<Record<string, unknown>>;

const columns = [...storedTexts, ...storedNumbers].map((name) => `"${name}"`);
const slots = columns.map(() => '?');

/** Every statement the store runs, prepared once. */
export class SqliteStatements {
  readonly #insert;
  readonly #head;
  readonly #at;
  readonly #from;
  readonly #backwards;
  readonly #heads;
  readonly #feed;
  readonly #written;
  readonly #item;
  readonly #items;
  readonly #putItem;
  readonly #cursor;
  readonly #putCursor;

  constructor(database: DatabaseSync) {
    const list = columns.join(', ');
    this.#insert = database.prepare(`INSERT INTO log (${list}) VALUES (${slots.join(', ')})`);
    this.#head = database.prepare('SELECT max(version) AS head FROM log WHERE stream = ?');
    this.#at = database.prepare(`SELECT ${list} FROM log WHERE stream = ? AND version = ?`);
    this.#from = database.prepare(
      `SELECT ${list} FROM log WHERE stream = ? AND version >= ? ORDER BY version`,
    );
    this.#backwards = database.prepare(
      `SELECT ${list} FROM log WHERE stream = ? AND version < ? ORDER BY version DESC LIMIT ?`,
    );
    this.#heads = database.prepare(
      'SELECT stream, max(version) AS version FROM log WHERE stream > ? GROUP BY stream ORDER BY stream LIMIT ?',
    );
    this.#feed = database.prepare(
      `SELECT sequence, ${list} FROM log WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    );
    this.#written = database.prepare(
      'SELECT sequence, stream, version, at FROM log WHERE sequence > ? ORDER BY sequence LIMIT ?',
    );
    this.#item = database.prepare('SELECT attributes FROM items WHERE owner = ? AND name = ?');
    this.#items = database.prepare('SELECT name, attributes FROM items WHERE owner = ? ORDER BY name');
    this.#putItem = database.prepare(
      'INSERT OR REPLACE INTO items (owner, name, attributes) VALUES (?, ?, ?)',
    );
    this.#cursor = database.prepare('SELECT sequence FROM cursors WHERE consumer = ?');
    this.#putCursor = database.prepare('INSERT OR REPLACE INTO cursors (consumer, sequence) VALUES (?, ?)');
  }

  /** The commit's sequence. Spelled out, in the order of `columns`: the hottest call there is. */
  insert(c: StoredCommit): number {
    const { key = null, req = null, corr = null, cause = null, tp = null, cfg = null, prev = null } = c;
    const { fold = null, state = null } = c;
    const first = [
      c.stream,
      c.events,
      c.id,
      c.by,
      c.cell,
      key,
      req,
      corr,
      cause,
      tp,
      cfg,
      prev,
      fold,
      state,
    ] as const;
    return Number(this.#insert.run(...first, c.version, c.at, c.ep).lastInsertRowid);
  }

  /** 0 for a stream that has not begun. */
  head(stream: string): number {
    return Number(this.#head.get(stream)?.['head'] ?? 0);
  }

  at(stream: string, version: number): Row {
    return this.#at.get(stream, version) ?? {};
  }

  find(stream: string, version: number): Row | undefined {
    return this.#at.get(stream, version);
  }

  from(stream: string, version: number): readonly Row[] {
    return this.#from.all(stream, version);
  }

  /** At most `count` rows below `version`, the newest first. */
  backwards(stream: string, version: number, count: number): readonly Row[] {
    return this.#backwards.all(stream, version, count);
  }

  heads(afterStream: string, count: number): readonly Row[] {
    return this.#heads.all(afterStream, count);
  }

  feed(sequence: number, count: number): readonly Row[] {
    return this.#feed.all(sequence, count);
  }

  /** Which commits there are, without what is in them. */
  written(sequence: number, count: number): readonly WrittenCommit[] {
    return this.#written.all(sequence, count).map(({ sequence: place, stream, version, at }) => ({
      sequence: Number(place),
      stream: String(stream),
      version: Number(version),
      at: Number(at),
    }));
  }

  item(key: ItemKey): Row | undefined {
    return this.#item.get(key.owner, key.name);
  }

  items(owner: string): readonly Row[] {
    return this.#items.all(owner);
  }

  putItem(key: ItemKey, attributes: string): void {
    this.#putItem.run(key.owner, key.name, attributes);
  }

  cursor(consumer: string): string | undefined {
    const sequence = this.#cursor.get(consumer)?.['sequence'];
    return typeof sequence === 'string' ? sequence : undefined;
  }

  putCursor(consumer: string, sequence: string): void {
    this.#putCursor.run(consumer, sequence);
  }
}
