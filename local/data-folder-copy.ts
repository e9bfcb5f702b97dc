import { constants } from 'node:fs';
import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** There is no database in the folder. */
export class NoDataFolder extends Error {
  override readonly name = 'NoDataFolder';
}

/** The cell on the folder writes so much that no moment of it could be caught. */
export class DataFolderBusy extends Error {
  override readonly name = 'DataFolderBusy';
}

const database = 'ordercell.db';
const log = `${database}-wal`;
const attemptsMax = 20;
/** The header of SQLite's write-ahead log; its two salts change whenever the log is begun anew. */
const headerBytes = 32;

/**
 * A copy of a data folder as it was at one moment, also while a cell is at work on it, for whoever only wants to read.
 *
 * The running cell has the folder for itself, so the files are copied as they lie: first the database, then its log. What
 * the cell moves from the log into the database meanwhile is in the log as well, and reading applies the log over the database;
 * the last, half-written record of the log does not match its checksum and is left out. That is all true as long as the log was
 * not begun anew between the two copies, which its header tells; then the copy is made again.
 */
export async function copyDataFolder(folder: string): Promise<string> {
  if (!(await exists(join(folder, database)))) throw new NoDataFolder(`there is no cell in ${folder}`);
  const copy = await mkdtemp(join(tmpdir(), 'ordercell-'));
  try {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      if (await isCopied(folder, copy)) return copy;
    }
  } catch (error) {
    await removeCopy(copy);
    throw error;
  }
  await removeCopy(copy);
  throw new DataFolderBusy(`${folder} is being written too fast to be copied; try again, or stop the cell`);
}

export async function removeCopy(copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true });
}

async function isCopied(folder: string, copy: string): Promise<boolean> {
  const before = await headerOf(join(folder, log));
  await rm(join(copy, log), { force: true });
  await copyFile(join(folder, database), join(copy, database), constants.COPYFILE_FICLONE);
  if (before !== undefined && !(await isLogCopied(folder, copy))) return false;
  return before === (await headerOf(join(folder, log)));
}

/** A cell that stops takes its log with it. */
async function isLogCopied(folder: string, copy: string): Promise<boolean> {
  try {
    await copyFile(join(folder, log), join(copy, log), constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Undefined while there is no log: nobody has written since the cell was stopped. */
async function headerOf(path: string): Promise<string | undefined> {
  if (!(await exists(path))) return undefined;
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.toString('hex', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
