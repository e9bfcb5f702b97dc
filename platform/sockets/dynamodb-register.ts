import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { entriesOf } from '../account-feed/dynamodb-items.ts';
import { entriesPrefix } from '../account-feed/names.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { type Attributes, attribute, attributes, flat } from '../event-store/dynamodb-attributes.ts';
import { accountFeedPrefix, type Key, keyAttributes } from '../views/dynamodb-items.ts';
import { ViewsTable, type ViewsTableOptions } from '../views/dynamodb-table.ts';
import { viewsKey } from '../views/tables.ts';
import type { SocketEntry, SocketListener, SocketRegister, WatchedSocket } from './port.ts';

/**
 * Beside the feeds, in the views' table:
 *
 * | item       | partition                    | sort              |
 * |------------|------------------------------|-------------------|
 * | connection | `feed#socket#<connection>`   | `socket`          |
 * | presence   | `feed#sockets#<account>`     | `<connection>`    |
 * | listener   | `feed#entries#<account>`     | `!<connection>`   |
 * | watched    | `feed#sockets-watched`       | `<connection>`    |
 *
 * A listener is in the partition of the entries it is to be told, before the first of them. A change feed keeps the order within a
 * partition, so whoever follows it sees a listener come and the entries after, one after the other and never two at a time.
 */
const part = encodeURIComponent;
const listenerMark = '!';

const socketKey = (id: string): Key => ({ pk: `${accountFeedPrefix}socket#${part(id)}`, sk: 'socket' });
const watchedPartition = `${accountFeedPrefix}sockets-watched`;
const watchedKey = ({ connectionId }: SocketEntry): Key => ({ pk: watchedPartition, sk: part(connectionId) });
const presentIn = (account: string): string => `${accountFeedPrefix}sockets#${part(account)}`;
const listenerKey = ({ accountId, connectionId }: SocketEntry): Key => ({
  pk: entriesOf(accountId),
  sk: `${listenerMark}${part(connectionId)}`,
});

/** API Gateway ends every connection after two hours; a little more for clocks that differ. */
const goneAfterMs = 125 * 60_000;

export class DynamoDbSocketRegister implements SocketRegister {
  readonly #table: ViewsTable;
  readonly #clock: Clock;

  constructor(options: ViewsTableOptions) {
    this.#table = new ViewsTable(options);
    this.#clock = options.clock;
  }

  async opened(entry: SocketEntry, deadline: Deadline): Promise<void> {
    const { name: TableName, client } = this.#table;
    const keys = [
      socketKey(entry.connectionId),
      presenceKey(entry),
      ...(entry.isWatched ? [watchedKey(entry)] : []),
    ];
    const puts = keys.map((key) => ({ Put: { TableName, Item: itemOf(key, entry) } }));
    const command = new TransactWriteItemsCommand({ TransactItems: puts });
    await this.#table.call(deadline, (options) => client.send(command, options));
  }

  async find(connectionId: string, deadline: Deadline): Promise<SocketEntry | undefined> {
    const item = await this.#table.get(socketKey(connectionId), deadline);
    return item && entryFrom(item);
  }

