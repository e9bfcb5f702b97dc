import type { Advance, Progress, Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { type Attributes, flat } from '../event-store/dynamodb-attributes.ts';
import type { Random } from '../random/random.ts';
import * as items from './dynamodb-items.ts';
import { DynamoDbParking } from './dynamodb-parking.ts';
import { ViewsTable, type ViewsTableOptions } from './dynamodb-table.ts';
import { storedProgress } from './dynamodb-cursors.ts';
import { settlePosition, writeAdvance } from './dynamodb-writes.ts';
import type { Activity } from './activity.ts';
import { activityRange } from './activity-query.ts';
import { activityListing, listing, openListing } from './dynamodb-listings.ts';
import { checkedQuery } from './order-query.ts';
import type { OrderRow } from './order-row.ts';
import type {
  ActivityQuery,
  OpenOrdersPage,
  OpenOrdersQuery,
  OrderQuery,
  PositionRow,
  Views,
} from './port.ts';
import { positionRow } from './position-row.ts';
import type { ViewEffect } from './projection.ts';
import { storedActivity, storedPosition, storedRow } from './stored-json.ts';

const writesAtOnce = 8;

/** The views in a table of their own, beside the log's. Keys: see `dynamodb-items.ts`. */
export class DynamoDbViews extends DynamoDbParking implements Views {
  readonly savesMarks = false;
  readonly #table: ViewsTable;
  readonly #random: Random;
  /** True at first: another process may have put something off. */
  #maybeStale = true;

  constructor(options: ViewsTableOptions) {
    const table = new ViewsTable(options);
    super(table);
    this.#table = table;
    this.#random = options.random;
  }

  async progress(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Progress>> {
    return storedProgress(this.#table, streams, items.cursorKey, deadline);
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

  /** A scan of the index of open orders, which holds nothing else. */
  async openAccounts(deadline: Deadline): Promise<readonly string[]> {
    const accounts = new Set<string>();
    for await (const partition of this.#table.openPartitions(deadline)) {
      const account = items.accountOfOrders(partition);
      if (account !== undefined) accounts.add(account);
    }
    return [...accounts];
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

  async openOrders(query: OpenOrdersQuery, deadline: Deadline): Promise<OpenOrdersPage> {
    const { found, next } = await this.#table.page(openListing(query), query.after, deadline);
    const rows = found.map((item) => storedRow(flat(item)['body']));
    return { rows, ...(next !== undefined && { next }) };
  }

  async clear(deadline: Deadline): Promise<void> {
    await this.#table.clear(items.keptPrefixes, deadline);
  }
}

function positionFrom(item: Attributes): PositionRow {
  return positionRow(storedPosition(flat(item)['body']));
}
