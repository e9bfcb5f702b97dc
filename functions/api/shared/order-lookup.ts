import { orderStream } from '../../../domain/order/effects.ts';
import type { DeniedOrder, Order, OrderState } from '../../../domain/order/state.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { type OrderRow, rowFromState, rowsOf } from '../../../platform/views/order-row.ts';
import { decodedOrder } from '../../../platform/views/order-steps.ts';
import type { Dependencies } from '../../dependencies.ts';

export interface FoundOrder {
  /** The order's own id: what its stream is called. */
  readonly orderId: string;
  readonly state: Order | DeniedOrder;
  /** The order as the id asked for shows it. */
  readonly row: OrderRow;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Finds an order by any outside id it ever had, from the log itself: what was answered is there to be read. `accountId`: whose it has to
 * be; somebody else's is not found, just like one that never was. Absent: an operator asks.
 */
export async function findOrder(
  { orders, store }: Pick<Dependencies, 'orders' | 'store'>,
  { id, accountId }: { readonly id: string; readonly accountId?: string },
  deadline: Deadline,
): Promise<FoundOrder | undefined> {
  const asked = id.toLowerCase();
  if (!uuid.test(asked)) return undefined;
  let loaded = await orders.load(orderStream(asked), deadline);
  if (loaded.state.kind === 'alias') loaded = await orders.load(orderStream(loaded.state.orderId), deadline);
  const { state, version } = loaded;
  if (state.kind !== 'order' && state.kind !== 'denied') return undefined;
  if (accountId !== undefined && accountOf(state) !== accountId) return undefined;
  const orderId = state.kind === 'order' ? state.orderId : state.denial.orderId;
  const known = rowFromState(state, version);
  if (known?.id === asked) return { orderId, state, row: known };
  const row = rowsOfStream(await store.read(orderStream(orderId), 1, deadline)).find(
    (one) => one.id === asked,
  );
  return row && { orderId, state, row };
}

export function rowsOfStream(commits: readonly Commit[]): readonly OrderRow[] {
  return rowsOf(commits.map(decodedOrder));
}

function accountOf(state: Exclude<OrderState, { kind: 'unborn' | 'alias' }>): string {
  return state.kind === 'order' ? state.accountId : state.denial.accountId;
}
