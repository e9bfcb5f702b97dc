import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatTimestamp, timestamp, type Timestamp } from '../../domain/values/time.ts';
import { openDataFolder } from '../../platform/event-store/data-folder.ts';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { derivedItems, type SequenceOf } from '../../platform/ledger/derived-items.ts';
import { itemsDifference } from '../verify/database.ts';
import { BackupDamaged } from './manifest.ts';
import { logFile } from './take.ts';

/** Up to when, or up to which commit, both included. */
export type Until =
  | { readonly kind: 'time'; readonly at: Timestamp }
  | { readonly kind: 'sequence'; readonly sequence: number };

export interface Cut {
  /** The last commit that was kept. */
  readonly sequence: number;
  readonly leftOut: number;
  /** Of those: written at or before the moment, but behind a commit that was not. */
  readonly leftOutEarlier: number;
}

/** There is nothing before that moment, or the backup ends before it. */
export class NoSuchMoment extends Error {
  override readonly name = 'NoSuchMoment';
}

/**
 * Makes a new data folder of the beginning of a log. A log that ends earlier is one the cell once had: every commit's predecessors
 * and everything written with it are in it. What is kept beside the log is worked out from it again, after that was shown to give
 * for the whole log exactly what was kept. Throws `NoSuchMoment`, `BackupDamaged`.
 */
export async function cutLog(whole: string, folder: string, until: Until): Promise<Cut> {
  const source = new DatabaseSync(join(whole, logFile), { readOnly: true });
  let cut: Cut;
  try {
    cut = cutOf(source, until);
  } finally {
    source.close();
  }
  await checkDerived(whole);
  const opened = openDataFolder(folder);
  const { database } = opened;
  try {
    database.exec(`ATTACH DATABASE '${join(whole, logFile).replaceAll("'", "''")}' AS whole`);
    database.exec(`
      BEGIN;
      INSERT INTO main.log SELECT * FROM whole.log WHERE sequence <= ${cut.sequence} ORDER BY sequence;
      INSERT INTO main.cursors
        SELECT consumer, CAST(min(CAST(sequence AS INTEGER), ${cut.sequence}) AS TEXT) FROM whole.cursors
        WHERE length(sequence) < 16;
      COMMIT;`);
    database.exec('DETACH DATABASE whole');
  } finally {
    opened.close();
  }
  await putItems(folder);
  return cut;
}

function cutOf(source: DatabaseSync, until: Until): Cut {
  const head = Number(source.prepare('SELECT max(sequence) AS head FROM log').get()?.['head']);
  const at = until.kind === 'time' ? until.at : atOf(source, until.sequence);
  // Everything of one write has one time, so what begins at another time begins a write.
  const after =
    until.kind === 'time'
      ? source.prepare('SELECT min(sequence) AS first FROM log WHERE at > ?').get(at)?.['first']
      : beginningAfter(source, until.sequence);
  const sequence = after === null || after === undefined ? head : Number(after) - 1;
  if (sequence < 1) throw new NoSuchMoment(`there is no commit up to ${formatTimestamp(at)}`);
  const left = source
    .prepare('SELECT count(*) AS n FROM log WHERE sequence > ? AND at <= ?')
    .get(sequence, at);
  const leftOut = Number(
    source.prepare('SELECT count(*) AS n FROM log WHERE sequence > ?').get(sequence)?.['n'],
  );
  return { sequence, leftOut, leftOutEarlier: until.kind === 'time' ? Number(left?.['n']) : 0 };
}

function atOf(source: DatabaseSync, sequence: number): Timestamp {
  const at = source.prepare('SELECT at FROM log WHERE sequence = ?').get(sequence)?.['at'];
  if (at === undefined) throw new NoSuchMoment(`the backup has no commit ${sequence}`);
  return timestamp(Number(at));
}

/** The first commit behind `sequence`, or, where that is in the middle of a write, the first of that write. */
function beginningAfter(source: DatabaseSync, sequence: number): number | undefined {
  const at = source.prepare('SELECT at FROM log WHERE sequence = ?');
  const next = at.get(sequence + 1)?.['at'];
  if (next === undefined) return undefined;
  let first = sequence + 1;
  while (at.get(first - 1)?.['at'] === next) first -= 1;
  return first;
}

/** That the log alone gives what was kept beside it is shown on the whole of it, where both are there. */
async function checkDerived(whole: string): Promise<void> {
  await withStore(whole, async (store) => {
    const different = await itemsDifference(store);
    if (different !== undefined)
      throw new BackupDamaged(
        `what is kept beside the log does not follow from it, so nothing can be restored of it: ${different}`,
      );
  });
}

async function putItems(folder: string): Promise<void> {
  await withStore(folder, async (store, sequenceOf) => {
    const items = await derivedItems(store, sequenceOf);
    await store.write(({ database }) => {
      const put = database.prepare('INSERT INTO items (owner, name, attributes) VALUES (?, ?, ?)');
      for (const { key, item } of items) put.run(key.owner, key.name, JSON.stringify(item));
    });
  });
}

async function withStore(
  folder: string,
  work: (store: SqliteEventStore, sequenceOf: SequenceOf) => Promise<void>,
): Promise<void> {
  const store = new SqliteEventStore(folder);
  try {
    const sequence = store.database.prepare('SELECT sequence FROM log WHERE stream = ? AND version = ?');
    await work(store, ({ stream, version }) => Number(sequence.get(stream, version)?.['sequence']));
  } finally {
    await store.close();
  }
}
