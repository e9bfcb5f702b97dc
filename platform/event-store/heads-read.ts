import type { Deadline } from '../deadline/deadline.ts';
import { CorruptCommit } from './errors.ts';
import type { Commit, EventStore, StreamHead } from './port.ts';

/** Reads the newest commits of many streams in few calls: each call is on record in a trail, and paid for there. */
export interface HeadReader {
  /** By stream; each stream at most once. Left out: what is not there, or cannot be decoded. Throws what the store throws. */
  readHeads(heads: readonly StreamHead[], deadline: Deadline): Promise<ReadonlyMap<string, Commit>>;
}

/** For a store to which calls cost nothing. */
export function headsOneByOne(store: Pick<EventStore, 'readOne'>): HeadReader {
  return {
    readHeads: async (heads, deadline) => {
      const found = new Map<string, Commit>();
      for (const { stream, version } of heads) {
        const commit = await readable(() => store.readOne(stream, version, deadline));
        if (commit) found.set(stream, commit);
      }
      return found;
    },
  };
}

async function readable(read: () => Promise<Commit | undefined>): Promise<Commit | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CorruptCommit) return undefined;
    throw error;
  }
}
