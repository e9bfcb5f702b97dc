import { createHash } from 'node:crypto';
import type { Json } from '../../domain/values/json.ts';
import { canonicalJson } from '../event-store/canonical-json.ts';

/** Names a content. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

/** Whether a document is the content that a config's version names, by whatever release it was written. */
export function isContentOf(version: string, document: Json): boolean {
  return digestOf(canonicalJson(document)) === version;
}
