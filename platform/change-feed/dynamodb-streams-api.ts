import { type DynamoDBClient, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  type DynamoDBStreamsClientConfig,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { Deadline } from '../deadline/deadline.ts';
import { type CallOptions, DynamoDbCalls, retryLimits } from '../event-store/dynamodb-calls.ts';
import { StoreUnavailable } from '../event-store/errors.ts';
import { awsClientLimits } from '../outgoing/aws-client-limits.ts';
import type { Clock } from '../clock/clock.ts';
import type { Random } from '../random/random.ts';
import type { ChangeRecord } from './records.ts';

/** Where in a shard to read from. */
export type ShardStart =
  | { readonly from: 'TRIM_HORIZON' }
  | { readonly from: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; readonly sequence: string };

/** One read of a shard. `next` is absent when the shard is closed and was read to its end. */
export interface ShardPage {
  readonly records: readonly ChangeRecord[];
  readonly next?: string;
}

/** What reading a change feed needs of the service. */
export interface ShardReader {
  /** The ids of every shard there is now, closed ones included until their records are forgotten. */
  shards(deadline: Deadline): Promise<readonly string[]>;
  iterator(shard: string, start: ShardStart, deadline: Deadline): Promise<string>;
  /** `expired`: the iterator is too old, or points to what the feed has forgotten. */
  records(iterator: string, limit: number, deadline: Deadline): Promise<ShardPage | 'expired' | 'forgotten'>;
}

/** A client whose calls end, as `createDynamoDbClient` makes them. */
export function createStreamsClient(config: DynamoDBStreamsClientConfig = {}): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient({ ...awsClientLimits, ...config });
}

export interface DynamoDbShardReaderOptions {
  readonly streams: DynamoDBStreamsClient;
  readonly client: DynamoDBClient;
  /** The log's table. */
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

export class DynamoDbShardReader implements ShardReader {
  readonly #options: DynamoDbShardReaderOptions;
  readonly #calls: DynamoDbCalls;
  #streamName: string | undefined;

  constructor(options: DynamoDbShardReaderOptions) {
    this.#options = options;
    this.#calls = new DynamoDbCalls(options.clock, options.random, retryLimits);
  }

  async shards(deadline: Deadline): Promise<readonly string[]> {
    const StreamArn = await this.#stream(deadline);
    const found: string[] = [];
    let last: string | undefined;
    do {
      const command = new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId: last });
      const { StreamDescription } = await this.#call(deadline, (options) =>
        this.#options.streams.send(command, options),
      );
      for (const { ShardId } of StreamDescription?.Shards ?? []) if (ShardId) found.push(ShardId);
      last = StreamDescription?.LastEvaluatedShardId;
    } while (last !== undefined);
    return found;
  }

  async iterator(shard: string, start: ShardStart, deadline: Deadline): Promise<string> {
    const command = new GetShardIteratorCommand({
      StreamArn: await this.#stream(deadline),
      ShardId: shard,
      ShardIteratorType: start.from,
      ...('sequence' in start && { SequenceNumber: start.sequence }),
    });
    const { ShardIterator } = await this.#call(deadline, (options) =>
      this.#options.streams.send(command, options),
    );
    if (ShardIterator === undefined) throw new StoreUnavailable(`no iterator for shard ${shard}`);
    return ShardIterator;
  }

  async records(
    iterator: string,
    limit: number,
    deadline: Deadline,
  ): Promise<ShardPage | 'expired' | 'forgotten'> {
    const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: limit });
    return this.#call(deadline, async (options) => {
      try {
        const { Records = [], NextShardIterator } = await this.#options.streams.send(command, options);
        return { records: Records, ...(NextShardIterator !== undefined && { next: NextShardIterator }) };
      } catch (error) {
        if (error instanceof ExpiredIteratorException) return 'expired';
        if (error instanceof TrimmedDataAccessException) return 'forgotten';
        throw error;
      }
    });
  }

  async #stream(deadline: Deadline): Promise<string> {
    if (this.#streamName !== undefined) return this.#streamName;
    const command = new DescribeTableCommand({ TableName: this.#options.table });
    const { Table } = await this.#call(deadline, (options) => this.#options.client.send(command, options));
    const name = Table?.LatestStreamArn;
    if (name === undefined) throw new StoreUnavailable(`${this.#options.table} has no change feed`);
    this.#streamName = name;
    return name;
  }

  #call<Result>(deadline: Deadline, send: (options: CallOptions) => Promise<Result>): Promise<Result> {
    return this.#calls.make(deadline, send);
  }
}
