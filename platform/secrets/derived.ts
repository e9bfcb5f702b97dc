import { hkdfSync, randomBytes } from 'node:crypto';
import { assert } from '../../domain/values/assert.ts';
import type { MasterSecret } from './port.ts';

export const secretBytes = 32;

/** HKDF with SHA-256 (RFC 5869) over a secret of 32 random bytes, wherever that is kept. */
export function masterSecretOf(bytes: Uint8Array): MasterSecret {
  assert(bytes.length === secretBytes, `a master secret has ${secretBytes} bytes`);
  const kept = Buffer.from(bytes);
  const derive = (purpose: string, name: string) =>
    Buffer.from(hkdfSync('sha256', kept, '', JSON.stringify([purpose, name]), secretBytes));
  return { fingerprint: derive('fingerprint', '').toString('base64url').slice(0, 11), derive };
}

/** For a cell that keeps nothing: what is derived from it ends with the process. */
export function passingSecret(): MasterSecret {
  return masterSecretOf(randomBytes(secretBytes));
}
