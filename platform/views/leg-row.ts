import { formatAveragePrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type { StopLeg } from '../../domain/order/linked.ts';
import {
  isOpen,
  type Order,
  pendingCancel,
  pendingReplace,
  waitsForEntry,
} from '../../domain/order/state.ts';
import type { AlpacaStatus } from '../../domain/order/status.ts';
import { notional } from '../../domain/values/notional.ts';
import { quantity } from '../../domain/values/quantity.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { GroupFacts, OrderRow } from './row.ts';
import { termsTexts } from './order-row-terms.ts';

/** Of the row of the id in force. */
export function groupFacts({ link, orderId, stopLeg }: Order): GroupFacts {
  if (!link) return {};
  const { class: orderClass } = link;
  if (link.role === 'entry') return { orderClass, legsIn: link.exit };
  if (link.class !== 'oco') return { orderClass, parentId: link.entry };
  return stopLeg?.working ? { orderClass, parentId: orderId } : { orderClass, legsIn: orderId };
}

/** The row of a pair's stop loss while the take profit is in force: as large as what the pair still has to close. */
export function stopLegRow(order: Order, leg: StopLeg, submittedAt: Timestamp, version: number): OrderRow {
  const { contract, totals, terms, times } = order;
  const left = terms.orderQuantity - totals.cumulativeQuantity;
  const status = statusOf(order);
  const isEnded = !isOpen(order);
  return {
    id: leg.orderId,
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: contract.symbol,
    side: order.side,
    ...(order.strategyId !== undefined && { strategyId: order.strategyId }),
    clientOrderId: leg.clientOrderId,
    ...(leg.replaces !== undefined && { replaces: leg.replaces }),
    ...termsTexts(leg.terms, contract),
    quantity: formatQuantity(left > 0 ? left : terms.orderQuantity, contract),
    status,
    isOpen: !isEnded,
    filledQuantity: '0',
    leavesQuantity: isEnded ? '0' : formatQuantity(left, contract),
    submittedAt,
    updatedAt: times.updatedAt,
    ...(status === 'canceled' && { canceledAt: times.updatedAt }),
    ...(status === 'expired' && { expiredAt: times.updatedAt }),
    version,
    orderClass: order.link?.class ?? 'oco',
    parentId: parentOf(order),
    ...(!isEnded && !waitsForEntry(order) && { isArmed: true as const }),
    ...(leg.elected && { isElected: true as const }),
  };
}

function parentOf({ link, orderId }: Order): string {
  return link?.role === 'exit' && link.class !== 'oco' ? link.entry : orderId;
}

function statusOf(order: Order): AlpacaStatus {
  const { phase } = order;
  if (!isOpen(order)) return phase.name === 'closed' && phase.reason === 'expired' ? 'expired' : 'canceled';
  if (pendingCancel(order)) return 'pending_cancel';
  return pendingReplace(order)?.leg ? 'pending_new' : 'held';
}

/** Its own row once it has taken over: what it was placed as, and what was traded since. */
export function takenOver(row: OrderRow, order: Order): OrderRow {
  const { stopLeg, contract, totals, terms } = order;
  if (!stopLeg?.working) return row;
  const { cumulativeQuantity, notional: before } = stopLeg.working;
  const filled = quantity(Math.max(0, totals.cumulativeQuantity - cumulativeQuantity));
  const { limitPrice: _limit, filledAveragePrice: _all, ...rest } = row;
  const asPlaced = termsTexts({ ...stopLeg.terms, orderQuantity: terms.orderQuantity }, contract);
  const isRepriced = order.names.outsideId !== stopLeg.orderId && row.limitPrice !== undefined;
  return {
    ...rest,
    orderType: asPlaced.orderType,
    ...(asPlaced.stopPrice !== undefined && { stopPrice: asPlaced.stopPrice }),
    ...((isRepriced || asPlaced.limitPrice !== undefined) &&
      row.limitPrice !== undefined && { limitPrice: row.limitPrice }),
    // What the take profit has filled is shown there.
    status: filled === 0 && row.status === 'partially_filled' ? 'new' : row.status,
    quantity: formatQuantity(terms.orderQuantity - cumulativeQuantity, contract),
    filledQuantity: formatQuantity(filled, contract),
    ...(filled > 0 && {
      filledAveragePrice: formatAveragePrice(
        notional(Math.max(0, totals.notional - before)),
        filled,
        contract,
      ),
    }),
  };
}
