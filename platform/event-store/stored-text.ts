import { CorruptCommit } from './errors.ts';

/** JSON text of our own, read again. Throws `CorruptCommit`, which says what is not as it was written. */
export function storedJson(text: unknown, what: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch (cause) {
    throw new CorruptCommit(`${what} is not JSON`, { cause });
  }
}
