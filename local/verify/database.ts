import { decodeItem } from '../../platform/event-store/items.ts';
import type { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { derivedItems, itemDifference } from '../../platform/ledger/derived-items.ts';
import { isUnreadable } from '../unreadable-log.ts';
import { type Finding, found, nothing } from './finding.ts';

const file = 'ordercell.db';
const findingsMax = 20;

/** Whether SQLite's own structure is whole: pages, indexes, and that both have the same rows. Reads the whole file. */
export function checkStructure({ database }: Pick<SqliteEventStore, 'database'>): readonly Finding[] {
  try {
    const rows = database.prepare(`PRAGMA integrity_check(${findingsMax})`).all();
    const said = rows.map((row) => String(row['integrity_check']));
    return said.filter((text) => text !== 'ok').flatMap((text) => found(file, text));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return found(file, error.message);
  }
}

/** Whether what is kept beside the log is what the log says. */
export async function checkItems(store: SqliteEventStore): Promise<readonly Finding[]> {
  try {
    const difference = await itemsDifference(store);
    return difference === undefined ? nothing : found('items', `do not follow from the log: ${difference}`);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return found('items', `could not be compared with the log: ${error.message}`);
  }
}

/** The first item that is not what the log says; undefined: there is none. Throws where either cannot be read. */
export async function itemsDifference(store: SqliteEventStore): Promise<string | undefined> {
  const sequence = store.database.prepare('SELECT sequence FROM log WHERE stream = ? AND version = ?');
  const rows = store.database.prepare('SELECT owner, name, attributes FROM items').all();
  const kept = rows.map(({ owner, name, attributes }) => ({
    key: { owner: String(owner), name: String(name) },
    item: decodeItem(String(owner), attributes),
  }));
  const derived = await derivedItems(store, ({ stream, version }) =>
    Number(sequence.get(stream, version)?.['sequence']),
  );
  return itemDifference(derived, kept);
}
