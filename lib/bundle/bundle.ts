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

type Output = Metafile['outputs'][string];
export type Code = Pick<Output, 'bytes' | 'inputs'>;

export interface Bundle {
  readonly name: string;
  readonly folder: string;
  /** What is loaded before the first call. */
  readonly code: Code;
  /** What a call loads that is the first to need it (`import()`). */
  readonly later: Code;
  /** Read only where traces are asked for. */
  readonly tracer: Code;
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
  const ours = {
    ...settings,
    plugins: pluginsOf[kind],
    ...(kind === 'plain' && { alias: {} }),
  };
  const whole = await build({
    ...ours,
    entryPoints: at('index', (name) => entries[name] ?? ''),
    outdir: folder,
  });
  const code = { ...whole.metafile.outputs };
  for (const name of names.filter((one) => loadsLater(whole.metafile, indexOf(folder, one)))) {
    await rm(resolve(folder, name), { recursive: true });
    const { metafile } = await build({
      ...ours,
      entryPoints: { index: resolve(root, entries[name] ?? '') },
      splitting: true,
      outdir: resolve(folder, name),
    });
    Object.assign(code, metafile.outputs);
  }
  const tracer = await build({
    ...settings,
    entryPoints: at('tracer', () => tracerModule),
    banner: { js: requireForTracer },
    outdir: folder,
  });
  return names.map((name) => ({
    name,
    folder: resolve(folder, name),
    ...loadedFrom(code, indexOf(folder, name)),
    tracer: outputAt(tracer.metafile.outputs, resolve(folder, name, tracerFile))[1],
  }));
}

/** Every function of the manifest. */
export async function bundleAll(folder: string = bundlesFolder): Promise<readonly Bundle[]> {
  return bundle(Object.fromEntries(manifest.map(({ name }) => [name, entryFileOf(name)])), folder);
}

function indexOf(folder: string, name: string): string {
  return resolve(folder, name, 'index.mjs');
}

/** Whether a file of ours in it has an `import()`: it is then split into what is loaded with it and what later. */
function loadsLater({ inputs, outputs }: Metafile, file: string): boolean {
  return Object.keys(outputAt(outputs, file)[1].inputs).some(
    (input) =>
      input.startsWith('functions/') &&
      inputs[input]?.imports.some(({ kind, external }) => kind === 'dynamic-import' && !external),
  );
}

function loadedFrom(outputs: Metafile['outputs'], file: string): Pick<Bundle, 'code' | 'later'> {
  const [index] = outputAt(outputs, file);
  const atOnce = reached(outputs, [index], ['import-statement']);
  const ever = reached(outputs, [index], ['import-statement', 'dynamic-import']);
  const together = (paths: Iterable<string>) => sumOf([...paths].map((path) => outputs[path]));
  return { code: together(atOnce), later: together([...ever].filter((path) => !atOnce.has(path))) };
}

/** Files that loading these loads too, by imports of these kinds. */
function reached(
  outputs: Metafile['outputs'],
  files: readonly string[],
  kinds: readonly string[],
): ReadonlySet<string> {
  const found = new Set(files);
  for (const file of found)
    for (const { path, kind } of outputs[file]?.imports ?? [])
      if (kinds.includes(kind) && outputs[path]) found.add(path);
  return found;
}

function sumOf(outputs: readonly (Output | undefined)[]): Code {
  const inputs: Output['inputs'] = {};
  let bytes = 0;
  for (const output of outputs) {
    bytes += output?.bytes ?? 0;
    for (const [file, { bytesInOutput }] of Object.entries(output?.inputs ?? {}))
      inputs[file] = { bytesInOutput: (inputs[file]?.bytesInOutput ?? 0) + bytesInOutput };
  }
  return { bytes, inputs };
}

function outputAt(outputs: Metafile['outputs'], file: string): readonly [string, Output] {
  const found = Object.entries(outputs).find(([path]) => resolve(root, path) === file);
  if (!found) throw new Error(`esbuild made no ${file}`);
  return found;
}
