import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { attribute, itemKeyOf } from '../event-store/dynamodb-attributes.ts';
import { DynamoDbCalls, retryLimits } from '../event-store/dynamodb-calls.ts';
import type { Random } from '../random/random.ts';
import type { ChunkStore } from './chunk-store.ts';

export interface DynamoDbChunkStoreOptions {
  readonly client: DynamoDBClient;
  /** The table of the items: a chunk is one of them. */
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

const textName = 'text';

export class DynamoDbChunkStore implements ChunkStore {
  readonly #options: DynamoDbChunkStoreOptions;
  readonly #calls: DynamoDbCalls;

  constructor(options: DynamoDbChunkStoreOptions) {
    this.#options = options;
    this.#calls = new DynamoDbCalls(options.clock, options.random, retryLimits);
  }

  async put(owner: string, name: string, text: string, deadline: Deadline): Promise<void> {
    const { client, table } = this.#options;
    const Item = { ...itemKeyOf({ owner, name }), [textName]: attribute(text) };
    const command = new PutItemCommand({ TableName: table, Item });
    await this.#calls.make(deadline, (options) => client.send(command, options));
  }

  async get(owner: string, name: string, deadline: Deadline): Promise<string | undefined> {
    const { client, table } = this.#options;
    const Key = itemKeyOf({ owner, name });
    const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
    const { Item } = await this.#calls.make(deadline, (options) => client.send(command, options));
    return Item?.[textName]?.S;
  }

  async remove(owner: string, name: string, deadline: Deadline): Promise<void> {
    const { client, table } = this.#options;
    const command = new DeleteItemCommand({ TableName: table, Key: itemKeyOf({ owner, name }) });
    await this.#calls.make(deadline, (options) => client.send(command, options));
  }
}
