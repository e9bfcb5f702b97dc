import type { ShardPage, ShardReader, ShardStart } from '../../platform/change-feed/dynamodb-streams-api.ts';
import type { ChangeRecord } from '../../platform/change-feed/records.ts';
import { encodeCommit } from '../../platform/event-store/codec.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { image } from './change-records.ts';

/** A change feed of one shard over commits that are all written. Sequences and iterators are places in it. */
export class ShardOverCommits implements ShardReader {
  readonly #records: readonly ChangeRecord[];

  /** `isPoison`: a record that says nothing which could be read. */
  constructor(commits: readonly Commit[], isPoison: (commit: Commit) => boolean = () => false) {
    this.#records = commits.map((commit, index) => ({
      eventName: 'INSERT',
      dynamodb: {
        SequenceNumber: String(index),
        Keys: image({ stream: commit.stream, version: commit.version }),
        NewImage: image(isPoison(commit) ? { events: '{' } : encodeCommit(commit)),
      },
    }));
  }

  async shards(): Promise<readonly string[]> {
    return ['only'];
  }

  async iterator(_shard: string, start: ShardStart): Promise<string> {
    if (!('sequence' in start)) return '0';
    return String(Number(start.sequence) + (start.from === 'AFTER_SEQUENCE_NUMBER' ? 1 : 0));
  }

  async records(iterator: string, limit: number): Promise<ShardPage> {
    const next = Math.min(Number(iterator) + limit, this.#records.length);
    return { records: this.#records.slice(Number(iterator), next), next: String(next) };
  }
}
