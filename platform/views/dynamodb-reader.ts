import type { Deadline } from '../deadline/deadline.ts';
import { type Attributes, flat } from '../event-store/dynamodb-attributes.ts';
import type { Activity } from './activity.ts';
import { activityRange } from './activity-query.ts';
import * as items from './dynamodb-items.ts';
import { activityListing, listing, openListing } from './dynamodb-listings.ts';
import type { ViewsTable } from './dynamodb-table.ts';
import { checkedQuery } from './order-query.ts';
import type { OrderRow } from './order-row.ts';
import type {
  ActivityQuery,
  OpenOrdersPage,
  OpenOrdersQuery,
  OrderQuery,
  PositionRow,
  ViewReader,
} from './port.ts';
import { positionRow } from './position-row.ts';
import { storedActivity, storedPosition, storedRow } from './stored-json.ts';

/** The lists in a table of their own, for who only reads them. */
export class DynamoDbViewReader implements ViewReader {
  readonly #table: ViewsTable;

  constructor(table: ViewsTable) {
    this.#table = table;
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
}

function positionFrom(item: Attributes): PositionRow {
  return positionRow(storedPosition(flat(item)['body']));
}
