import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Random } from '../random/random.ts';
import { flat, logKeyOf } from './dynamodb-attributes.ts';
import { DynamoDbCalls, retryLimits } from './dynamodb-calls.ts';
import { logKey } from './tables.ts';
import { type WrittenPage, type WrittenStreams, writtenPageMax } from './written-streams.ts';

export interface DynamoDbWrittenOptions {
  readonly client: DynamoDBClient;
  /** The log's. */
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * DynamoDB has no order of writing, and an index by time would double the price of every commit. So the whole table is gone through
 * again and again, a bounded part of it in each sweep, at half the price of a consistent read: what a bus or a feed has lost is found
 * within one round of the table.
 */
export class DynamoDbWrittenStreams implements WrittenStreams {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #calls: DynamoDbCalls;

  constructor({ client, table, clock, random }: DynamoDbWrittenOptions) {
    this.#client = client;
    this.#table = table;
    this.#calls = new DynamoDbCalls(clock, random, retryLimits);
  }

  async written(place: string | undefined, until: Timestamp, deadline: Deadline): Promise<WrittenPage> {
    const command = new ScanCommand({
      TableName: this.#table,
      ProjectionExpression: '#stream, #version, #at',
      ExpressionAttributeNames: { '#stream': logKey.partition, '#version': logKey.sort, '#at': 'at' },
      Limit: writtenPageMax,
      ...(place !== undefined && place !== '' && { ExclusiveStartKey: keyIn(place) }),
    });
    const { Items = [], LastEvaluatedKey } = await this.#calls.make(deadline, (options) =>
      this.#client.send(command, options),
    );
    const old = Items.map(flat).filter(({ at }) => Number(at) <= until);
    // A stream's items come one after the other and in order, so the last one seen is the newest.
    const heads = new Map(
      old.map(({ stream, version }) => [stream, { stream: String(stream), version: Number(version) }]),
    );
    const next = LastEvaluatedKey ? placeOf(flat(LastEvaluatedKey)) : '';
    return { heads: [...heads.values()], place: next, isLast: next === '' };
  }
}

function placeOf({ stream, version }: ReturnType<typeof flat>): string {
  return `${String(stream)}@${String(version)}`;
}

function keyIn(place: string): ReturnType<typeof logKeyOf> {
  const at = place.lastIndexOf('@');
  return logKeyOf(place.slice(0, at), Number(place.slice(at + 1)));
}
