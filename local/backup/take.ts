import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { formatTimestamp, type Timestamp } from '../../domain/values/time.ts';
import { writeDurably } from '../../platform/disk/durable-file.ts';
import { decodeCommit, hashOf } from '../../platform/event-store/codec.ts';
import { DataFolderDamaged } from '../../platform/event-store/data-folder.ts';
import { secretFile } from '../../platform/secrets/secret-file.ts';
import { isUnreadable } from '../unreadable-log.ts';
import { demoKeysFile } from '../demo-keys-file.ts';
import { NoDataFolder } from '../data-folder-copy.ts';
import { digestOf, type Manifest, manifestFile, manifestText } from './manifest.ts';
import { newFolder } from './new-folder.ts';

export const logFile = 'ordercell.db';
export const deliveriesFile = 'webhooks.db';
const demoKeys = demoKeysFile('.');
/** What a checkpoint or the recovery after a crash takes at most. */
const busyMs = 10_000;
/** In one step: the source is held at one moment, so nothing is gained by taking turns with its writers. */
const allPages = 2_147_483_647;

type Taken = Omit<Manifest, 'format'>;

/**
 * Copies a data folder as it is at one moment, also while a cell is at work on it: SQLite's own online backup, within one read
 * transaction of another process, which its writers do not wait for. Meanwhile the cell's write-ahead log cannot be begun
 * anew, so it grows by what is written in that time.
 *
 * The lists (`views.db`) and the config's file follow from the log and are left out. Throws `NoDataFolder`, `FolderInUse`, `DataFolderDamaged`.
 */
export async function takeBackup(folder: string, to: string, now: Timestamp): Promise<Taken> {
  if (!existsSync(join(folder, logFile))) throw new NoDataFolder(`there is no cell in ${folder}`);
  return newFolder(to, async (pending) => {
    const names: string[] = [logFile];
    // Before the log: a line that is behind it tells something twice, one that is ahead would leave something out.
    if (existsSync(join(folder, deliveriesFile))) {
      await copyDatabase(join(folder, deliveriesFile), join(pending, deliveriesFile), () => undefined);
      names.push(deliveriesFile);
    }
    const found = await copyLog(folder, pending);
    for (const name of [secretFile, demoKeys]) {
      if (!existsSync(join(folder, name))) continue;
      copyFileSync(join(folder, name), join(pending, name));
      names.push(name);
    }
    const files: Manifest['files'] = [];
    for (const name of names) {
      const path = join(pending, name);
      settle(path);
      files.push({ name, bytes: statSync(path).size, sha256: await digestOf(path) });
    }
    const taken: Taken = { ...found, takenAt: formatTimestamp(now), files };
    writeDurably(join(pending, manifestFile), manifestText(taken));
    return taken;
  });
}

async function copyLog(folder: string, pending: string): Promise<ReturnType<typeof headOf>> {
  try {
    return await copyDatabase(join(folder, logFile), join(pending, logFile), headOf);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    throw new DataFolderDamaged(folder, logFile, `cannot be read (${error.message})`, { cause: error });
  }
}

async function copyDatabase<Seen>(
  from: string,
  to: string,
  look: (source: DatabaseSync) => Seen,
): Promise<Seen> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: busyMs });
  try {
    source.exec('BEGIN');
    const seen = look(source);
    // The first read begins the transaction.
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await backup(source, to, { rate: allPages });
    source.exec('COMMIT');
    return seen;
  } finally {
    source.close();
  }
}

function headOf(source: DatabaseSync): Pick<Manifest, 'dataFolderFormat' | 'head'> {
  const format = source.prepare("SELECT value FROM meta WHERE name = 'format'").get()?.['value'];
  const row = source.prepare('SELECT * FROM log ORDER BY sequence DESC LIMIT 1').get();
  if (!row) throw new NoDataFolder('the log has no commit yet');
  const commit = decodeCommit(row);
  const { stream, version, at } = commit;
  const sequence = Number(row['sequence']);
  return {
    dataFolderFormat: String(format),
    head: { sequence, stream, version, hash: hashOf(commit), at: formatTimestamp(at) },
  };
}

function settle(path: string): void {
  chmodSync(path, 0o600);
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
