import type { NaiveOrder } from './naive-order.ts';

/** Tries every price on the grid from the lowest to the highest limit. Undefined when nothing would trade at any. */
export function naiveAuctionPrice(
  bids: readonly NaiveOrder[],
  asks: readonly NaiveOrder[],
  { reference, step }: { reference: number; step: number },
): number | undefined {
  const limits = [...bids, ...asks].map(({ limit }) => limit);
  const tried: { price: number; volume: number; imbalance: number; distance: number }[] = [];
  for (let price = Math.min(...limits); price <= Math.max(...limits); price += step) {
    const demand = sum(bids.filter(({ limit }) => limit >= price));
    const supply = sum(asks.filter(({ limit }) => limit <= price));
    const volume = Math.min(demand, supply);
    tried.push({
      price,
      volume,
      imbalance: Math.abs(demand - supply),
      distance: Math.abs(price - reference),
    });
  }
  tried.sort(
    (a, b) =>
      b.volume - a.volume || a.imbalance - b.imbalance || a.distance - b.distance || b.price - a.price,
  );
  const [best] = tried;
  return best !== undefined && best.volume > 0 ? best.price : undefined;
}

function sum(orders: readonly NaiveOrder[]): number {
  return orders.reduce((total, { leaves }) => total + leaves, 0);
}
