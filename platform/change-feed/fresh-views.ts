import type { Clock } from '../clock/clock.ts';
import { type Deadline, deadlineIn, remainingMs } from '../deadline/deadline.ts';
import type { Activity } from '../views/activity.ts';
import type { OrderRow } from '../views/order-row.ts';
import type {
  ActivityQuery,
  OpenOrdersPage,
  OpenOrdersQuery,
  OrderQuery,
  PositionRow,
  ViewReader,
} from '../views/port.ts';
import type { LocalChangeFeed } from './local.ts';

/** How long a list waits for the log's latest at most; then it shows what there is. */
export const freshnessMs = 250;

/** Views whose feed runs in this process: what was answered before is in every list asked for after, if that takes no longer than a moment. */
export class FreshViews implements ViewReader {
  readonly #views: ViewReader;
  readonly #feed: Pick<LocalChangeFeed, 'caughtUp'>;
  readonly #clock: Clock;

  constructor(views: ViewReader, feed: Pick<LocalChangeFeed, 'caughtUp'>, clock: Clock) {
    this.#views = views;
    this.#feed = feed;
    this.#clock = clock;
  }

  async orders(query: OrderQuery, deadline: Deadline): Promise<readonly OrderRow[]> {
    await this.#fresh(deadline);
    return this.#views.orders(query, deadline);
  }

  async openAccounts(deadline: Deadline): Promise<readonly string[]> {
    await this.#fresh(deadline);
    return this.#views.openAccounts(deadline);
  }

  async position(accountId: string, symbol: string, deadline: Deadline): Promise<PositionRow | undefined> {
    await this.#fresh(deadline);
    return this.#views.position(accountId, symbol, deadline);
  }

  async positions(accountId: string, deadline: Deadline): Promise<readonly PositionRow[]> {
    await this.#fresh(deadline);
    return this.#views.positions(accountId, deadline);
  }

  async openOrders(query: OpenOrdersQuery, deadline: Deadline): Promise<OpenOrdersPage> {
    await this.#fresh(deadline);
    return this.#views.openOrders(query, deadline);
  }

  async activities(query: ActivityQuery, deadline: Deadline): Promise<readonly Activity[]> {
    await this.#fresh(deadline);
    return this.#views.activities(query, deadline);
  }

  /** Never more than half of what the caller has left. */
  async #fresh(deadline: Deadline): Promise<void> {
    const left = remainingMs(deadline, this.#clock) / 2;
    await this.#feed.caughtUp(deadlineIn(Math.min(freshnessMs, left), this.#clock));
  }
}
