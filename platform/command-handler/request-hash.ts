import { hash } from 'node:crypto';
import { canonicalJson } from '../event-store/canonical-json.ts';

/** 128 bits, base64url. */
const characters = 22;

/** What an idempotency key stood for: the same request gives the same hash however its JSON was ordered. */
export function requestHashOf(request: unknown): string {
  return hash('sha256', canonicalJson(request), 'base64url').slice(0, characters);
}
