import * as z from 'zod/mini';
import { isRetryable } from '../consumer/errors.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { StreamHead } from '../event-store/port.ts';
import { logKey } from '../event-store/tables.ts';
import {
  newestOfEach,
  type WrittenPage,
  type WrittenStreams,
  writtenPageMax,
} from '../event-store/written-streams.ts';
import type { ShardReader, ShardStart } from './dynamodb-streams-api.ts';
import type { ChangeRecord } from './records.ts';

/** Reads in a row that bring nothing, of a shard that is not at its end: DynamoDB answers so now and then. */
const emptyReadsMax = 4;

/** Of one shard: the records old enough, and the last of them. */
interface ShardRead {
  readonly records: readonly ChangeRecord[];
  readonly sequence?: string;
  readonly isAtEnd: boolean;
}

/** The last sequence read of each shard there still is. */
const places = z.record(z.string(), z.string());
type Places = z.infer<typeof places>;

/**
 * The log's change feed, read beside the relay and without it: what was written within the last day, whatever became of it afterwards.
 * The relay is the one other reader that a shard keeps up with.
 */
export class FeedWrittenStreams implements WrittenStreams {
  readonly #reader: ShardReader;

  constructor(reader: ShardReader) {
    this.#reader = reader;
  }

  async written(place: string | undefined, until: Timestamp, deadline: Deadline): Promise<WrittenPage> {
    const before = placesIn(place);
    const after: Record<string, string> = {};
    const heads: StreamHead[] = [];
    let isLast = true;
    for (const shard of await this.#reader.shards(deadline)) {
      const { records, sequence, isAtEnd } = await this.#read(shard, before[shard], until, deadline);
      heads.push(...records.flatMap(headIn));
      if (sequence !== undefined) after[shard] = sequence;
      isLast &&= isAtEnd;
    }
    return { heads: newestOfEach(heads), place: JSON.stringify(after), isLast };
  }

  async #read(
    shard: string,
    after: string | undefined,
    until: Timestamp,
    deadline: Deadline,
  ): Promise<ShardRead> {
    let iterator: string | undefined = await this.#iterator(shard, after, deadline);
    for (let reads = 0; iterator !== undefined && reads < emptyReadsMax; reads++) {
      const page = await this.#reader.records(iterator, writtenPageMax, deadline);
      // From its oldest record the next time.
      if (page === 'expired' || page === 'forgotten') return { records: [], isAtEnd: false };
      if (page.records.length > 0) return oldOf(page.records, after, until);
      iterator = page.next;
    }
    return { records: [], isAtEnd: true, ...(after !== undefined && { sequence: after }) };
  }

  /** After a pause of more than a day the feed has forgotten the place: from its oldest record then. */
  async #iterator(shard: string, after: string | undefined, deadline: Deadline): Promise<string> {
    const oldest: ShardStart = { from: 'TRIM_HORIZON' };
    if (after === undefined) return this.#reader.iterator(shard, oldest, deadline);
    try {
      return await this.#reader.iterator(shard, { from: 'AFTER_SEQUENCE_NUMBER', sequence: after }, deadline);
    } catch (error) {
      if (isRetryable(error)) throw error;
      return this.#reader.iterator(shard, oldest, deadline);
    }
  }
}

function oldOf(records: readonly ChangeRecord[], after: string | undefined, until: Timestamp): ShardRead {
  const young = records.findIndex(({ dynamodb }) => Number(dynamodb?.NewImage?.['at']?.N ?? 0) > until);
  const old = young === -1 ? records : records.slice(0, young);
  const sequence = old.at(-1)?.dynamodb?.SequenceNumber ?? after;
  return { records: old, isAtEnd: young !== -1, ...(sequence !== undefined && { sequence }) };
}

/** Nothing in what is not an append: the relay raises the alarm for that. */
function headIn({ eventName, dynamodb }: ChangeRecord): readonly StreamHead[] {
  const stream = dynamodb?.Keys?.[logKey.partition]?.S;
  const version = Number(dynamodb?.Keys?.[logKey.sort]?.N);
  return eventName === 'INSERT' && stream !== undefined && version >= 1 ? [{ stream, version }] : [];
}

function placesIn(place: string | undefined): Places {
  return place === undefined ? {} : places.parse(JSON.parse(place));
}
