import type { ShardPage, ShardReader, ShardStart } from '../../platform/change-feed/dynamodb-streams-api.ts';
import type { ChangeRecord } from '../../platform/change-feed/records.ts';
import { encodeCommit } from '../../platform/event-store/codec.ts';
import type { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { image } from './change-records.ts';

/** The change feed of a log in memory, of one shard. An iterator is the place of the last record before it. */
export class ShardOverLog implements ShardReader {
  readonly #log: MemoryEventStore;
  readonly #isPoison: (commit: Commit) => boolean;

  /** `isPoison`: a record that says nothing which could be read. */
  constructor(log: MemoryEventStore, isPoison: (commit: Commit) => boolean = () => false) {
    this.#log = log;
    this.#isPoison = isPoison;
  }

  async shards(): Promise<readonly string[]> {
    return ['only'];
  }

  async iterator(_shard: string, start: ShardStart): Promise<string> {
    if (!('sequence' in start)) return '0';
    return start.from === 'AFTER_SEQUENCE_NUMBER' ? start.sequence : String(Number(start.sequence) - 1);
  }

  async records(iterator: string, limit: number): Promise<ShardPage> {
    const entries = await this.#log.feed(iterator, limit);
    return {
      records: entries.map(({ sequence, commit }) => this.#record(sequence, commit)),
      next: entries.at(-1)?.sequence ?? iterator,
    };
  }

  #record(SequenceNumber: string, commit: Commit): ChangeRecord {
    const { stream, version } = commit;
    const NewImage = image(this.#isPoison(commit) ? { events: '{' } : encodeCommit(commit));
    return { eventName: 'INSERT', dynamodb: { SequenceNumber, Keys: image({ stream, version }), NewImage } };
  }
}
