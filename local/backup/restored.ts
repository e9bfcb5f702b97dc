import { chmodSync, closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderDamaged, DataFolderUnknown } from '../../platform/event-store/data-folder.ts';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import type { Reconciliation } from '../../platform/ledger/reconcile.ts';
import { isUnreadable } from '../unreadable-log.ts';
import type { FolderCheck } from '../verify/data-folder.ts';
import { checkWhole, type WholeCheck } from '../verify/whole-folder.ts';
import { type Cut, cutLog, type Until } from './cut.ts';
import { BackupDamaged, type Manifest, readBackup } from './manifest.ts';
import { newFolder } from './new-folder.ts';
import { deliveriesFile, logFile } from './take.ts';

export interface Restored {
  readonly manifest: Manifest;
  readonly cut: Cut | undefined;
  readonly checked: FolderCheck;
  readonly reconciled: Reconciliation;
}

/**
 * Makes a data folder of a backup, of all of it or of its beginning. It has its name only after every hash chain was followed and
 * every total and item worked out again. Throws `BackupDamaged`, `FolderInUse`, `NoSuchMoment`; then there is no folder.
 */
export async function restoreBackup(
  from: string,
  folder: string,
  until: Until | undefined,
): Promise<Restored> {
  const manifest = await readBackup(from);
  return newFolder(folder, async (pending) => {
    const cut = until && (await unlessUnreadable(() => restoreBeginning(from, pending, until)));
    // Deliveries of after the moment would be taken for made.
    const files = manifest.files.filter(({ name }) => !until || ![logFile, deliveriesFile].includes(name));
    for (const { name } of files) copyDurably(join(from, name), join(pending, name));
    const { reconciled, ...checked } = await unlessUnreadable(() => check(pending));
    const findings = checked.findings.map(({ where, what }) => `${where}: ${what}`);
    for (const { where, what, expected, found } of reconciled?.findings ?? [])
      findings.push(`${where}: ${what} is ${found}, and must be ${expected}`);
    if (findings.length > 0 || !reconciled)
      throw new BackupDamaged(
        `what was restored is not whole, and was deleted again:\n${findings.join('\n')}`,
      );
    return { manifest, cut, checked, reconciled };
  });
}

async function restoreBeginning(from: string, pending: string, until: Until): Promise<Cut> {
  const whole = join(pending, 'whole');
  mkdirSync(whole, { mode: 0o700 });
  copyFileSync(join(from, logFile), join(whole, logFile));
  const cut = await cutLog(whole, pending, until);
  rmSync(whole, { recursive: true });
  chmodSync(join(pending, logFile), 0o600);
  return cut;
}

async function check(folder: string): Promise<WholeCheck> {
  const store = new SqliteEventStore(folder);
  try {
    return await checkWhole(store);
  } finally {
    await store.close();
  }
}

/** What the folder that was being made says of itself is said of the backup it comes from. */
async function unlessUnreadable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isFolder = error instanceof DataFolderDamaged || error instanceof DataFolderUnknown;
    if (!isFolder && !isUnreadable(error)) throw error;
    throw new BackupDamaged(
      `the log in the backup cannot be read, and nothing was restored: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

function copyDurably(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
  const file = openSync(to, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
