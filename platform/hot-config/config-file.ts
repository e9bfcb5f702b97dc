import { type FSWatcher, watch } from 'node:fs';
import { open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Longer files are nobody's config: they are not read. */
const bytesMax = 2_000_000;
const mode = 0o600;

/** What tells one state of a file from another without reading it. */
export type Signature = string;
export const noFile: Signature = 'gone';

/**
 * `config.json` of a data folder. Written in two steps, so that the record can be made between them: `prepare` makes the new file
 * durable beside the old one, `publish` puts it in its place by one rename. What a crash leaves between the two says how far it got.
 */
export class ConfigFile {
  readonly path: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'config.json');
  }

  async signature(): Promise<Signature> {
    const found = await present(stat(this.path, { bigint: true }));
    return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : noFile;
  }

  /** Undefined: there is no file. */
  async read(): Promise<string | undefined> {
    const found = await present(stat(this.path));
    if (found && found.size > bytesMax) return `${this.path} is larger than ${bytesMax} bytes`;
    return present(readFile(this.path, 'utf8'));
  }

  /** Durable, and not in its place yet. */
  async prepare(version: string, text: string): Promise<void> {
    const file = await open(this.#pending(version), 'w', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** In its place, and stays there: the folder is synced too. */
  async publish(version: string): Promise<void> {
    await rename(this.#pending(version), this.path);
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async discard(version: string): Promise<void> {
    await present(unlink(this.#pending(version)));
  }

  /** The versions that were prepared and not published. */
  async pending(): Promise<readonly string[]> {
    const names = await readdir(this.#folder);
    return names.flatMap((name) => /^config\.json\.([\w-]{1,64})\.pending$/.exec(name)?.[1] ?? []);
  }

  /** Told of changes sooner than by looking; misses some, so that whoever wants to be sure looks as well. */
  watch(onChange: () => void, onFailure: (error: unknown) => void): FSWatcher {
    return watch(this.#folder, { persistent: false }, (_kind, name) => {
      if (name === 'config.json') onChange();
    }).on('error', onFailure);
  }

  #pending(version: string): string {
    return `${this.path}.${version}.pending`;
  }
}

/** Undefined instead of a failure when there is no such file. */
async function present<Value>(looking: Promise<Value>): Promise<Value | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
