import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Who may import whom (design, section 1). A folder may always import itself, except functions: each stands alone. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain'],
  platform: ['domain', 'platform'],
  functions: ['domain', 'platform', 'functions'],
  lib: ['functions', 'platform', 'lib'],
  local: ['domain', 'platform', 'functions', 'local'],
  docs: ['domain', 'platform', 'functions', 'docs'],
  test: ['domain', 'platform', 'functions', 'lib', 'local', 'docs', 'test'],
};

/** What is not from npm or Node: relative imports of our own. */
const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly specifier: string;
}

function importsOf(file: string): readonly Import[] {
  const source = readFileSync(resolve(root, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g;
  return [...source.matchAll(pattern)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const to = specifier.startsWith('.')
      ? relative(root, resolve(root, dirname(file), specifier))
      : specifier;
    return { from: file, to, specifier };
  });
}

const files = Object.keys(mayImport).flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }));
const imports = files.flatMap(importsOf);
const ours = imports.filter(({ specifier }) => specifier.startsWith('.'));

test('the rules see the code: every folder has files and imports', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(ours.length).toBeGreaterThan(100);
});

test('a folder imports only what stands below it', () => {
  const broken = ours.filter(({ from, to }) => {
    const [source = '', target = ''] = [from.split('/')[0], to.split('/')[0]];
    return !(mayImport[source] ?? []).includes(target);
  });
  expect(broken).toEqual([]);
});

/** What the infrastructure may know of the code: what things are called, and a bound that costs follow from. */
const namesOnly = [
  'functions/manifest.ts',
  'functions/environment.ts',
  'platform/account-feed/names.ts',
  'platform/archive/names.ts',
  'platform/event-bus/names.ts',
  'platform/event-store/tables.ts',
  'platform/ledger/reads-at-once.ts',
  'platform/telemetry/metric-list.ts',
  'platform/views/tables.ts',
];

test('the infrastructure imports names of ours only, and from npm only what it is made with', () => {
  const code = imports.filter(({ from }) => from.startsWith('lib/'));
  const made = /^(aws-cdk-lib|constructs|cdk-nag|esbuild)(\/|$)/;
  const foreign = code.filter(({ to, specifier }) => {
    if (!specifier.startsWith('.')) return !builtins.has(specifier) && !made.test(specifier);
    return !to.startsWith('lib/') && !namesOnly.includes(to);
  });
  expect(code.length).toBeGreaterThan(20);
  expect(foreign).toEqual([]);
});

test('what the infrastructure knows of the code loads no code: it imports types, and the manifest its parts', () => {
  const parts = globSync('functions/manifest/*.ts', { cwd: root });
  const loading = [...namesOnly, ...parts].filter((file) =>
    [...readFileSync(resolve(root, file), 'utf8').matchAll(/(?:^|\n)import (?!type )[^;]*'(.+)';/g)].some(
      ([, specifier = '']) => !parts.includes(join(dirname(file), specifier)),
    ),
  );
  expect(parts.length).toBeGreaterThan(1);
  expect(loading).toEqual([]);
});

test('the domain has no npm package, no Node module, no clock and no randomness', () => {
  const foreign = imports.filter(
    ({ from, specifier }) => from.startsWith('domain/') && !specifier.startsWith('.'),
  );
  expect(foreign).toEqual([]);
  const impure = files
    .filter((file) => file.startsWith('domain/'))
    .filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|performance\.|process\.|setTimeout/.test(
        readFileSync(resolve(root, file), 'utf8'),
      ),
    );
  expect(impure).toEqual([]);
});

test('npm packages are imported only by who declares them as theirs', () => {
  const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const packageOf = (specifier: string) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  const undeclared = imports
    .filter(({ specifier }) => !specifier.startsWith('.') && !builtins.has(specifier))
    .filter(({ from, specifier }) => {
      const name = packageOf(specifier);
      if (Object.hasOwn(manifest.dependencies, name)) return false;
      const typesOnly = name === 'aws-lambda';
      // Nothing of the infrastructure runs in a cell: it is made on a developer's machine.
      const isDevelopment = from.startsWith('test/') || from.startsWith('lib/');
      return !(typesOnly || (isDevelopment && Object.hasOwn(manifest.devDependencies, name)));
    });
  expect(undeclared).toEqual([]);
});

test('functions never import each other: what two of them share is not a function', () => {
  const entry = (file: string) => /^functions\/(consumers|schedules)\/[^/]+\.ts$/.test(file);
  expect(ours.filter(({ from, to }) => entry(from) && entry(to))).toEqual([]);
});

test('what is bundled takes zod by its functions: its methods bring along all that a schema can do', () => {
  const source = (file: string) => readFileSync(resolve(root, file), 'utf8');
  const bundled = files.filter((file) => /^(domain|functions|platform)\//.test(file));
  expect(bundled.filter((file) => /from 'zod'/.test(source(file)))).toEqual([]);
});

test('zod is imported as a namespace: as one object, every language of its messages comes along', () => {
  const source = (file: string) => readFileSync(resolve(root, file), 'utf8');
  expect(files.filter((file) => /^import \{ z \} from 'zod(\/mini)?'/m.test(source(file)))).toEqual([]);
});

test('there are no import cycles', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of ours) graph.set(from, [...(graph.get(from) ?? []), to]);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
