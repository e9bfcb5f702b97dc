import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { masterSecretOf, secretBytes } from './derived.ts';
import type { MasterSecret } from './port.ts';

export const secretFile = 'master-secret';

/** The file is there and is none of ours. It is left as it is: a new secret would break every signature without a word. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
  constructor(path: string) {
    super(
      `${path} is no master secret: put the one of before back, or take it away, after which every webhook's secret has to be rotated`,
    );
  }
}

/**
 * The master secret of a data folder, made at its first start, for its owner's eyes. Whoever has the folder to themselves calls this.
 * Throws `SecretUnreadable`.
 */
export function openSecretFile(folder: string): MasterSecret {
  const path = join(folder, secretFile);
  if (!existsSync(path)) make(folder, path);
  chmodSync(path, 0o600);
  const [text = ''] = readFileSync(path, 'utf8').split('\n');
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== secretBytes || bytes.toString('base64url') !== text) throw new SecretUnreadable(path);
  return masterSecretOf(bytes);
}

/** Whole and on the disk before it has its name: half a secret would be another one. */
function make(folder: string, path: string): void {
  const pending = `${path}.pending`;
  write(pending, `${randomBytes(secretBytes).toString('base64url')}\n`);
  renameSync(pending, path);
  synced(openSync(folder, 'r'));
}

function write(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  writeSync(file, text);
  synced(file);
}

function synced(file: number): void {
  fsyncSync(file);
  closeSync(file);
}
