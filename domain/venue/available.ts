import type { BookOrder, PriceLevel } from './book-order.ts';
import type { BookState } from './book-state.ts';
import { reaches } from './matching.ts';
import { meetsItself } from './self-trade.ts';

/** An incoming order tried out: what it would still want, and what it would have traded. */
interface Trial {
  left: number;
  traded: number;
}

/** What a resting order of the trial still has. */
interface Waiting {
  readonly order: BookOrder;
  readonly leaves: number;
  readonly shown: number;
}

/**
 * How much an incoming order would trade if it went in now. Looks without touching, because an order that needs more than
 * there is must leave no trace. Where it would meet its own account, the queue is followed order by order.
 */
export function tradable(book: BookState, incoming: BookOrder): number {
  const trial: Trial = { left: incoming.leavesQuantity, traded: 0 };
  let level = book.opposite(incoming.side).best;
  while (level !== undefined && trial.left > 0 && reaches(incoming, level.price)) {
    if (hasOwn(level, incoming)) tryQueue(level, incoming, trial);
    else tradeIn(trial, level.leavesQuantity);
    level = level.worse;
  }
  return trial.traded;
}

function hasOwn(level: PriceLevel, incoming: BookOrder): boolean {
  if (incoming.account === 0 || incoming.selfTradePrevention === 'none') return false;
  let order = level.head;
  while (order !== undefined && !meetsItself(incoming, order)) order = order.next;
  return order !== undefined;
}

/** An order that shows only a part queues again behind the others for every further slice. */
function tryQueue(level: PriceLevel, incoming: BookOrder, trial: Trial): void {
  const queue: Waiting[] = [];
  for (let order = level.head; order !== undefined; order = order.next) {
    queue.push({ order, leaves: order.leavesQuantity, shown: order.shownQuantity });
  }
  for (const { order, leaves, shown } of queue) {
    if (trial.left === 0) return;
    if (meetsItself(incoming, order)) {
      meet(trial, incoming, leaves);
      continue;
    }
    tradeIn(trial, shown);
    const rest = leaves - shown;
    if (rest > 0) queue.push({ order, leaves: rest, shown: Math.min(rest, order.displayQuantity) });
  }
}

function tradeIn(trial: Trial, offered: number): void {
  const quantity = Math.min(trial.left, offered);
  trial.left -= quantity;
  trial.traded += quantity;
}

function meet(trial: Trial, { selfTradePrevention }: BookOrder, leaves: number): void {
  if (selfTradePrevention === 'decrement') trial.left -= Math.min(trial.left, leaves);
  else if (selfTradePrevention !== 'cancel_resting') trial.left = 0;
}
