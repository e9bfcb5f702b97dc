import type { ClientOrderId } from '../../../domain/values/ids.ts';
import { clientOrderId } from '../../../domain/values/ids.ts';
import type { FoundOrder } from './order-lookup.ts';

/**
 * The client order id a request on an order names. The rules refuse one that a replace left behind as stale, also where that happened
 * between finding the order and deciding on it.
 */
export function originalOf({ state, row }: FoundOrder): { readonly original?: ClientOrderId } {
  return state.kind === 'order' ? { original: clientOrderId(row.clientOrderId) } : {};
}
