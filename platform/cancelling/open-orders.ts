import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { isOnlyAskedFor, type OrderRow } from '../views/row.ts';
import { type OrderQuery, ordersMax, type ViewReader } from '../views/port.ts';

/** Rounds of `ordersMax` orders: more than an account may have open. */
const roundsMax = 200;

/**
 * Every order of an account that the lists know to be open, a page at a time, newest first; each once, though it may have several ids:
 * a replacement that is only asked for, or the stop loss of a pair, ends with the order it belongs to.
 */
export async function* openOrders(
  views: Pick<ViewReader, 'orders'>,
  { accountId, symbols, side }: Pick<OrderQuery, 'accountId' | 'symbols' | 'side'>,
  deadline: Deadline,
): AsyncGenerator<readonly OrderRow[]> {
  const seen = new Set<string>();
  const orders = new Set<string>();
  let until: { until?: Timestamp } = {};
  for (let round = 0; round < roundsMax; round += 1) {
    const rows = await views.orders(
      {
        accountId,
        status: 'open',
        direction: 'desc',
        limit: ordersMax,
        ...(symbols && { symbols }),
        ...(side && { side }),
        ...until,
      },
      deadline,
    );
    const isNew = rows.some(({ id }) => !seen.has(id));
    yield rows.filter((row) => {
      if (seen.has(row.id) || orders.has(row.orderId) || isOnlyAskedFor(row)) return false;
      orders.add(row.orderId);
      return true;
    });
    const oldest = rows.at(-1);
    if (!oldest || !isNew || rows.length < ordersMax) return;
    for (const { id } of rows) seen.add(id);
    // Others may have been submitted in the same microsecond as the last of the page.
    until = { until: timestamp(oldest.submittedAt + 1) };
  }
}
