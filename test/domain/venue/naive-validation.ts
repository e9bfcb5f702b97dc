import type { NewOrder } from '../../../domain/venue/new-order.ts';
import type { ReportReason } from '../../../domain/venue/report.ts';
import { immediate, stopType } from './naive-order.ts';

export interface NaiveGrid {
  readonly priceIncrement: number;
  readonly quantityIncrement: number;
}

type Reason = ReportReason | undefined;
const PRICE_MAX = 549_755_813_887;

export function naiveQuantity(quantity: number, grid: NaiveGrid): Reason {
  if (!(Number.isSafeInteger(quantity) && quantity >= 1)) return 'quantity_out_of_range';
  return quantity % grid.quantityIncrement > 0 ? 'off_quantity_grid' : undefined;
}

export function naivePrice(price: number, grid: NaiveGrid): Reason {
  if (!(Number.isSafeInteger(price) && price >= 0 && price <= PRICE_MAX)) return 'price_out_of_range';
  return price % grid.priceIncrement > 0 ? 'off_price_grid' : undefined;
}

export function naiveTrail(trail: NonNullable<NewOrder['trail']>): Reason {
  const distance = trail.by === 'price' ? trail.ticks : trail.hundredths;
  return distance >= 1 && (trail.by === 'price' || distance <= 10_000) ? undefined : 'price_out_of_range';
}

/** Everything that a new order's terms alone can get wrong, as a list of rules of which the first broken one counts. */
export function naiveTerms(order: NewOrder, grid: NaiveGrid): Reason {
  const { orderType, timeInForce, quantity, stopPrice, trail, minimumQuantity, displayQuantity, postOnly } =
    order;
  const now = immediate(order);
  const plainStop = orderType === 'stop' || orderType === 'stop_limit';
  const trailing = orderType === 'trailing_stop';
  const rules: (() => Reason | false)[] = [
    () => (timeInForce === 'gtd') !== (order.expireAt !== undefined) && 'terms_conflict',
    () => postOnly === true && (orderType !== 'limit' || now) && 'terms_conflict',
    () => plainStop && stopPrice === undefined && 'trigger_missing',
    () => !plainStop && stopPrice !== undefined && 'terms_conflict',
    () => trailing && trail === undefined && 'trigger_missing',
    () => !trailing && trail !== undefined && 'terms_conflict',
    () => stopType(order) && (now || timeInForce === 'opg' || timeInForce === 'cls') && 'terms_conflict',
    () => stopPrice !== undefined && naivePrice(stopPrice, grid),
    () => trail !== undefined && naiveTrail(trail),
    () => minimumQuantity !== undefined && timeInForce !== 'ioc' && 'terms_conflict',
    () =>
      minimumQuantity !== undefined &&
      !(minimumQuantity >= 1 && minimumQuantity <= quantity) &&
      'quantity_out_of_range',
    () =>
      displayQuantity !== undefined &&
      (now || !['limit', 'stop_limit'].includes(orderType)) &&
      'terms_conflict',
    () => displayQuantity !== undefined && naiveQuantity(displayQuantity, grid),
  ];
  for (const rule of rules) {
    const reason = rule();
    if (reason !== undefined && reason !== false) return reason;
  }
  return undefined;
}
