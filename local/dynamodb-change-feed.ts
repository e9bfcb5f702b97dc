import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { type ChangeBatch, type BatchAnswer } from '../functions/consumers/views.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { type Deadline, remainingMs } from '../platform/deadline/deadline.ts';
import type { LocalDynamoDb } from './stores.ts';

export interface DynamoDbChangeFeedOptions {
  readonly dynamoDb: LocalDynamoDb;
  readonly consumer: (batch: ChangeBatch) => Promise<BatchAnswer>;
  readonly clock: Clock;
  /** Told of every failed round, which is then tried again. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

const betweenRoundsMs = 100;
const afterFailureMs = 1_000;

/**
 * Does on one machine what Lambda's event source mapping does: reads the log table's change feed, shard by shard, and calls the consumer.
 * Reads the feed from its beginning at every start; what was applied before is dropped by the consumer.
 */
export class DynamoDbChangeFeed {
  readonly #options: DynamoDbChangeFeedOptions;
  readonly #client: DynamoDBStreamsClient;
  readonly #positions = new Map<string, string | undefined>();
  #waiting: (() => void)[] = [];
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DynamoDbChangeFeedOptions) {
    this.#options = options;
    this.#client = new DynamoDBStreamsClient({
      ...options.dynamoDb.connection,
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 500, requestTimeout: 3_000 },
    });
  }

  async start(): Promise<void> {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    this.#client.destroy();
  }

  /** Whether a whole round that began after this call has ended by the deadline: it has seen all that was written before. */
  async caughtUp(deadline: Deadline): Promise<boolean> {
    const { clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push(() => resolve(true));
    return Promise.race([promise, clock.sleep(remainingMs(deadline, clock)).then(() => false)]);
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        await this.#round();
        for (const tell of waiting) tell();
        if (this.#waiting.length === 0) await this.#options.clock.sleep(betweenRoundsMs);
      } catch (error) {
        this.#waiting.push(...waiting);
        this.#options.onFailure(error);
        await this.#options.clock.sleep(afterFailureMs);
      }
    }
  }

  async #round(): Promise<void> {
    for (const [stream, shard] of await this.#shards()) {
      const known = this.#positions.has(shard);
      if (!known) this.#positions.set(shard, await this.#beginning(stream, shard));
      await this.#drain(shard);
    }
  }

  async #shards(): Promise<readonly (readonly [stream: string, shard: string])[]> {
    const { logTable } = this.#options.dynamoDb;
    const { Streams = [] } = await this.#client.send(new ListStreamsCommand({ TableName: logTable }));
    const shards: [string, string][] = [];
    for (const { StreamArn } of Streams) {
      if (StreamArn === undefined) continue;
      const { StreamDescription } = await this.#client.send(new DescribeStreamCommand({ StreamArn }));
      for (const { ShardId } of StreamDescription?.Shards ?? [])
        if (ShardId) shards.push([StreamArn, ShardId]);
    }
    return shards;
  }

  async #beginning(StreamArn: string, ShardId: string): Promise<string | undefined> {
    const { ShardIterator } = await this.#client.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    return ShardIterator;
  }

  /** To the shard's end for now. A batch the consumer hands back comes again with the next round. */
  async #drain(shard: string): Promise<void> {
    for (;;) {
      const ShardIterator = this.#positions.get(shard);
      if (ShardIterator === undefined) return;
      const { Records = [], NextShardIterator } = await this.#client.send(
        new GetRecordsCommand({ ShardIterator }),
      );
      if (Records.length > 0) {
        const { batchItemFailures } = await this.#options.consumer({ Records });
        if (batchItemFailures.length > 0) return;
      }
      this.#positions.set(shard, NextShardIterator);
      if (Records.length === 0) return;
    }
  }
}
