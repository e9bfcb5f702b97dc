import { entry, type Posting } from '../account/posting.ts';
import { applyFacts } from './evolve.ts';
import { feesOf, requiredHold, traded } from './hold.ts';
import type { Order } from './state.ts';

/** What an account could be short of, known once a write was refused: the items as they were then. */
export interface Funds {
  readonly cash?: number;
  readonly shares?: number;
}

/**
 * Everything that moves when `before` becomes `next` (facts applied, hold untouched): the trade, its fees, and the hold
 * brought to what `next` requires. What `available` has to bear beyond `funds`, where those are known, becomes a shortfall:
 * what a venue says has happened always posts.
 */
export function settle(before: Order, next: Order, funds: Funds = {}): Posting {
  const required = requiredHold(next);
  const direction = next.side === 'buy' ? 1 : -1;
  const lots = next.totals.cumulativeQuantity - before.totals.cumulativeQuantity;
  const cash = shortfallBeyond(funds.cash, {
    held: required.cash - before.hold.cash,
    clearing: direction * (traded(next) - traded(before)),
    fees: feesOf(next) - feesOf(before),
  });
  const shares = shortfallBeyond(funds.shares, {
    held: required.shares - before.hold.shares,
    clearing: -direction * lots,
    fees: 0,
  });
  const exposure = required.exposure - before.hold.exposure + direction * lots;
  return { ...(cash && { cash }), ...(shares && { shares }), ...(exposure !== 0 && { exposure }) };
}

function shortfallBeyond(
  available: number | undefined,
  moved: { held: number; clearing: number; fees: number },
) {
  const draw = moved.held + moved.clearing + moved.fees;
  const missing = available === undefined ? 0 : Math.max(0, draw - Math.max(0, available));
  return entry({ ...moved, available: missing - draw, shortfall: missing === 0 ? 0 : -missing, external: 0 });
}

type Postable = Extract<Parameters<typeof applyFacts>[1], { data: { posting?: unknown } }>;

/** The event with what it moves: the hold brought to what the order then requires. */
export function withPosting<Event extends Postable>(order: Order, event: Event, funds?: Funds): Event {
  const posting = settle(order, applyFacts(order, event, order.times.updatedAt), funds);
  return Object.keys(posting).length > 0 ? { ...event, data: { ...event.data, posting } } : event;
}
