import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Timestamp } from '../../domain/values/time.ts';
import { ConsumerContended } from '../consumer/errors.ts';
import type { Advance, Progress, Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { attribute, flat } from '../event-store/dynamodb-attributes.ts';
import type { Random } from '../random/random.ts';
import { guardedPut, putCursor, sendAdvance, storedProgress } from '../views/dynamodb-cursors.ts';
import { DynamoDbParking } from '../views/dynamodb-parking.ts';
import { ViewsTable, type ViewsTableOptions } from '../views/dynamodb-table.ts';
import { viewsKey } from '../views/tables.ts';
import * as items from './dynamodb-items.ts';
import { EntryListeners } from './entry-listeners.ts';
import { type Numbered, numbered, symbolsIn } from './numbering.ts';
import type { AccountFeed, FeedEntry } from './port.ts';
import type { FeedEffect } from './projection.ts';
import { checkedLimit, lastBefore } from './search.ts';

const accountsAtOnce = 8;
/** Other orders of the account may be numbered meanwhile. */
const attemptsMax = 16;

/** The feeds in the views' table. Numbers follow the order in which commits arrive: there is no other in the cloud. */
export class DynamoDbAccountFeed extends DynamoDbParking implements AccountFeed {
  readonly savesMarks = false;
  readonly #table: ViewsTable;
  readonly #random: Random;
  readonly #listeners = new EntryListeners();

  constructor(options: ViewsTableOptions) {
    const table = new ViewsTable(options);
    super(table);
    this.#table = table;
    this.#random = options.random;
  }

  progress(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Progress>> {
    return storedProgress(this.#table, streams, items.cursorKey, deadline);
  }

  /** Accounts side by side, what is of one account one after the other: they would only get into each other's way. */
  async write(advances: readonly Advance<FeedEffect>[], deadline: Deadline): Promise<readonly Written[]> {
    const written = new Map<Advance<FeedEffect>, Written>();
    const lines = [...Map.groupBy(advances, accountOf).values()];
    for (let next = 0; next < lines.length; next += accountsAtOnce) {
      const some = lines.slice(next, next + accountsAtOnce);
      // All of them end before one's failure is told: nothing is written behind the caller's back.
      const ended = await Promise.allSettled(
        some.map(async (line) => {
          for (const advance of line) written.set(advance, await this.#writeOne(advance, deadline));
        }),
      );
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    }
    return advances.map((advance) => written.get(advance) ?? 'conflict');
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async entriesAfter(
    accountId: string,
    number: number,
    limit: number,
    deadline: Deadline,
  ): Promise<readonly FeedEntry[]> {
    const query = {
      KeyConditionExpression: '#pk = :pk AND #sk > :after',
      ExpressionAttributeNames: { '#pk': viewsKey.partition, '#sk': viewsKey.sort },
      ExpressionAttributeValues: {
        ':pk': attribute(items.entriesOf(accountId)),
        ':after': attribute(items.entryKey(accountId, number).sk),
      },
      Limit: checkedLimit(limit),
    };
    const entries: FeedEntry[] = [];
    for await (const page of this.#table.pages(query, deadline)) {
      entries.push(...page.map(items.entryFrom));
      if (entries.length >= limit) break;
    }
    return entries.slice(0, limit);
  }

  async numberBefore(accountId: string, time: Timestamp, deadline: Deadline): Promise<number> {
    const timeOf = async (number: number) => {
      const item = await this.#table.get(items.entryKey(accountId, number), deadline);
      return Number(item && flat(item)['time']);
    };
    return lastBefore(time, await this.latest(accountId, deadline), timeOf);
  }

  async latest(accountId: string, deadline: Deadline): Promise<number> {
    return items.headFrom(accountId, await this.#table.get(items.headKey(accountId), deadline)).latest;
  }

  onEntries(listener: (accountIds: readonly string[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  async #writeOne(advance: Advance<FeedEffect>, deadline: Deadline): Promise<Written> {
    const accountId = accountOf(advance);
    const about = advance.effects.filter((effect) => effect.accountId !== undefined);
    const cursor = putCursor(this.#table.name, items.cursorKey(advance.stream), advance);
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const made = accountId === undefined ? undefined : await this.#numbered(accountId, about, deadline);
      const parts = [cursor, ...(made ? this.#parts(made) : [])];
      const result = await sendAdvance(this.#table, this.#random, parts, deadline);
      if (result === 'moved') continue;
      if (result === 'written' && accountId !== undefined && (made?.entries.length ?? 0) > 0)
        this.#listeners.tell([accountId]);
      return result;
    }
    throw new ConsumerContended(`${advance.stream}: the feed of its account kept growing`);
  }

  async #numbered(accountId: string, about: readonly FeedEffect[], deadline: Deadline): Promise<Numbered> {
    const symbols = [...symbolsIn(about)];
    const keys = [items.headKey(accountId), ...symbols.map((symbol) => items.holdingKey(accountId, symbol))];
    const found = (await this.#table.getAll(keys, deadline)).map((item) => ({ item, flat: flat(item) }));
    const head = found.find((one) => one.flat['revision'] !== undefined)?.item;
    const held = found
      .filter((one) => one.flat['symbol'] !== undefined)
      .map((one): [string, string] => [String(one.flat['symbol']), String(one.flat['quantity'])]);
    return numbered(items.headFrom(accountId, head), about, new Map(held));
  }

  /** The head last: its condition guards the rest. */
  #parts({ head, entries, moved }: Numbered): TransactWriteItem[] {
    const { name: TableName } = this.#table;
    const { accountId, revision } = head;
    const holdings = [...moved].map(([symbol, quantity]) => items.holdingItem(accountId, symbol, quantity));
    const puts = [...entries.map(items.entryItem), ...holdings].map((Item) => ({ Put: { TableName, Item } }));
    const guard = { counter: 'revision', before: revision - 1 };
    return [...puts, guardedPut(TableName, items.headItem(head), guard)];
  }
}

function accountOf({ effects }: Advance<FeedEffect>): string | undefined {
  return effects.find(({ accountId }) => accountId !== undefined)?.accountId;
}
