import { orderStream } from '../../../domain/order/effects.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { OrderRow } from '../../../platform/views/order-row.ts';
import type { Dependencies } from '../../dependencies.ts';
import { rowsOfStream } from './order-lookup.ts';

/** The legs of an order as they are now, the take profit first: from the log, as an order asked for by its id is. */
export async function legsOf(
  { store }: Pick<Dependencies, 'store'>,
  row: OrderRow,
  deadline: Deadline,
): Promise<readonly OrderRow[]> {
  const { legsIn, orderId } = row;
  if (legsIn === undefined) return [];
  const rows = rowsOfStream(await store.read(orderStream(legsIn), 1, deadline));
  return rows.filter(({ parentId, status }) => parentId === orderId && status !== 'replaced');
}

export interface Nested {
  readonly row: OrderRow;
  readonly legs: readonly OrderRow[];
}

/** Parents looked up at once. */
const atOnce = 50;

/** The rows of a list with every leg under its parent, also one that is not in the list; a leg whose parent is not there stands alone. */
export async function nested(
  dependencies: Pick<Dependencies, 'store'>,
  rows: readonly OrderRow[],
  deadline: Deadline,
): Promise<readonly Nested[]> {
  const isParent = ({ legsIn, status }: OrderRow) => legsIn !== undefined && status !== 'replaced';
  const parents = new Set(rows.filter(isParent).map(({ orderId }) => orderId));
  const tops = rows.filter(({ parentId }) => parentId === undefined || !parents.has(parentId));
  const result: Nested[] = [];
  for (let from = 0; from < tops.length; from += atOnce) {
    const some = tops.slice(from, from + atOnce).map(async (row) => ({
      row,
      legs: isParent(row) ? await legsOf(dependencies, row, deadline) : [],
    }));
    result.push(...(await Promise.all(some)));
  }
  return result;
}
