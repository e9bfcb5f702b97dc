import { readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { entryFileOf } from '../../functions/environment.ts';
import type { ApiHandler } from '../../functions/lambda/api.ts';
import type { FunctionName } from '../../functions/manifest.ts';
import { bundle } from '../../lib/bundle/bundle.ts';

/** A function as it is deployed, of which the files that a call loads first can be lost and found again. */
export interface LoadedLater {
  readonly handler: ApiHandler;
  lose(): Promise<void>;
  find(): Promise<void>;
}

/** By Node alone, as Lambda does. */
const asDeployed = createRequire(import.meta.url);

export async function loadedLater(name: FunctionName, folder: string): Promise<LoadedLater> {
  await bundle({ [name]: entryFileOf(name) }, folder);
  const index = resolve(folder, name, 'index.mjs');
  const code = await readFile(index, 'utf8');
  const later = [...code.matchAll(/import\("(\.\/[^"]+)"\)/g)]
    .map(([, file = '']) => resolve(dirname(index), file))
    .filter((file) => !file.endsWith('/tracer.mjs'));
  if (later.length === 0) throw new TypeError(`${name} has nothing that is loaded later`);
  const { handler }: { readonly handler: ApiHandler } = asDeployed(index);
  const each = async (move: (file: string) => Promise<void>) => {
    for (const file of later) await move(file);
  };
  return {
    handler,
    lose: () => each((file) => rename(file, `${file}.lost`)),
    find: () => each((file) => rename(`${file}.lost`, file)),
  };
}

/** What a function writes for its log meanwhile. */
export async function loggedBy(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const caught = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    stream.write = (text: string | Uint8Array) => {
      lines.push(String(text));
      return true;
    };
    return () => Object.assign(stream, { write });
  });
  try {
    await work();
  } finally {
    for (const letGo of caught) letGo();
  }
  return lines.join('');
}
