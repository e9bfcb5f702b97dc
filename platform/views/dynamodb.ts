import { ConditionalCheckFailedException, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Advance, Parked, Progress, Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { type Attributes, attribute, flat } from '../event-store/dynamodb-attributes.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { Random } from '../random/random.ts';
import * as items from './dynamodb-items.ts';
import { ViewsTable, type ViewsTableOptions } from './dynamodb-table.ts';
import { settlePosition, writeAdvance } from './dynamodb-writes.ts';
import type { Activity } from './activity.ts';
import { activityRange } from './activity-query.ts';
import { activityListing, listing } from './dynamodb-listings.ts';
import { checkedQuery } from './order-query.ts';
import type { OrderRow } from './order-row.ts';
import type { ActivityQuery, OrderQuery, PositionRow, Views } from './port.ts';
import { positionRow } from './position-row.ts';
import type { ViewEffect } from './projection.ts';
import { storedActivity, storedPosition, storedRow } from './stored-json.ts';
import { viewsKey } from './tables.ts';

const writesAtOnce = 8;

/** The views in a table of their own, beside the log's. Keys: see `dynamodb-items.ts`. */
export class DynamoDbViews implements Views {
  readonly savesMarks = false;
  readonly #table: ViewsTable;
  readonly #random: Random;
  /** True at first: another process may have put something off. */
  #maybeStale = true;

  constructor(options: ViewsTableOptions) {
    this.#table = new ViewsTable(options);
    this.#random = options.random;
  }

  async progress(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Progress>> {
    const byKey = new Map(streams.map((stream) => [items.cursorKey(stream).pk, stream]));
    const found = await this.#table.getAll(streams.map(items.cursorKey), deadline);
    return new Map(
      found.map((item) => {
        const { [viewsKey.partition]: pk, applied, memory } = flat(item);
        const stream = byKey.get(String(pk));
        if (stream === undefined || typeof applied !== 'number' || typeof memory !== 'string')
          throw new CorruptCommit(`the cursor ${String(pk)} is not what was written`);
        return [stream, { applied, memory: JSON.parse(memory) }];
      }),
    );
  }

  async write(advances: readonly Advance<ViewEffect>[], deadline: Deadline): Promise<readonly Written[]> {
    const written: Written[] = [];
    for (let next = 0; next < advances.length; next += writesAtOnce) {
      const some = advances.slice(next, next + writesAtOnce);
      // All of them end before one's failure is told: nothing is written behind the caller's back.
      const settled = await Promise.allSettled(
        some.map((advance) => writeAdvance(this.#table, this.#random, advance, deadline)),
      );
      for (const one of settled) {
        // What failed may have been written all the same.
        this.#maybeStale ||= one.status === 'rejected' || one.value.isPutOff;
      }
      for (const one of settled) {
        if (one.status === 'rejected') throw one.reason;
        written.push(one.value.result);
      }
    }
    return written;
  }

  async settle(deadline: Deadline): Promise<void> {
    if (!this.#maybeStale) return;
    this.#maybeStale = false;
    try {
      for await (const item of this.#table.partition(items.stalePartition, deadline)) {
        const { account, symbol } = flat(item);
        const whose = { accountId: String(account), symbol: String(symbol) };
        await settlePosition(this.#table, this.#random, whose, deadline);
      }
    } catch (error) {
      this.#maybeStale = true;
      throw error;
    }
  }

  async orders(query: OrderQuery, deadline: Deadline): Promise<readonly OrderRow[]> {
    const { limit } = checkedQuery(query);
    if (query.symbols?.length === 0) return [];
    const rows: OrderRow[] = [];
    for await (const page of this.#table.pages(listing(query), deadline)) {
      rows.push(...page.map((item) => storedRow(flat(item)['body'])));
      if (rows.length >= limit) break;
    }
    return rows.slice(0, limit);
  }

  async position(accountId: string, symbol: string, deadline: Deadline): Promise<PositionRow | undefined> {
    const item = await this.#table.get(items.positionKey({ accountId, symbol }), deadline);
    return item && positionFrom(item);
  }

  async positions(accountId: string, deadline: Deadline): Promise<readonly PositionRow[]> {
    const rows: PositionRow[] = [];
    for await (const item of this.#table.partition(items.positionsOf(accountId), deadline))
      rows.push(positionFrom(item));
    return rows;
  }

  async activities(query: ActivityQuery, deadline: Deadline): Promise<readonly Activity[]> {
    const { from, to } = activityRange(query);
    if (query.types?.length === 0 || from >= to) return [];
    const found: Activity[] = [];
    for await (const page of this.#table.pages(activityListing(query), deadline)) {
      const activities = page.map((item) => storedActivity(flat(item)['body']));
      found.push(...activities.filter(({ id }) => id < to));
      if (found.length >= query.limit) break;
    }
    return found.slice(0, query.limit);
  }

  async park(consumer: string, parked: Parked, deadline: Deadline): Promise<'parked' | 'known'> {
    const command = new PutItemCommand({
      TableName: this.#table.name,
      Item: items.parkedItem(consumer, parked),
      ConditionExpression: 'attribute_not_exists(#pk) OR #version <> :version',
      ExpressionAttributeNames: { '#pk': viewsKey.partition, '#version': 'version' },
      ExpressionAttributeValues: { ':version': attribute(parked.version) },
    });
    return this.#table.call(deadline, async (options) => {
      try {
        await this.#table.client.send(command, options);
        return 'parked';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'known';
        throw error;
      }
    });
  }

  async parked(consumer: string, deadline: Deadline): Promise<readonly Parked[]> {
    const entries: Parked[] = [];
    for await (const item of this.#table.partition(items.parkedOf(consumer), deadline))
      entries.push(items.parkedFrom(item));
    return entries;
  }

  async unpark(consumer: string, stream: string, deadline: Deadline): Promise<void> {
    const command = new DeleteItemCommand({
      TableName: this.#table.name,
      Key: items.keyAttributes({ pk: items.parkedOf(consumer), sk: encodeURIComponent(stream) }),
    });
    await this.#table.call(deadline, (options) => this.#table.client.send(command, options));
  }

  async clear(deadline: Deadline): Promise<void> {
    await this.#table.clear(items.parkedPrefix, deadline);
  }
}

function positionFrom(item: Attributes): PositionRow {
  return positionRow(storedPosition(flat(item)['body']));
}
