import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { masterSecretOf, secretBytes } from './derived.ts';
import { writeDurably } from '../disk/durable-file.ts';
import type { MasterSecret } from './port.ts';
import { ringKeysMax, SecretRingFull } from './ring.ts';

export const secretFile = 'master-secret';

/** The file is there and is none of ours. It is left as it is: a new secret would break every signature without a word. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
  constructor(path: string) {
    super(
      `${path} holds no master secrets: put the one of before back, or take it away, after which every webhook's secret has to be rotated`,
    );
  }
}

/**
 * The master secrets of a data folder, the newest first, for its owner's eyes; one is made at its first start. Whoever has the folder to
 * themselves calls this. Throws `SecretUnreadable`.
 */
export function openSecretFile(folder: string): readonly MasterSecret[] {
  const path = join(folder, secretFile);
  // Half a secret would be another one.
  if (!existsSync(path)) writeLines(path, [newLine()]);
  chmodSync(path, 0o600);
  return linesIn(path).map(masterSecretOfLine);
}

/**
 * Puts a new master secret before those there are. A file that is full makes room by dropping those that are not needed now, and only then:
 * what no webhook needs today may be needed by a backup's. Whoever has the folder to themselves calls this. Throws `SecretUnreadable`,
 * `SecretRingFull`; then nothing was changed.
 */
export async function rotateSecretFile(
  folder: string,
  neededNow: () => Promise<ReadonlySet<string>>,
): Promise<readonly MasterSecret[]> {
  const path = join(folder, secretFile);
  const before = existsSync(path) ? linesIn(path) : [];
  const kept = before.length < ringKeysMax ? before : neededOf(before, await neededNow());
  if (kept.length >= ringKeysMax) throw new SecretRingFull(path);
  const lines = [newLine(), ...kept];
  writeLines(path, lines);
  return lines.map(masterSecretOfLine);
}

function neededOf(lines: readonly string[], needed: ReadonlySet<string>): readonly string[] {
  return lines.filter((line) => needed.has(masterSecretOfLine(line).fingerprint));
}

function newLine(): string {
  return randomBytes(secretBytes).toString('base64url');
}

function masterSecretOfLine(line: string): MasterSecret {
  return masterSecretOf(Buffer.from(line, 'base64url'));
}

function linesIn(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const isOurs = (line: string) => {
    const bytes = Buffer.from(line, 'base64url');
    return bytes.length === secretBytes && bytes.toString('base64url') === line;
  };
  if (!lines.every(isOurs)) throw new SecretUnreadable(path);
  return lines;
}

function writeLines(path: string, lines: readonly string[]): void {
  writeDurably(path, `${lines.join('\n')}\n`);
}
