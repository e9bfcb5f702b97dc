import type { Advance, Progress, Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { flat } from '../event-store/dynamodb-attributes.ts';
import type { Random } from '../random/random.ts';
import * as items from './dynamodb-items.ts';
import { DynamoDbParking } from './dynamodb-parking.ts';
import { DynamoDbViewReader } from './dynamodb-reader.ts';
import { ViewsTable, type ViewsTableOptions } from './dynamodb-table.ts';
import { storedProgress } from './dynamodb-cursors.ts';
import { settlePosition, writeAdvance } from './dynamodb-writes.ts';
import type { Activity } from './activity.ts';
import type { OrderRow } from './order-row.ts';
import type {
  ActivityQuery,
  OpenOrdersPage,
  OpenOrdersQuery,
  OrderQuery,
  PositionRow,
  Views,
} from './port.ts';
import type { ViewEffect } from './projection.ts';

const writesAtOnce = 8;

/** The views in a table of their own, beside the log's. Keys: see `dynamodb-items.ts`. */
export class DynamoDbViews extends DynamoDbParking implements Views {
  readonly savesMarks = false;
  readonly #table: ViewsTable;
  readonly #reader: DynamoDbViewReader;
  readonly #random: Random;

  constructor(options: ViewsTableOptions) {
    const table = new ViewsTable(options);
    super(table);
    this.#table = table;
    this.#reader = new DynamoDbViewReader(table);
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
        if (one.status === 'rejected') throw one.reason;
        written.push(one.value);
      }
    }
    return written;
  }

  /** Looked for each time: another process may have put something off and not have come to it. */
  async settle(deadline: Deadline): Promise<void> {
    for await (const item of this.#table.partition(items.stalePartition, deadline)) {
      const { account, symbol } = flat(item);
      const whose = { accountId: String(account), symbol: String(symbol) };
      await settlePosition(this.#table, this.#random, whose, deadline);
    }
  }

  orders(query: OrderQuery, deadline: Deadline): Promise<readonly OrderRow[]> {
    return this.#reader.orders(query, deadline);
  }

  openAccounts(deadline: Deadline): Promise<readonly string[]> {
    return this.#reader.openAccounts(deadline);
  }

  position(accountId: string, symbol: string, deadline: Deadline): Promise<PositionRow | undefined> {
    return this.#reader.position(accountId, symbol, deadline);
  }

  positions(accountId: string, deadline: Deadline): Promise<readonly PositionRow[]> {
    return this.#reader.positions(accountId, deadline);
  }

  activities(query: ActivityQuery, deadline: Deadline): Promise<readonly Activity[]> {
    return this.#reader.activities(query, deadline);
  }

  openOrders(query: OpenOrdersQuery, deadline: Deadline): Promise<OpenOrdersPage> {
    return this.#reader.openOrders(query, deadline);
  }

  async clear(deadline: Deadline): Promise<void> {
    await this.#table.clear(items.keptPrefixes, deadline);
  }
}
