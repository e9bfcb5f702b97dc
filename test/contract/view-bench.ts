import type { OrderRow } from '../../platform/views/order-row.ts';
import type { Activity } from '../../platform/views/activity.ts';
import {
  activitiesMax,
  type ActivityQuery,
  type OrderQuery,
  ordersMax,
  type PositionRow,
  type Views,
} from '../../platform/views/port.ts';
import { type ViewEffect, viewProjection } from '../../platform/views/projection.ts';
import type { StreamFold } from '../../platform/views/stream-fold.ts';
import { type ConsumerAdapter, ConsumerBench } from './consumer-bench.ts';

export type ViewAdapter = ConsumerAdapter<Views>;

export class ViewBench extends ConsumerBench<StreamFold, ViewEffect, Views> {
  constructor(adapter: ViewAdapter) {
    super(adapter, viewProjection);
  }

  get views(): Views {
    return this.kept;
  }

  activities(accountId: string, query: Partial<ActivityQuery> = {}): Promise<readonly Activity[]> {
    const all: ActivityQuery = { accountId, direction: 'asc', limit: activitiesMax };
    return this.views.activities({ ...all, ...query }, this.deadline);
  }

  list(accountId: string, query: Partial<OrderQuery> = {}): Promise<readonly OrderRow[]> {
    const all: OrderQuery = { accountId, status: 'all', direction: 'desc', limit: ordersMax };
    return this.views.orders({ ...all, ...query }, this.deadline);
  }

  async ids(accountId: string, query: Partial<OrderQuery> = {}): Promise<readonly string[]> {
    return (await this.list(accountId, query)).map(({ id }) => id);
  }

  position(accountId: string, symbol = 'ACME'): Promise<PositionRow | undefined> {
    return this.views.position(accountId, symbol, this.deadline);
  }
}
