import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { entryFileOf } from '../../functions/environment.ts';
import { manifest } from '../../functions/manifest.ts';
import {
  versionsOnly,
  withoutElsewhere,
  withoutEndpointCache,
  withoutEventStreams,
  withoutSharedConfigFiles,
} from './left-out.ts';

const root = resolve(import.meta.dirname, '../..');

/** A folder for each function, which is all of its code: `index.mjs` exports its handler. */
export const bundlesFolder = resolve(root, '.cache', 'bundles');

export interface Bundle {
  readonly name: string;
  readonly folder: string;
  readonly code: Metafile['outputs'][string];
  /** Read only where traces are asked for. */
  readonly tracer: Metafile['outputs'][string];
}

/** The name of a bundle, and the file below the repository that it begins with. */
export type Entries = Readonly<Record<string, string>>;

const settings = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // What is only CommonJS cannot be shaken: where a package has both, a bundle is 1.4 times larger with it.
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  alias: { '@aws-sdk/credential-provider-node': resolve(root, 'lib/bundle/lambda-credentials.ts') },
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

const tracerModule = 'platform/telemetry/powertools-tracer.ts';
const tracerFile = 'tracer.mjs';

/** A file beside the function's own, which is not even read until somebody asks for traces. */
const tracerApart: Plugin = {
  name: 'tracer-apart',
  setup: (building) => {
    building.onResolve({ filter: /\/powertools-tracer\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${tracerFile}`, external: true } : undefined,
    );
  },
};

/** Its SDK is CommonJS, and asks for Node's own modules as that does. */
const requireForTracer =
  "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

const trimmed = [
  tracerApart,
  withoutEventStreams,
  withoutSharedConfigFiles,
  withoutElsewhere,
  withoutEndpointCache,
  versionsOnly,
];

/** `plain`: with all that we leave out, for comparing. */
const pluginsOf = { ours: trimmed, plain: [tracerApart] } satisfies Readonly<Record<string, Plugin[]>>;

/** Each into a folder of its name, of which nothing is kept. */
export async function bundle(
  entries: Entries,
  folder: string,
  kind: keyof typeof pluginsOf = 'ours',
): Promise<readonly Bundle[]> {
  const names = Object.keys(entries);
  for (const name of names) await rm(resolve(folder, name), { recursive: true, force: true });
  const at = (suffix: string, file: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [`${name}/${suffix}`, resolve(root, file(name))]));
  const code = await build({
    ...settings,
    entryPoints: at('index', (name) => entries[name] ?? ''),
    plugins: pluginsOf[kind],
    ...(kind === 'plain' && { alias: {} }),
    outdir: folder,
  });
  const tracer = await build({
    ...settings,
    entryPoints: at('tracer', () => tracerModule),
    banner: { js: requireForTracer },
    outdir: folder,
  });
  return names.map((name) => ({
    name,
    folder: resolve(folder, name),
    code: outputAt(code.metafile, resolve(folder, name, 'index.mjs')),
    tracer: outputAt(tracer.metafile, resolve(folder, name, tracerFile)),
  }));
}

/** Every function of the manifest. */
export async function bundleAll(folder: string = bundlesFolder): Promise<readonly Bundle[]> {
  return bundle(Object.fromEntries(manifest.map(({ name }) => [name, entryFileOf(name)])), folder);
}

function outputAt({ outputs }: Metafile, file: string): Metafile['outputs'][string] {
  const found = Object.entries(outputs).find(([path]) => resolve(root, path) === file);
  if (!found) throw new Error(`esbuild made no ${file}`);
  return found[1];
}
