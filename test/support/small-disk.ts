import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

const block = Buffer.alloc(4096, 'x');

/** A folder on a disk that can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** `file-system`: a real one; `database`: mounting is not allowed here, so SQLite is told that the disk ends. */
  readonly kind: 'file-system' | 'database';
  fill(database: DatabaseSync): void;
  free(database: DatabaseSync): void;
  remove(): void;
}

/** A file system of a few megabytes in memory, where this process may mount one. Where not, it says so and SQLite plays the disk. */
export function smallDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'ordercell-disk-'));
  const why = whyNotMounted(folder);
  if (why === undefined) return mounted(folder);
  console.warn(`no small file system could be mounted (${why}): the full disk is SQLite's word for it only`);
  return pretended(folder);
}

/** The same for another process to work on. Throws where this one may not mount. */
export function mountedDisk(): MountedDisk {
  const folder = mkdtempSync(join(tmpdir(), 'ordercell-disk-'));
  const why = whyNotMounted(folder);
  if (why === undefined) return mounted(folder);
  rmSync(folder, { recursive: true });
  throw new Error(`a full disk takes a small file system, which could not be mounted: ${why}`);
}

/** A `SmallDisk` that needs nobody's database. */
export interface MountedDisk {
  readonly folder: string;
  readonly kind: 'file-system';
  fill(): void;
  free(): void;
  remove(): void;
}

function whyNotMounted(folder: string): string | undefined {
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
  return mount.status === 0 ? undefined : (mount.error?.message ?? mount.stderr.toString().trim());
}

function mounted(folder: string): MountedDisk {
  const filler = join(folder, 'filler');
  return {
    folder,
    kind: 'file-system',
    fill: () => fillUp(filler),
    free: () => rmSync(filler),
    remove: () => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** To the last byte: whatever is written next does not fit. */
function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}

function pretended(folder: string): SmallDisk {
  return {
    folder,
    kind: 'database',
    fill: (database) => {
      const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
      database.exec(`PRAGMA max_page_count = ${pages}`);
    },
    free: (database) => database.exec('PRAGMA max_page_count = 1000000'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