  async ofAccount(accountId: string, deadline: Deadline): Promise<readonly SocketEntry[]> {
    const found: SocketEntry[] = [];
    for await (const item of this.#table.partition(presentIn(accountId), deadline))
      found.push(entryFrom(item));
    const isGone = ({ openedAtMs }: SocketEntry) => this.#clock.now() / 1_000 - openedAtMs > goneAfterMs;
    for (const entry of found.filter(isGone))
      await (entry.isWatched ? this.left(entry, deadline) : this.closed(entry, deadline));
    return found.filter((entry) => !isGone(entry));
  }

  /** Deleted first: what is put where something was is no new item, and wakes nobody. */
  async listens(listener: SocketListener, deadline: Deadline): Promise<void> {
    await this.stopsListening(listener, deadline);
    const { name: TableName, client } = this.#table;
    const Item = itemOf(listenerKey(listener), listener);
    const command = new PutItemCommand({ TableName, Item });
    await this.#table.call(deadline, (options) => client.send(command, options));
  }

  async stopsListening(entry: SocketEntry, deadline: Deadline): Promise<void> {
    await this.#delete(listenerKey(entry), deadline);
  }

  async listener(entry: SocketEntry, deadline: Deadline): Promise<SocketListener | undefined> {
    const item = await this.#table.get(listenerKey(entry), deadline);
    return item && listenerFrom(item);
  }

  async listeners(accountId: string, deadline: Deadline): Promise<readonly SocketListener[]> {
    const query = {
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :mark)',
      ExpressionAttributeNames: { '#pk': viewsKey.partition, '#sk': viewsKey.sort },
      ExpressionAttributeValues: {
        ':pk': attribute(entriesOf(accountId)),
        ':mark': attribute(listenerMark),
      },
    };
    const found: SocketListener[] = [];
    for await (const page of this.#table.pages(query, deadline)) found.push(...page.map(listenerFrom));
    return found;
  }

  async hasBeenTold(listener: SocketListener, told: number, deadline: Deadline): Promise<boolean> {
    const { name: TableName, client } = this.#table;
    const command = new UpdateItemCommand({
      TableName,
      Key: keyAttributes(listenerKey(listener)),
      UpdateExpression: 'SET #told = :told',
      ConditionExpression: '#told = :before',
      ExpressionAttributeNames: { '#told': 'told' },
      ExpressionAttributeValues: { ':told': attribute(told), ':before': attribute(listener.told) },
    });
    return this.#table.call(deadline, (options) => ifStill(client.send(command, options)));
  }

  async *watched(deadline: Deadline): AsyncGenerator<WatchedSocket> {
    for await (const item of this.#table.partition(watchedPartition, deadline))
      yield { ...entryFrom(item), isMissed: flat(item)['missed'] !== undefined };
  }

  async missed(entry: SocketEntry, deadline: Deadline): Promise<void> {
    const { name: TableName, client } = this.#table;
    const command = new UpdateItemCommand({
      TableName,
      Key: keyAttributes(watchedKey(entry)),
      UpdateExpression: 'SET #missed = :missed',
      // Whoever is done with it meanwhile has taken it away.
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#missed': 'missed', '#pk': viewsKey.partition },
      ExpressionAttributeValues: { ':missed': attribute(1) },
    });
    await this.#table.call(deadline, (options) => ifStill(client.send(command, options)));
  }

  async left(entry: SocketEntry, deadline: Deadline): Promise<void> {
    for (const key of [listenerKey(entry), presenceKey(entry)]) await this.#delete(key, deadline);
  }

  /** What makes it known goes last, so that a try that was cut short is found and done again. */
  async closed(entry: SocketEntry, deadline: Deadline): Promise<void> {
    await this.left(entry, deadline);
    if (entry.isWatched) await this.#delete(watchedKey(entry), deadline);
    await this.#delete(socketKey(entry.connectionId), deadline);
  }

  #delete(key: Key, deadline: Deadline): Promise<void> {
    return this.#table.deleteAll([keyAttributes(key)], deadline);
  }
}

/** The account whose feed a record of the table's change feed is about, where whoever tells listeners has something to do: a new entry, or a new listener. */
export function accountToTell(record: {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | { readonly Keys?: Readonly<Record<string, { readonly S?: string | undefined }>> | undefined }
    | undefined;
}): string | undefined {
  if (record.eventName !== 'INSERT') return undefined;
  const pk = record.dynamodb?.Keys?.[viewsKey.partition]?.S;
  return pk?.startsWith(entriesPrefix) ? decodeURIComponent(pk.slice(entriesPrefix.length)) : undefined;
}

/** False: it was not any more as the condition says. */
async function ifStill(update: Promise<unknown>): Promise<boolean> {
  try {
    await update;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function presenceKey({ accountId, connectionId }: SocketEntry): Key {
  return { pk: presentIn(accountId), sk: part(connectionId) };
}

function itemOf(key: Key, { isWatched, ...rest }: SocketEntry | SocketListener): Attributes {
  return { ...keyAttributes(key), ...attributes({ ...rest, watched: Number(isWatched) }) };
}

function entryFrom(item: Attributes): SocketEntry {
  const { connectionId, accountId, keyId, openedAtMs, watched } = flat(item);
  return {
    connectionId: String(connectionId),
    accountId: String(accountId),
    keyId: String(keyId),
    openedAtMs: Number(openedAtMs),
    isWatched: watched === 1,
  };
}

function listenerFrom(item: Attributes): SocketListener {
  return { ...entryFrom(item), told: Number(flat(item)['told']) };
}
