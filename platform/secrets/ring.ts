import { assert } from '../../domain/values/assert.ts';
import type { MasterSecret, SecretRing } from './port.ts';

/** Ten years at one a quarter. */
export const ringKeysMax = 40;

/** There is no room for one more. Nothing was changed: whatever was derived can still be derived. */
export class SecretRingFull extends Error {
  override readonly name = 'SecretRingFull';
  constructor(where: string) {
    super(
      `${where} holds ${ringKeysMax} master secrets, as many as it may, and none of them is dropped while a webhook may need it`,
    );
  }
}

/** Never changes for as long as the process lives. The newest is first. */
export function fixedRing(secrets: readonly MasterSecret[]): SecretRing {
  const [newest] = secrets;
  assert(newest !== undefined, 'a ring holds a master secret');
  return {
    newest: async () => newest,
    named: async (fingerprint) => secrets.find((secret) => secret.fingerprint === fingerprint),
  };
}
