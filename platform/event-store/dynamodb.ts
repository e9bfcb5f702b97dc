import {
  type DynamoDBClient,
  GetItemCommand,
  type Put,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Random } from '../random/random.ts';
import { decodeCommit } from './codec.ts';
import { answerIn } from './dynamodb-answers.ts';
import {
  type Attributes,
  attribute,
  commitAttributes,
  flat,
  itemKeyOf,
  logKeyOf,
  itemOf,
} from './dynamodb-attributes.ts';
import { type CallOptions, DynamoDbCalls, type RetryLimits, retryLimits } from './dynamodb-calls.ts';
import { isTokenDisowned } from './dynamodb-errors.ts';
import { transactionPart } from './dynamodb-expressions.ts';
import { checkedAppend } from './limits.ts';
import type { AppendResult, Commit, EventStore, StreamHead } from './port.ts';
import { isBase, pageSize } from './snapshot-policy.ts';
import type { StoredCommit } from './stored-commit.ts';
import { itemKey, logKey, type StoreTables } from './tables.ts';

export interface DynamoDbEventStoreOptions {
  /** Made by `createDynamoDbClient`, so that its calls end. Stays the caller's to destroy. */
  readonly client: DynamoDBClient;
  readonly tables: StoreTables;
  readonly clock: Clock;
  readonly random: Random;
  readonly retries?: RetryLimits;
}

/** One content under one token: the SDK's tries and ours after a conflict carry the same. */
interface Write {
  readonly commits: readonly StoredCommit[];
  readonly changes: readonly ItemChange[];
  readonly token: string;
}

/**
 * The log in DynamoDB: one item per commit, running totals as items of a second table. A lone commit is one conditional put at
 * one write unit per KB; commits with item changes are a transaction at two.
 *
 * It cannot notice that the version before is missing without reading: only who has read everything before writes a version.
 */
export class DynamoDbEventStore implements EventStore {
  readonly #client: DynamoDBClient;
  readonly #tables: StoreTables;
  readonly #calls: DynamoDbCalls;
  readonly #random: Random;

  constructor({ client, tables, clock, random, retries = retryLimits }: DynamoDbEventStoreOptions) {
    this.#client = client;
    this.#tables = tables;
    this.#random = random;
    this.#calls = new DynamoDbCalls(clock, random, retries);
  }

