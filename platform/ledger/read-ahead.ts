import { unhurried } from '../deadline/deadline.ts';
import type { Commit, EventStore, StreamHead } from '../event-store/port.ts';
import { readsAtOnce } from './reads-at-once.ts';

export interface ReadStream {
  readonly head: StreamHead;
  /** All of it. Throws what reading it threw, which is told nowhere else. */
  readonly commits: () => Promise<readonly Commit[]>;
}

/** Every stream there is with all its commits, in the order of the heads, the next ones being read while one is looked at. */
export async function* everyStream(store: Pick<EventStore, 'heads' | 'read'>): AsyncGenerator<ReadStream> {
  const asked: ReadStream[] = [];
  for await (const head of store.heads(() => unhurried)) {
    // Settled, since nobody may come to it any more.
    const reading = Promise.allSettled([store.read(head.stream, 1, unhurried)]);
    const commits = async () => {
      const [read] = await reading;
      if (read.status === 'rejected') throw read.reason;
      return read.value;
    };
    asked.push({ head, commits });
    const first = asked.length >= readsAtOnce ? asked.shift() : undefined;
    if (first) yield first;
  }
  yield* asked;
}
