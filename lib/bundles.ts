import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { entryFileOf } from '../functions/environment.ts';

export class MissingEntry extends Error {
  override readonly name = 'MissingEntry';
}

/** Some dependencies of the tracer are CommonJS and ask for Node's own modules by `require`. */
const banner = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * One folder for each function with an `index.mjs` that needs nothing else, the AWS SDK included, and its source map. Throws
 * `MissingEntry`, which names the functions of the manifest that have no composition root.
 */
export function bundle(names: readonly string[], folder: string): (name: string) => string {
  const missing = names.map(entryFileOf).filter((file) => !existsSync(file));
  if (missing.length > 0) {
    throw new MissingEntry(`functions of the manifest without a composition root: ${missing.join(', ')}`);
  }
  buildSync({
    entryPoints: names.map((name) => ({ in: entryFileOf(name), out: `${name}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // CDK's own order takes the CommonJS of packages that have both, of which nothing can be left out.
    mainFields: ['module', 'main'],
    banner: { js: banner },
    legalComments: 'none',
    logLevel: 'warning',
  });
  return (name) => join(folder, name);
}