  async append(
    commits: readonly [Commit, ...Commit[]],
    changes: readonly ItemChange[],
    deadline: Deadline,
  ): Promise<AppendResult> {
    const stored = checkedAppend(commits, changes);
    let token = this.#random.id();
    return this.#calls.make(deadline, async (options) => {
      try {
        await this.#write({ commits: stored, changes, token }, options);
        return { outcome: 'appended' };
      } catch (error) {
        const answer = answerIn(error, stored, changes);
        if (answer) return answer;
        if (isTokenDisowned(error)) token = this.#random.id();
        throw error;
      }
    });
  }

  async read(stream: string, from: number, deadline: Deadline): Promise<readonly Commit[]> {
    const commits: Commit[] = [];
    const query: QueryCommandInput = {
      TableName: this.#tables.log,
      KeyConditionExpression: '#stream = :stream AND #version >= :from',
      ExpressionAttributeNames: { '#stream': logKey.partition, '#version': logKey.sort },
      ExpressionAttributeValues: { ':stream': attribute(stream), ':from': attribute(from) },
    };
    for await (const page of this.#pages(query, deadline)) commits.push(...page.map(commitOf));
    return commits;
  }

  async readOne(stream: string, version: number, deadline: Deadline): Promise<Commit | undefined> {
    const command = new GetItemCommand({
      TableName: this.#tables.log,
      Key: logKeyOf(stream, version),
      ConsistentRead: true,
    });
    const { Item: found } = await this.#calls.make(deadline, (options) =>
      this.#client.send(command, options),
    );
    return found && commitOf(found);
  }

  async readTail(stream: string, fingerprint: string, deadline: Deadline): Promise<readonly Commit[]> {
    const tail: Commit[] = [];
    const query: QueryCommandInput = {
      TableName: this.#tables.log,
      KeyConditionExpression: '#stream = :stream',
      ExpressionAttributeNames: { '#stream': logKey.partition },
      ExpressionAttributeValues: { ':stream': attribute(stream) },
      ScanIndexForward: false,
    };
    for await (const page of this.#pages(query, deadline, pageSize)) {
      for (const found of page) {
        const commit = commitOf(found);
        tail.push(commit);
        if (isBase(commit, fingerprint)) return tail.toReversed();
      }
    }
    return tail.toReversed();
  }

  async readItem(key: ItemKey, deadline: Deadline): Promise<Item | undefined> {
    const command = new GetItemCommand({
      TableName: this.#tables.items,
      Key: itemKeyOf(key),
      ConsistentRead: true,
    });
    const { Item: found } = await this.#calls.make(deadline, (options) =>
      this.#client.send(command, options),
    );
    return found && itemOf(found).item;
  }

  async readItems(owner: string, deadline: Deadline): Promise<ReadonlyMap<string, Item>> {
    const items = new Map<string, Item>();
    const query: QueryCommandInput = {
      TableName: this.#tables.items,
      KeyConditionExpression: '#owner = :owner',
      ExpressionAttributeNames: { '#owner': itemKey.partition },
      ExpressionAttributeValues: { ':owner': attribute(owner) },
    };
    for await (const page of this.#pages(query, deadline)) {
      for (const { name, item } of page.map(itemOf)) items.set(name, item);
    }
    return items;
  }

  /** A scan hands out a stream's items one after the other and in order, so the last one seen of a stream is its head. */
  async *heads(deadlineOf: () => Deadline): AsyncIterable<StreamHead> {
    let head: StreamHead | undefined;
    let start: Attributes | undefined;
    do {
      const command = new ScanCommand({
        TableName: this.#tables.log,
        ProjectionExpression: '#stream, #version',
        ExpressionAttributeNames: { '#stream': logKey.partition, '#version': logKey.sort },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      });
      const page = await this.#calls.make(deadlineOf(), (options) => this.#client.send(command, options));
      for (const { stream, version } of (page.Items ?? []).map(flat)) {
        if (head && head.stream !== stream) yield head;
        head = { stream: String(stream), version: Number(version) };
      }
      start = page.LastEvaluatedKey;
    } while (start);
    if (head) yield head;
  }

  async close(): Promise<void> {
    // Nothing is held open here: the client belongs to whoever made it.
  }

  async #write({ commits, changes, token }: Write, options: CallOptions): Promise<void> {
    const [first, ...others] = commits;
    const isAlone = first !== undefined && others.length === 0 && changes.length === 0;
    if (isAlone) {
      await this.#client.send(new PutItemCommand(this.#firstWrite(first)), options);
      return;
    }
    const puts = commits.map((commit): TransactWriteItem => ({ Put: this.#firstWrite(commit) }));
    const rest = changes.map((change) => transactionPart(this.#tables.items, change));
    await this.#client.send(
      new TransactWriteItemsCommand({ TransactItems: [...puts, ...rest], ClientRequestToken: token }),
      options,
    );
  }

  #firstWrite(commit: StoredCommit): Put {
    return {
      TableName: this.#tables.log,
      Item: commitAttributes(commit),
      ConditionExpression: 'attribute_not_exists(#stream)',
      ExpressionAttributeNames: { '#stream': logKey.partition },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
  }

  async *#pages(
    query: QueryCommandInput,
    deadline: Deadline,
    limitOf?: (pagesRead: number) => number,
  ): AsyncGenerator<readonly Attributes[]> {
    let start: Attributes | undefined;
    let pagesRead = 0;
    do {
      const command = new QueryCommand({
        ...query,
        ConsistentRead: true,
        Limit: limitOf?.(pagesRead),
        ExclusiveStartKey: start,
      });
      const page = await this.#calls.make(deadline, (options) => this.#client.send(command, options));
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
      pagesRead += 1;
    } while (start);
  }
}

function commitOf(found: Attributes): Commit {
  return decodeCommit(flat(found));
}
