import type { DatabaseSync } from 'node:sqlite';
import { inFile } from '../consumer/file-use.ts';
import type { Activity } from './activity.ts';
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
import { ViewStatements } from './sqlite-statements.ts';
import { storedActivity, storedPosition, storedRow } from './stored-json.ts';

/** The lists from the consumers' file, on any connection to it. */
export class SqliteViewReader implements ViewReader {
  readonly #database: DatabaseSync;
  readonly #statements: ViewStatements;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = new ViewStatements(database);
  }

  async orders(query: OrderQuery): Promise<readonly OrderRow[]> {
    const { symbols, limit, direction } = checkedQuery(query);
    const rows = this.#reading(() =>
      symbols
        ? [...new Set(symbols)].flatMap((symbol) => this.#statements.orders(query, symbol))
        : this.#statements.orders(query),
    );
    const found = rows.map(({ body }) => storedRow(body));
    if (!symbols || symbols.length < 2) return found;
    const sign = direction === 'asc' ? 1 : -1;
    return found.toSorted((a, b) => sign * bySubmission(a, b)).slice(0, limit);
  }

  async openAccounts(): Promise<readonly string[]> {
    return this.#reading(() => this.#statements.openAccounts()).map(({ account }) => String(account));
  }

  async position(accountId: string, symbol: string): Promise<PositionRow | undefined> {
    const row = this.#reading(() => this.#statements.position(accountId, symbol));
    return row && positionRow(storedPosition(row['body']));
  }

  async positions(accountId: string): Promise<readonly PositionRow[]> {
    const rows = this.#reading(() => this.#statements.positions(accountId));
    return rows.map(({ body }) => positionRow(storedPosition(body)));
  }

  async openOrders(query: OpenOrdersQuery): Promise<OpenOrdersPage> {
    const found = this.#reading(() => this.#statements.openOrders(query, placeOf(query.after)));
    const rows = found.map(({ body }) => storedRow(body));
    const last = rows.length < query.limit ? undefined : rows.at(-1);
    return { rows, ...(last && { next: `${last.submittedAt} ${last.accountId} ${last.id}` }) };
  }

  async activities(query: ActivityQuery): Promise<readonly Activity[]> {
    return this.#reading(() => this.#statements.activities(query)).map(({ body }) => storedActivity(body));
  }

  #reading<Result>(work: () => Result): Result {
    return inFile(this.#database, work);
  }
}

function bySubmission(a: OrderRow, b: OrderRow): number {
  return a.submittedAt - b.submittedAt || (a.id < b.id ? -1 : 1);
}

/** Where a page of open orders begins. Account ids hold no blank. */
function placeOf(after = '0  '): readonly [string, number, string] {
  const [submittedAt, account = '', ...id] = after.split(' ');
  return [account, Number(submittedAt), id.join(' ')];
}
