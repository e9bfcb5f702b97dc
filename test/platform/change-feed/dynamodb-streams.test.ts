import { describe, expect, test } from 'vitest';
import { DynamoDbStreamsFeed, RecordsForgotten } from '../../../platform/change-feed/dynamodb-streams.ts';
import type {
  ShardPage,
  ShardReader,
  ShardStart,
} from '../../../platform/change-feed/dynamodb-streams-api.ts';
import type { ChangeRecord } from '../../../platform/change-feed/records.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

interface FakeShard {
  records: string[];
  isClosed?: boolean;
  /** Sequences up to here are forgotten. */
  trimmedTo?: string;
}

/** Shards whose records are two-digit sequences. An iterator is `shard:next index`, and can be made to expire. */
class FakeStream implements ShardReader {
  readonly contents = new Map<string, FakeShard>();
  readonly starts: string[] = [];
  described = 0;
  expired = 0;
  isDown = false;

  async shards() {
    if (this.isDown) throw new StoreUnavailable('down');
    this.described += 1;
    return [...this.contents.keys()];
  }

  async iterator(shard: string, start: ShardStart) {
    this.starts.push(
      'sequence' in start ? `${shard} ${start.from} ${start.sequence}` : `${shard} ${start.from}`,
    );
    const { records } = this.shard(shard);
    if (start.from === 'TRIM_HORIZON') return `${shard}:0`;
    const index = records.indexOf('sequence' in start ? start.sequence : '');
    return `${shard}:${start.from === 'AT_SEQUENCE_NUMBER' ? index : index + 1}`;
  }

  async records(iterator: string, limit: number): Promise<ShardPage | 'expired' | 'forgotten'> {
    if (this.expired > 0) {
      this.expired -= 1;
      return 'expired';
    }
    const [name = '', from = ''] = iterator.split(':');
    const { records, isClosed, trimmedTo } = this.shard(name);
    const next = Number(from) + limit;
    if (trimmedTo !== undefined && Number(from) > 0 && (records[Number(from)] ?? '') <= trimmedTo) {
      records.splice(0, records.indexOf(trimmedTo) + 1);
      return 'forgotten';
    }
    const page = records.slice(Number(from), next).map(aRecord);
    const isAtEnd = next >= records.length;
    return {
      records: page,
      ...(!(isClosed && isAtEnd) && { next: `${name}:${Math.min(next, records.length)}` }),
    };
  }

  shard(name: string): FakeShard {
    const shard = this.contents.get(name);
    if (!shard) throw new Error(`there is no shard ${name}`);
    return shard;
  }
}

function aRecord(sequence: string): ChangeRecord {
  return { eventName: 'INSERT', dynamodb: { SequenceNumber: sequence } };
}

class Bench {
  readonly clock = new VirtualClock();
  readonly stream = new FakeStream();
  readonly seen: string[] = [];
  readonly failures: unknown[] = [];
  /** Sequences that are not acknowledged when they come. */
  readonly refused = new Set<string>();
  readonly feed = new DynamoDbStreamsFeed({
    reader: this.stream,
    handle: async ({ Records }) => {
      const sequences = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
      this.seen.push(sequences.join());
      const failed = sequences.filter((sequence) => this.refused.has(sequence));
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    },
    clock: this.clock,
    onFailure: (error) => this.failures.push(error),
    limits: { batchMax: 2, discoverMs: 1_000 },
  });
}

