import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteBusy, sqliteCode } from '../event-store/data-folder.ts';

/** A process whose cell was killed is gone within milliseconds, or within the batch it is at. */
export const predecessorMaxMs = 5_000;

/** Whoever wrote the lists of this folder before is still there. Two of them would number the same entries twice. */
export class ListsHeld extends Error {
  override readonly name = 'ListsHeld';
  readonly retryable = true;
  readonly processId: number | undefined;
  constructor(folder: string, processId: number | undefined, options?: ErrorOptions) {
    const who = processId === undefined ? 'another process' : `process ${processId}`;
    super(`the lists in ${folder} are still written by ${who}, which should have ended; end it`, options);
    this.processId = processId;
  }
}

/**
 * Makes this connection the only one that writes the consumers' file, until it is released or this process dies, however it dies. The
 * lock is SQLite's own, on a file beside it, since readers are to have the file itself. Waits for a predecessor that is on its way
 * out, with everything here standing still, `patienceMs` at most; then throws `ListsHeld`. Returns how to release it.
 */
export function lockForWriting(folder: string, patienceMs: number = predecessorMaxMs): () => void {
  const lock = new DatabaseSync(join(folder, 'views.lock'), { timeout: patienceMs });
  const processIdFile = join(folder, 'views.pid');
  try {
    // Held open, and nothing is ever written: it has no use for a journal.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
    writeFileSync(processIdFile, String(process.pid));
  } catch (error) {
    lock.close();
    if (sqliteCode(error) !== sqliteBusy) throw error;
    throw new ListsHeld(folder, holder(processIdFile), { cause: error });
  }
  return () => {
    if (!lock.isOpen) return;
    rmSync(processIdFile, { force: true });
    lock.close();
  };
}

function holder(processIdFile: string): number | undefined {
  try {
    const processId = Number(readFileSync(processIdFile, 'utf8'));
    return Number.isSafeInteger(processId) && processId > 0 ? processId : undefined;
  } catch {
    // Only the message is poorer: the holder may not have written it yet.
    return undefined;
  }
}
