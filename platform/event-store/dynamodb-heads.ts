import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Random } from '../random/random.ts';
import { decodeCommit } from './codec.ts';
import { type Attributes, flat, logKeyOf } from './dynamodb-attributes.ts';
import { DynamoDbCalls, retryLimits } from './dynamodb-calls.ts';
import { CorruptCommit } from './errors.ts';
import type { HeadReader } from './heads-read.ts';
import type { Commit, StreamHead } from './port.ts';

export interface DynamoDbHeadsOptions {
  readonly client: DynamoDBClient;
  /** The log's. */
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** DynamoDB's own bound on one call. */
const keysMax = 100;

/** A hundred commits in a call, strongly consistent; what does not fit into the answer's 16 MB, or into the moment, is asked for again. */
export class DynamoDbHeads implements HeadReader {
  readonly #options: DynamoDbHeadsOptions;
  readonly #calls: DynamoDbCalls;

  constructor(options: DynamoDbHeadsOptions) {
    this.#options = options;
    this.#calls = new DynamoDbCalls(options.clock, options.random, retryLimits);
  }

  async readHeads(heads: readonly StreamHead[], deadline: Deadline): Promise<ReadonlyMap<string, Commit>> {
    const found = new Map<string, Commit>();
    for (let from = 0; from < heads.length; from += keysMax) {
      let keys = heads.slice(from, from + keysMax).map(({ stream, version }) => logKeyOf(stream, version));
      while (keys.length > 0) {
        const { items, left } = await this.#some(keys, deadline);
        for (const commit of items.flatMap(readable)) found.set(commit.stream, commit);
        keys = left;
      }
    }
    return found;
  }

  /** Ends by the deadline, which each further call is refused by. */
  async #some(Keys: Attributes[], deadline: Deadline) {
    const { client, table } = this.#options;
    const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await this.#calls.make(deadline, (options) =>
      client.send(command, options),
    );
    return { items: Responses?.[table] ?? [], left: UnprocessedKeys?.[table]?.Keys ?? [] };
  }
}

function readable(item: Attributes): readonly Commit[] {
  try {
    return [decodeCommit(flat(item))];
  } catch (error) {
    if (error instanceof CorruptCommit) return [];
    throw error;
  }
}
