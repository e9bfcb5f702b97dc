import type { ClientOrderId } from '../../../domain/values/ids.ts';
import { clientOrderId } from '../../../domain/values/ids.ts';
import { pendingReplace } from '../../../domain/order/state.ts';
import type { FoundOrder } from './order-lookup.ts';

/**
 * The client order id a request on an order names, where that matters: of an id in force, or asked for, nothing; of one that a replace
 * left behind or that came to nothing its own, which the rules then refuse as stale.
 */
export function originalOf({ state, row }: FoundOrder): { readonly original?: ClientOrderId } {
  if (state.kind !== 'order') return {};
  const current = [state.names.outsideId, pendingReplace(state)?.replacementId];
  return current.some((id) => id === row.id) ? {} : { original: clientOrderId(row.clientOrderId) };
}
