import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { masterSecretOf, secretBytes } from './derived.ts';
import { writeDurably } from '../disk/durable-file.ts';
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
  // Half a secret would be another one.
  if (!existsSync(path)) writeDurably(path, `${randomBytes(secretBytes).toString('base64url')}\n`);
  chmodSync(path, 0o600);
  const [text = ''] = readFileSync(path, 'utf8').split('\n');
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== secretBytes || bytes.toString('base64url') !== text) throw new SecretUnreadable(path);
  return masterSecretOf(bytes);
}
