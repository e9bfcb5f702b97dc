import { CorruptCommit } from '../event-store/errors.ts';
import { storedJson } from '../event-store/stored-text.ts';
import type { FeedEntry } from './port.ts';

/** What was stored as JSON text. The projection's name vouches for its shape. */
export function storedEntry(text: unknown): FeedEntry {
  const value = storedJson(text, 'an entry of a feed');
  if (!isEntry(value)) throw new CorruptCommit('a feed holds something that is no entry');
  return value;
}

function isEntry(value: unknown): value is FeedEntry {
  return typeof value === 'object' && value !== null && 'number' in value && 'order' in value;
}
