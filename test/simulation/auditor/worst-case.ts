import type { Terms } from '../../../domain/order/terms.ts';
import type { OrderModel } from './order-model.ts';

function priceOf(terms: Terms): number {
  return terms.limitPrice ?? terms.protectionPrice ?? NaN;
}

/** A way an open order could go on: so many lots more, for so many ticks x lots. */
interface Path {
  readonly lots: number;
  readonly ticksTimesLots: number;
}

/**
 * Every way that trading can go on, one by one: any number of lots under the terms as they are, then, if a replace is pending,
 * it is confirmed and any number of lots more under the new terms.
 */
function* paths(order: OrderModel): Iterable<Path> {
  const replace = order.pending.find(({ kind }) => kind === 'replace')?.terms;
  for (let lots = 0; lots <= order.leaves; lots += 1) {
    const ticksTimesLots = lots * priceOf(order.terms);
    yield { lots, ticksTimesLots };
    yield* stopPaths(order, { lots, ticksTimesLots });
    if (!replace) continue;
    const room = Math.max(0, replace.orderQuantity - order.lots - lots);
    for (let more = 1; more <= room; more += 1)
      yield { lots: lots + more, ticksTimesLots: ticksTimesLots + more * priceOf(replace) };
  }
}

/** A pair can be stopped out from anywhere. */
function* stopPaths({ stopTerms, leaves }: OrderModel, from: Path): Iterable<Path> {
  if (!stopTerms) return;
  for (let more = 1; more <= leaves - from.lots; more += 1)
    yield {
      lots: from.lots + more,
      ticksTimesLots: from.ticksTimesLots + more * priceOf(stopTerms),
    };
}

/** The most cash and the most lots that trading can still take; the lots are shares for a sale, exposure for a purchase. */
export function worstCase(order: OrderModel): { readonly cash: number; readonly lots: number } {
  let worst = { cash: 0, lots: 0 };
  if (!order.isOpen || order.isWaiting) return worst;
  const { lots, ticksTimesLots } = order;
  const spent = order.cost(lots, ticksTimesLots);
  for (const path of furthest(order)) {
    const then = order.cost(lots + path.lots, ticksTimesLots + path.ticksTimesLots);
    const cash = then.trade + then.fees - spent.trade - spent.fees;
    worst = { cash: Math.max(worst.cash, cash), lots: Math.max(worst.lots, path.lots) };
  }
  return worst;
}

/**
 * A purchase only ever costs more, so of the paths with equally many lots the dearest is enough; a sale may need cash on the
 * way, when a fee comes before the proceeds that pay it, so all are followed.
 */
function furthest(order: OrderModel): Iterable<Path> {
  if (order.placed.side === 'sell') return paths(order);
  const dearest = new Map<number, Path>();
  for (const path of paths(order)) {
    const known = dearest.get(path.lots);
    if (!known || known.ticksTimesLots < path.ticksTimesLots) dearest.set(path.lots, path);
  }
  return dearest.values();
}
