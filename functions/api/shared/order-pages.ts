import { timestamp } from '../../../domain/values/time.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { OrderRow } from '../../../platform/views/order-row.ts';
import { type OrderQuery, ordersMax, type ViewReader } from '../../../platform/views/port.ts';

/** The order a page begins at, and which side of it is asked for. */
export interface Edge {
  readonly beyond: 'before' | 'after';
  readonly row: Pick<OrderRow, 'id' | 'submittedAt'>;
}

/**
 * The orders before or after one of them, without it. Lists go by time of submission, then id: those that share the edge's very
 * microsecond are told apart by their ids, so that none is skipped between two pages and none is shown twice.
 */
export async function ordersBeyond(
  views: Pick<ViewReader, 'orders'>,
  query: OrderQuery,
  { beyond, row }: Edge,
  deadline: Deadline,
): Promise<readonly OrderRow[]> {
  const at = row.submittedAt;
  const moment = { after: timestamp(Math.max(0, at - 1)), until: timestamp(at + 1) };
  const [same, rest] = await Promise.all([
    views.orders({ ...query, ...moment, limit: ordersMax }, deadline),
    views.orders({ ...query, ...(beyond === 'before' ? { until: at } : { after: at }) }, deadline),
  ]);
  const beside = same.filter(({ id }) => (beyond === 'before' ? id < row.id : id > row.id));
  // Read away from the edge, what is beside it comes first; read towards it, last.
  const isAway = (beyond === 'before') === (query.direction === 'desc');
  return (isAway ? [...beside, ...rest] : [...rest, ...beside]).slice(0, query.limit);
}
