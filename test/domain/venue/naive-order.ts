import type { NewOrder } from '../../../domain/venue/new-order.ts';
import type { Report, ReportKind, ReportReason } from '../../../domain/venue/report.ts';

/** An order of the oracle: what was asked, and what became of it. */
export interface NaiveOrder {
  asked: NewOrder;
  total: number;
  leaves: number;
  shown: number;
  limit: number;
  stop: number;
  /** Best price since a trailing stop came. */
  best: number;
  /** Of the order itself, and of its place in a queue. */
  arrival: number;
  turn: number;
  at: 'book' | 'stops' | 'aside';
}

export const account = (order: NaiveOrder): number => order.asked.account ?? 0;
export const mode = (order: NaiveOrder): string => order.asked.selfTradePrevention ?? 'none';
export const side = (order: NaiveOrder): 'buy' | 'sell' => order.asked.side;
export const ownLimit = (order: NaiveOrder): boolean =>
  order.asked.orderType === 'limit' || order.asked.orderType === 'stop_limit';
export const stopType = (order: NewOrder): boolean =>
  ['stop', 'stop_limit', 'trailing_stop'].includes(order.orderType);
export const immediate = (order: NewOrder): boolean => ['ioc', 'fok'].includes(order.timeInForce);
export const reaches = (order: NaiveOrder, price: number): boolean =>
  side(order) === 'buy' ? price <= order.limit : price >= order.limit;
export const stopReached = (order: NaiveOrder, price: number): boolean =>
  side(order) === 'buy' ? price >= order.stop : price <= order.stop;
export const showable = (order: NaiveOrder): number =>
  Math.min(order.leaves, order.asked.displayQuantity ?? Infinity);

export function trailStop(order: NaiveOrder): number {
  const { trail } = order.asked;
  if (trail === undefined) return order.stop;
  const distance =
    trail.by === 'price' ? trail.ticks : Math.max(1, Math.floor((order.best * trail.hundredths) / 10_000));
  return side(order) === 'sell' ? Math.max(0, order.best - distance) : order.best + distance;
}

export function report(kind: ReportKind, orderId: number, rest: Partial<Report> = {}): Report {
  const nothing = { side: 'buy', price: 0, quantity: 0, leavesQuantity: 0, contraOrderId: 0 } as const;
  const reason: ReportReason = 'none';
  return { kind, orderId, ...nothing, contraLeavesQuantity: 0, reason, ...rest };
}
