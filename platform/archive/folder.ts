import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ArchiveReader } from './port.ts';

/** An archive that was copied to a folder of this machine, with its names as paths. Only read. */
export class FolderArchive implements ArchiveReader {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async *names(prefix: string): AsyncIterable<string> {
    const below = join(this.#folder, prefix.slice(0, prefix.lastIndexOf('/') + 1));
    const entries = await listed(below);
    const files = entries.filter((entry) => entry.isFile());
    const names = files.map(({ parentPath, name }) =>
      relative(this.#folder, join(parentPath, name)).replaceAll(sep, '/'),
    );
    yield* names.filter((name) => name.startsWith(prefix)).toSorted();
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#folder, name));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }
}

async function listed(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(String(Object(error).code));
}
