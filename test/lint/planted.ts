import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A piece of code as somebody might write it. `shape`: what is wrong with it. */
export interface Snippet {
  readonly shape: string;
  readonly path: string;
  readonly code: string;
}

export interface Alarm {
  readonly snippet: Snippet;
  readonly rule: string;
  readonly message: string;
  readonly line: number;
}

/** Snippets of one folder, each begun by `=== path` in a file named by its shape, or by `=== shape path`. */
export function snippetsIn(folder: string): readonly Snippet[] {
  return globSync('*.txt', { cwd: join(import.meta.dirname, folder) })
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(join(import.meta.dirname, folder, file), 'utf8');
      return text
        .split(/^=== /m)
        .slice(1)
        .map((piece) => {
          const end = piece.indexOf('\n');
          const [path = '', shape = basename(file, '.txt')] = piece.slice(0, end).split(' ').toReversed();
          return { shape, path, code: piece.slice(end + 1) };
        });
    });
}

/** What type-aware oxlint and our rules say of them, as if each were a file of ours. */
export function alarmsOn(snippets: readonly Snippet[]): readonly Alarm[] {
  const folder = mkdtempSync(join(tmpdir(), 'ordercell-lint-'));
  try {
    layOut(folder, snippets);
    return reported(folder).flatMap(({ filename, code, message, labels }) => {
      const snippet = snippets[Number(filename.split('/')[0])];
      if (!snippet) throw new Error(`a file that nobody planted: ${filename}: ${message}`);
      const rule = code.replace(/\((.*)\)/, '/$1');
      return [{ snippet, rule, message, line: labels[0]?.span.line ?? 0 }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function layOut(folder: string, snippets: readonly Snippet[]): void {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { compilerOptions } = jsonOf('tsconfig.json') as { compilerOptions: object };
  write(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { ...compilerOptions, noUnusedLocals: false, noUnusedParameters: false },
      include: ['.'],
    }),
  );
  write(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  write(join(folder, '.oxlintrc.json'), JSON.stringify(configFor()));
  for (const [index, { path, code }] of snippets.entries()) write(join(folder, String(index), path), code);
}

/** The house's own config, with what is only for folders of ours put in force everywhere. */
function configFor(): object {
  const {
    $schema: _schema,
    overrides,
    ...config
  } = jsonOf('.oxlintrc.json') as {
    readonly $schema: string;
    readonly rules: object;
    readonly overrides: readonly { readonly rules: object }[];
  };
  const rules = { ...config.rules, ...overrides[0]?.rules };
  return { ...config, rules, jsPlugins: [join(root, 'test/lint/plugin.js')] };
}

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
  readonly message: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

function reported(folder: string): readonly Diagnostic[] {
  const linter = join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [linter, '--type-aware', '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.startsWith('{')) throw new Error(`the linter did not run: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] }).diagnostics;
}

/** Whether every snippet is code that compiles: a fault that could not be written is no fault. */
export function typeErrorsIn(snippets: readonly Snippet[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'ordercell-lint-'));
  try {
    layOut(folder, snippets);
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder], { encoding: 'utf8' });
    return '';
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout);
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function jsonOf(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
