import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './document.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const compared = [
  '@aws-sdk/client-dynamodb',
  '@castore/event-storage-adapter-dynamodb',
  '@equinox-js/dynamo-store',
  'hft-limit-order-book',
  'nodejs-order-book',
] as const;

export function thisMachine(now: Date): Machine {
  const [first] = cpus();
  return {
    processor: first?.model.trim() ?? 'an unknown processor',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]}`,
    versions: [
      ['Node', process.version.slice(1)],
      ['V8', process.versions.v8],
      ['SQLite', process.versions['sqlite'] ?? 'unknown'],
      ...compared.map((name) => [name, versionOf(name)] as const),
    ],
    commit: commitOf(),
    date: now.toISOString().slice(0, 10),
  };
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
  return String(version);
}

/** With a word when the sources are not those of the commit. */
function commitOf(): string {
  const git = (...words: readonly string[]) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', '.', ':!docs/benchmarks.md');
  return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : ' with changes');
}