describe('the feed of a DynamoDB table', () => {
  test('reads every shard from its oldest record, batch by batch, each once', async () => {
    const { feed, stream, seen } = new Bench();
    stream.contents.set('a', { records: ['01', '02', '03'] }).set('b', { records: ['11'] });
    expect(await feed.poll()).toEqual({ acknowledged: 3, isAtEnd: false });
    expect(await feed.poll()).toEqual({ acknowledged: 1, isAtEnd: false });
    expect(await feed.poll()).toEqual({ acknowledged: 0, isAtEnd: true });
    expect(seen).toEqual(['01,02', '11', '03']);
    expect(stream.starts).toEqual(['a TRIM_HORIZON', 'b TRIM_HORIZON']);
  });

  test('goes on where it was when an iterator expired', async () => {
    const { feed, stream, seen } = new Bench();
    stream.contents.set('a', { records: ['01', '02', '03'] });
    await feed.poll();
    stream.expired = 1;
    expect(await feed.poll()).toEqual({ acknowledged: 0, isAtEnd: false });
    expect(await feed.poll()).toMatchObject({ acknowledged: 1 });
    expect(stream.starts.at(-1)).toBe('a AFTER_SEQUENCE_NUMBER 02');
    expect(seen).toEqual(['01,02', '03']);
  });

  test('brings again from the first record that was not acknowledged', async () => {
    const { feed, stream, seen, refused } = new Bench();
    stream.contents.set('a', { records: ['01', '02', '03'] });
    refused.add('02');
    expect(await feed.poll()).toEqual({ acknowledged: 1, isAtEnd: false });
    expect(await feed.poll()).toEqual({ acknowledged: 0, isAtEnd: false });
    refused.clear();
    expect(await feed.poll()).toMatchObject({ acknowledged: 2 });
    expect(seen).toEqual(['01,02', '02,03', '02,03']);
  });

  test('a closed shard is read to its end, and its successor is found at once', async () => {
    const { feed, stream, seen } = new Bench();
    stream.contents.set('a', { records: ['01'], isClosed: true });
    await feed.poll();
    stream.contents.set('b', { records: ['11'] });
    await feed.poll();
    await feed.poll();
    expect(seen).toEqual(['01', '11']);
  });

  test('a shard that appears beside is found within the time set for it, and not asked for sooner', async () => {
    const { feed, stream, seen, clock } = new Bench();
    stream.contents.set('a', { records: [] });
    await feed.poll();
    stream.contents.set('b', { records: ['11'] });
    await feed.poll();
    expect(seen).toEqual([]);
    expect(stream.described).toBe(1);
    clock.advance(1_000);
    await feed.poll();
    expect(seen).toEqual(['11']);
  });

  test('says so when records were forgotten before they were read', async () => {
    const { feed, stream, seen, failures } = new Bench();
    stream.contents.set('a', { records: ['01', '02', '03', '04', '05'] });
    await feed.poll();
    stream.shard('a').trimmedTo = '04';
    await feed.poll();
    await feed.poll();
    expect(failures).toEqual([expect.any(RecordsForgotten)]);
    expect(seen).toEqual(['01,02', '05']);
  });

  test('who waits for it is told once everything was handed over, or when time is up', async () => {
    const { feed, stream, seen, refused, clock } = new Bench();
    stream.contents.set('a', { records: ['01', '02', '03'] });
    expect(await feed.caughtUp(deadlineIn(50, clock))).toBe(false);
    feed.start();
    expect(await feed.caughtUp(deadlineIn(5_000, clock))).toBe(true);
    expect(seen).toEqual(['01,02', '03']);
    stream.shard('a').records.push('04');
    refused.add('04');
    expect(await feed.caughtUp(deadlineIn(500, clock))).toBe(false);
    await feed.stop();
  });

  test('running, it survives an outage, waiting longer each time', async () => {
    const bench = new Bench();
    const { feed, stream, seen, clock } = bench;
    stream.contents.set('a', { records: ['01'] });
    stream.isDown = true;
    feed.start();
    const until = async (done: () => boolean) => {
      for (let turn = 0; turn < 1_000 && !done(); turn++) await clock.sleep(1);
      expect(done()).toBe(true);
    };
    await until(() => bench.failures.length === 3);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(300);
    stream.isDown = false;
    await until(() => seen.length === 1);
    await feed.stop();
    expect(seen).toEqual(['01']);
  });
});
