import { SqliteEffects } from '../consumer/sqlite-effects.ts';
import type { SqliteConsumerFile } from '../consumer/sqlite-file.ts';
import type { ActivityQuery, OpenOrdersQuery, OrderQuery, Views } from './port.ts';
import { changedPosition, emptyPosition, recomputed } from './position.ts';
import { type ViewEffect, viewProjection } from './projection.ts';
import { SqliteViewReader } from './sqlite-reader.ts';
import { ViewStatements, viewTables } from './sqlite-statements.ts';
import { storedPosition, storedTrade } from './stored-json.ts';
import type { Trade, TradeChange } from './trade.ts';

/** The views in the consumers' file. */
export class SqliteViews extends SqliteEffects<ViewEffect> implements Views {
  readonly #statements: ViewStatements;
  readonly #reader: SqliteViewReader;
  /** True at first: another process may have put something off. */
  #maybeStale = true;

  constructor(file: SqliteConsumerFile) {
    file.prepare(viewTables, viewProjection.name);
    super(file, viewProjection.name);
    this.#statements = new ViewStatements(file.database);
    this.#reader = new SqliteViewReader(file.database);
  }

  orders(query: OrderQuery) {
    return this.#reader.orders(query);
  }

  openAccounts() {
    return this.#reader.openAccounts();
  }

  position(accountId: string, symbol: string) {
    return this.#reader.position(accountId, symbol);
  }

  positions(accountId: string) {
    return this.#reader.positions(accountId);
  }

  openOrders(query: OpenOrdersQuery) {
    return this.#reader.openOrders(query);
  }

  activities(query: ActivityQuery) {
    return this.#reader.activities(query);
  }

  override async settle(): Promise<void> {
    if (!this.#maybeStale) return;
    this.#maybeStale = false;
    try {
      for (const { account, symbol } of this.#statements.stalePositions())
        this.file.transaction(() => this.#recompute(String(account), String(symbol)));
    } catch (error) {
      this.#maybeStale = true;
      throw error;
    }
  }

  async clear(): Promise<void> {
    this.file.transaction(() => {
      this.#statements.clear();
      this.uncover();
    });
  }

  protected override apply(effects: readonly ViewEffect[]): void {
    const trades = effects.flatMap((effect) => effect.trades);
    const byPosition = Map.groupBy(trades, ({ accountId, symbol }) => JSON.stringify([accountId, symbol]));
    for (const changes of byPosition.values()) this.#applyTrades(changes);
    // Only the last shape of a row is worth writing.
    const rows = new Map(effects.flatMap((effect) => effect.rows.map((row) => [row.id, row])));
    for (const row of rows.values()) this.#statements.putOrder(row);
    for (const one of effects.flatMap(({ activities }) => activities)) this.#statements.putActivity(one);
  }

  /** Of one account and symbol, so one position. */
  #applyTrades(changes: readonly TradeChange[]): void {
    const [first] = changes;
    if (!first) return;
    const { accountId, symbol } = first;
    const row = this.#statements.position(accountId, symbol);
    const before = row ? storedPosition(row['body']) : emptyPosition(first);
    const hasLater = (trade: Trade) => this.#statements.hasLater(before, trade);
    const change = changedPosition(before, changes, hasLater, () => this.#trades(accountId, symbol));
    for (const trade of change.deletes) this.#statements.deleteTrade(before, trade);
    for (const trade of change.puts) this.#statements.putTrade(before, trade);
    this.#statements.putPosition(change.position);
    this.#maybeStale ||= change.position.isStale === true;
  }

  #trades(accountId: string, symbol: string): readonly Trade[] {
    return this.#statements.trades(accountId, symbol).map(({ body }) => storedTrade(body));
  }

  #recompute(accountId: string, symbol: string): void {
    const before = storedPosition(this.#statements.position(accountId, symbol)?.['body']);
    if (!before.isStale) return;
    const { position } = recomputed(before, this.#trades(accountId, symbol), []);
    this.#statements.putPosition(position);
  }
}
