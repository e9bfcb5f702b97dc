import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a small file for its owner's eyes, in the place of one that is there. Whole and on the disk before it has its name, and
 * the name is on the disk before this returns: a loss of power leaves the file of before or this one.
 */
export function writeDurably(path: string, text: string): void {
  const pending = `${path}.pending`;
  const file = openSync(pending, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(pending, path);
  syncFolder(dirname(path));
}

/** What a folder's files are called is on the disk. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
