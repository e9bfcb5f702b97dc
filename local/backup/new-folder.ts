import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { syncFolder } from '../../platform/disk/durable-file.ts';

/** There is something where a folder is to be made. It was not touched. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/**
 * Makes a folder, for its owner's eyes, that has its name only once `fill` is done with it and it is on the disk; when `fill`
 * throws nothing is left. Throws `FolderInUse` unless the folder is missing or empty.
 */
export async function newFolder<Result>(
  path: string,
  fill: (pending: string) => Promise<Result>,
): Promise<Result> {
  const target = resolve(path);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new FolderInUse(
      `${path} is not empty, and nothing is overwritten: name a folder that is not there yet`,
    );
  const pending = `${target}.pending`;
  if (existsSync(pending))
    throw new FolderInUse(
      `${pending} is there: another one is at work, or was ended; then delete it and try again`,
    );
  mkdirSync(pending, { recursive: true, mode: 0o700 });
  try {
    const result = await fill(pending);
    syncFolder(pending);
    if (existsSync(target)) rmdirSync(target);
    renameSync(pending, target);
    syncFolder(dirname(target));
    return result;
  } finally {
    rmSync(pending, { recursive: true, force: true });
  }
}
