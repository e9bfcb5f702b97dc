import type { Timestamp } from '../values/time.ts';
import type { KeyIssued } from './events.ts';

export type ApiKey = KeyIssued['data'] & {
  readonly kind: 'key';
  readonly issuedAt: Timestamp;
  /** Present once it opens nothing any more. */
  readonly revokedAt?: Timestamp;
};

export type KeyState = { readonly kind: 'unissued' } | ApiKey;

export const unissued: KeyState = { kind: 'unissued' };

export function keyStream(keyId: string): string {
  return `key-${keyId}`;
}
