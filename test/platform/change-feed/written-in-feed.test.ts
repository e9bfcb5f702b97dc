import { expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import type {
  ShardPage,
  ShardReader,
  ShardStart,
} from '../../../platform/change-feed/dynamodb-streams-api.ts';
import type { ChangeRecord } from '../../../platform/change-feed/records.ts';
import { FeedWrittenStreams } from '../../../platform/change-feed/written-in-feed.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { StoreRejected, StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { image } from '../../support/change-records.ts';

const until = timestamp(1_000);
const soon = () => deadlineIn(1_000, systemClock);

function record(sequence: number, stream: string, version: number, at = 1): ChangeRecord {
  const dynamodb = {
    SequenceNumber: String(sequence),
    Keys: image({ stream, version }),
    NewImage: image({ at }),
  };
  return { eventName: 'INSERT', dynamodb };
}

/** Shards whose iterators are `shard:sequence`. */
class Shards implements ShardReader {
  readonly contents = new Map<string, readonly ChangeRecord[]>();
  /** Reads that bring nothing before one that does. */
  empty = 0;
  failure: Error | undefined;
  answer: 'expired' | 'forgotten' | undefined;

  async shards() {
    return [...this.contents.keys()];
  }

  async iterator(shard: string, start: ShardStart) {
    if ('sequence' in start && this.failure) throw this.failure;
    return `${shard}:${'sequence' in start ? start.sequence : 0}`;
  }

  async records(iterator: string): Promise<ShardPage | 'expired' | 'forgotten'> {
    if (this.answer) return this.answer;
    if (this.empty-- > 0) return { records: [], next: iterator };
    const [shard = '', after] = iterator.split(':');
    const left = (this.contents.get(shard) ?? []).filter(
      ({ dynamodb }) => Number(dynamodb?.SequenceNumber) > Number(after),
    );
    return { records: left };
  }
}

function bench(contents: Readonly<Record<string, readonly ChangeRecord[]>>) {
  const shards = new Shards();
  for (const [shard, records] of Object.entries(contents)) shards.contents.set(shard, records);
  const source = new FeedWrittenStreams(shards);
  return { shards, look: (place?: string) => source.written(place, until, soon()) };
}

test('finds streams in every shard, each with its newest version, and goes on in each where it stopped', async () => {
  const { shards, look } = bench({
    a: [record(1, 'order-1', 1), record(2, 'order-1', 2)],
    b: [record(7, 'order-2', 4)],
  });
  const first = await look();
  expect(first.heads).toEqual([
    { stream: 'order-1', version: 2 },
    { stream: 'order-2', version: 4 },
  ]);
  expect(await look(first.place)).toEqual({ heads: [], place: first.place, isLast: true });
  shards.contents.set('b', [record(7, 'order-2', 4), record(8, 'order-2', 5)]);
  expect((await look(first.place)).heads).toEqual([{ stream: 'order-2', version: 5 }]);
});

test('what the feed says besides appends names no stream', async () => {
  const removed = { ...record(1, 'order-1', 1), eventName: 'REMOVE' };
  expect((await bench({ a: [removed, record(2, 'order-2', 1)] }).look()).heads).toEqual([
    { stream: 'order-2', version: 1 },
  ]);
});

test('stops in a shard at the first record that is too young', async () => {
  const { look } = bench({
    a: [record(1, 'order-1', 1), record(2, 'order-2', 1, 1_001), record(3, 'order-3', 1)],
  });
  const found = await look();
  expect(found).toMatchObject({ heads: [{ stream: 'order-1', version: 1 }], isLast: true });
  expect(found.place).toBe('{"a":"1"}');
});

test('an empty answer is not yet the end of a shard', async () => {
  const { shards, look } = bench({ a: [record(1, 'order-1', 1)] });
  shards.empty = 3;
  expect((await look()).heads).toHaveLength(1);
});

test('a shard that is gone is no place any more', async () => {
  const { shards, look } = bench({ a: [record(1, 'order-1', 1)], b: [record(2, 'order-2', 1)] });
  const { place } = await look();
  shards.contents.delete('a');
  expect((await look(place)).place).toBe('{"b":"2"}');
});

test('a place the feed has forgotten is begun again at its oldest record', async () => {
  const { shards, look } = bench({ a: [record(9, 'order-1', 3)] });
  shards.failure = new StoreRejected('TrimmedDataAccessException');
  expect((await look('{"a":"1"}')).heads).toEqual([{ stream: 'order-1', version: 3 }]);
  shards.answer = 'forgotten';
  expect(await look('{"a":"1"}')).toEqual({ heads: [], place: '{}', isLast: false });
});

test('a feed that cannot be reached is no reason to begin again', async () => {
  const { shards, look } = bench({ a: [record(9, 'order-1', 3)] });
  shards.failure = new StoreUnavailable('down');
  await expect(look('{"a":"1"}')).rejects.toThrow(StoreUnavailable);
});
