import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, remainingMs } from '../deadline/deadline.ts';
import { type Attributes, attributes, flat } from '../event-store/dynamodb-attributes.ts';
import { type CallOptions, DynamoDbCalls, retryLimits } from '../event-store/dynamodb-calls.ts';
import { StoreUnavailable } from '../event-store/errors.ts';
import type { Random } from '../random/random.ts';
import { type Key, keyAttributes } from './dynamodb-items.ts';
import type { OpenListing } from './dynamodb-listings.ts';
import { openIndex, viewsKey } from './tables.ts';

export interface ViewsTableOptions {
  /** Made by `createDynamoDbClient`, so that its calls end. Stays the caller's to destroy. */
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

const getMax = 100;
const deleteMax = 25;

/** The views' table: reads that page to the end, batches that are finished, every call within the caller's deadline. */
export class ViewsTable {
  readonly name: string;
  readonly client: DynamoDBClient;
  readonly #calls: DynamoDbCalls;
  readonly #clock: Clock;

  constructor({ client, table, clock, random }: ViewsTableOptions) {
    this.name = table;
    this.client = client;
    this.#clock = clock;
    this.#calls = new DynamoDbCalls(clock, random, retryLimits);
  }

  call<Result>(deadline: Deadline, send: (options: CallOptions) => Promise<Result>): Promise<Result> {
    return this.#calls.make(deadline, send);
  }

  async get(key: Key, deadline: Deadline): Promise<Attributes | undefined> {
    const command = new GetItemCommand({
      TableName: this.name,
      Key: keyAttributes(key),
      ConsistentRead: true,
    });
    return (await this.call(deadline, (options) => this.client.send(command, options))).Item;
  }

  /** In no order; what does not exist is left out. */
  async getAll(keys: readonly Key[], deadline: Deadline): Promise<readonly Attributes[]> {
    const found: Attributes[] = [];
    let waiting: Attributes[] = keys.map(keyAttributes);
    while (waiting.length > 0) {
      const command = new BatchGetItemCommand({
        RequestItems: { [this.name]: { Keys: waiting.slice(0, getMax), ConsistentRead: true } },
      });
      const answer = await this.call(deadline, (options) => this.client.send(command, options));
      found.push(...(answer.Responses?.[this.name] ?? []));
      const left = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
      if (left.length > 0) await this.#pause(deadline);
      waiting = [...left, ...waiting.slice(getMax)];
    }
    return found;
  }

  /** Pages of a query, strongly consistent unless it asks an index. */
  async *pages(
    query: Omit<QueryCommandInput, 'TableName'>,
    deadline: Deadline,
  ): AsyncGenerator<readonly Attributes[]> {
    let start: Attributes | undefined;
    do {
      const command = new QueryCommand({
        ...query,
        TableName: this.name,
        ConsistentRead: query.IndexName === undefined,
        ExclusiveStartKey: start,
      });
      const page = await this.call(deadline, (options) => this.client.send(command, options));
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /** One page of an index, from where the one before ended. */
  async page(
    listing: OpenListing,
    after: string | undefined,
    deadline: Deadline,
  ): Promise<{ readonly found: readonly Attributes[]; readonly next?: string }> {
    const where = { TableName: this.name, ...(after !== undefined && { ExclusiveStartKey: startAt(after) }) };
    const page = await this.call(deadline, (options) =>
      'scan' in listing
        ? this.client.send(new ScanCommand({ ...where, ...listing.scan }), options)
        : this.client.send(new QueryCommand({ ...where, ...listing.query }), options),
    );
    const { Items: found = [], LastEvaluatedKey: last } = page;
    return { found, ...(last && { next: placeAfter(last) }) };
  }

  async *partition(pk: string, deadline: Deadline): AsyncGenerator<Attributes> {
    const query = {
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': viewsKey.partition },
      ExpressionAttributeValues: { ':pk': { S: pk } },
    };
    for await (const page of this.pages(query, deadline)) yield* page;
  }

  /** The partition of every open order, as often as it has any. */
  async *openPartitions(deadline: Deadline): AsyncGenerator<string> {
    let start: Attributes | undefined;
    do {
      const command = new ScanCommand({
        TableName: this.name,
        IndexName: openIndex.name,
        ProjectionExpression: '#open',
        ExpressionAttributeNames: { '#open': openIndex.partition },
        ExclusiveStartKey: start,
      });
      const page = await this.call(deadline, (options) => this.client.send(command, options));
      for (const item of page.Items ?? []) yield String(flat(item)[openIndex.partition]);
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /** Deletes every item whose partition begins with none of `kept`. */
  async clear(kept: readonly string[], deadline: Deadline): Promise<void> {
    let start: Attributes | undefined;
    do {
      const command = new ScanCommand({
        TableName: this.name,
        ProjectionExpression: '#pk, #sk',
        FilterExpression: kept.map((_, index) => `NOT begins_with(#pk, :kept${index})`).join(' AND '),
        ExpressionAttributeNames: { '#pk': viewsKey.partition, '#sk': viewsKey.sort },
        ExpressionAttributeValues: Object.fromEntries(
          kept.map((prefix, index) => [`:kept${index}`, { S: prefix }]),
        ),
        ConsistentRead: true,
        ExclusiveStartKey: start,
      });
      const page = await this.call(deadline, (options) => this.client.send(command, options));
      await this.deleteAll(page.Items ?? [], deadline);
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /** Of what is named by these keys nothing is left; each of its own. */
  async deleteAll(keys: readonly Attributes[], deadline: Deadline): Promise<void> {
    let waiting = keys.map((Key) => ({ DeleteRequest: { Key } }));
    while (waiting.length > 0) {
      const command = new BatchWriteItemCommand({
        RequestItems: { [this.name]: waiting.slice(0, deleteMax) },
      });
      const answer = await this.call(deadline, (options) => this.client.send(command, options));
      const left = (answer.UnprocessedItems?.[this.name] ?? []).flatMap(({ DeleteRequest }) =>
        DeleteRequest?.Key ? [{ DeleteRequest: { Key: DeleteRequest.Key } }] : [],
      );
      if (left.length > 0) await this.#pause(deadline);
      waiting = [...left, ...waiting.slice(deleteMax)];
    }
  }

  /** What a batch left undone was throttled: a moment, then again, until the caller's time is up. */
  async #pause(deadline: Deadline): Promise<void> {
    if (remainingMs(deadline, this.#clock) <= retryLimits.longestPauseMs)
      throw new StoreUnavailable('the table is throttled and the caller has no time left');
    await this.#clock.sleep(retryLimits.longestPauseMs / 4);
  }
}

/** Keys of this table are text, and parts of them percent-encoded: none holds a blank. */
function startAt(after: string): Attributes {
  return attributes(Object.fromEntries(after.split(' ').map(splitOnce)));
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf('=');
  return [part.slice(0, at), part.slice(at + 1)];
}

function placeAfter(last: Attributes): string {
  return Object.entries(flat(last))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
