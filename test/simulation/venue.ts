import type { VenueReport } from '../../domain/order/commands.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { isGoodTill, type Side, type Terms } from '../../domain/order/terms.ts';
import { executionId } from '../../domain/values/ids.ts';
import { price } from '../../domain/values/price.ts';
import { quantity } from '../../domain/values/quantity.ts';
import type { Prng } from './prng.ts';

/** An order as the venue knows it. Closed ones are kept: venues report on them too. */
interface VenueOrder {
  readonly orderId: string;
  readonly side: Side;
  terms: Terms;
  isSent: boolean;
  isAccepted: boolean;
  isClosed: boolean;
  filled: number;
  cancelAsked: boolean;
  replaceAsked: Terms | undefined;
  readonly executions: { id: string; quantity: number; price: number }[];
}

export interface Said {
  readonly orderId: string;
  readonly report: VenueReport;
}

/**
 * A venue that does everything a venue may do, in any order, and some things it may not: fills after a cancel, above the quantity
 * and through the limit. It never repeats an execution id; that is for its own stream to see to.
 */
export class Venue {
  readonly #orders = new Map<string, VenueOrder>();
  readonly #prng: Prng;
  readonly #name: string;
  #executions = 0;

  constructor(name: string, prng: Prng) {
    this.#name = name;
    this.#prng = prng;
  }

  /** What an order's stream tells it, in the order it was written. */
  learn(orderId: string, event: OrderEvent): void {
    const order = this.#orders.get(orderId);
    if (event.type === 'OrderPlaced') this.#orders.set(orderId, received(event.data));
    if (!order) return;
    if (event.type === 'OrderReleased') order.isSent = true;
    if (event.type === 'CancelRequested') order.cancelAsked = true;
    if (event.type === 'ReplaceRequested') order.replaceAsked = event.data.terms;
    if (event.type === 'OrderReplaced') order.terms = event.data.terms;
    if (event.type === 'OrderCanceled' && !('position' in event.data)) order.isSent = false;
  }

  /** Something happens to one of its orders, or to none. */
  act(): Said | undefined {
    const sent = [...this.#orders.values()].filter(({ isSent }) => isSent);
    const open = sent.filter(({ isClosed }) => !isClosed);
    const order = this.#prng.chance(0.85) ? this.#prng.any(open) : this.#prng.any(sent);
    if (!order) return undefined;
    const report = order.isClosed ? this.#afterwards(order) : this.#onOpen(order);
    return report && { orderId: order.orderId, report };
  }

  #onOpen(order: VenueOrder): VenueReport | undefined {
    if (!order.isAccepted && this.#prng.chance(0.7)) return this.#firstAnswer(order);
    if (order.cancelAsked && this.#prng.chance(0.5)) return this.#answerToCancel(order);
    if (order.replaceAsked && this.#prng.chance(0.5)) return this.#answerToReplace(order, order.replaceAsked);
    const act = this.#prng.weighted({
      fill: 100,
      fillAll: 20,
      overfill: 1,
      undo: 8,
      flag: 14,
      restate: 10,
      end: 8,
      nonsense: 4,
    });
    switch (act) {
      case 'fill':
        return this.#execute(order, this.#prng.between(1, Math.max(1, this.#leaves(order))));
      case 'fillAll':
        return this.#execute(order, Math.max(1, this.#leaves(order)));
      case 'overfill':
        return this.#execute(order, this.#leaves(order) + this.#prng.between(1, 3));
      case 'undo':
        return this.#undo(order);
      case 'flag':
        return this.#flag(order);
      case 'restate':
        return this.#restate(order);
      case 'end':
        return this.#end(order);
      case 'nonsense':
        return this.#nonsense();
    }
  }

  #firstAnswer(order: VenueOrder): VenueReport {
    if (this.#prng.chance(0.08)) {
      order.isClosed = true;
      return { report: 'reject', text: 'not today' };
    }
    order.isAccepted = true;
    return { report: 'accept', venueOrderId: `${this.#name}-${order.orderId}` };
  }

  #answerToCancel(order: VenueOrder): VenueReport {
    order.cancelAsked = false;
    if (this.#prng.chance(0.25)) return { report: 'reject-cancel', text: 'too late' };
    order.isClosed = true;
    return { report: 'confirm-cancel' };
  }

  #answerToReplace(order: VenueOrder, terms: Terms): VenueReport {
    order.replaceAsked = undefined;
    if (this.#prng.chance(0.3)) return { report: 'reject-replace', text: 'no' };
    order.terms = terms;
    order.isClosed = order.filled >= terms.orderQuantity;
    return { report: 'confirm-replace' };
  }

  /** At the limit or better; rarely worse than it may be. */
  #execute(order: VenueOrder, lots: number): VenueReport {
    const worst = order.terms.limitPrice ?? order.terms.protectionPrice ?? 1;
    const better = order.side === 'buy' ? -1 : 1;
    const off = this.#prng.weighted({ at: 50, better: 40, worse: 2 });
    const distance = off === 'at' ? 0 : this.#prng.between(1, 6) * (off === 'better' ? better : -better);
    const lastPrice = price(Math.max(1, worst + distance));
    const lastQuantity = quantity(lots);
    const id = this.#newId();
    order.filled += lots;
    order.executions.push({ id, quantity: lots, price: lastPrice });
    order.isClosed ||= order.filled >= order.terms.orderQuantity && order.replaceAsked === undefined;
    const liquidity = this.#prng.chance(0.5) ? ({ liquidity: 'added' } as const) : {};
    return { report: 'execute', executionId: executionId(id), lastQuantity, lastPrice, ...liquidity };
  }

  #undo(order: VenueOrder): VenueReport | undefined {
    const execution = this.#prng.any(order.executions);
    if (!execution) return undefined;
    order.executions.splice(order.executions.indexOf(execution), 1);
    order.filled -= execution.quantity;
    const undone = executionId(execution.id);
    if (this.#prng.chance(0.5)) {
      order.isClosed &&= order.filled + execution.quantity < order.terms.orderQuantity;
      return { report: 'bust', executionId: undone };
    }
    const corrected = {
      id: this.#newId(),
      quantity: Math.max(1, execution.quantity + this.#prng.pick([-2, -1, -1, 0, 0, 0, 0, 1])),
      price: Math.max(1, execution.price + this.#prng.between(-3, 3)),
    };
    order.filled += corrected.quantity;
    order.executions.push(corrected);
    return {
      report: 'correct',
      executionId: executionId(corrected.id),
      replacesExecutionId: undone,
      lastQuantity: quantity(corrected.quantity),
      lastPrice: price(corrected.price),
    };
  }

  #flag(order: VenueOrder): VenueReport {
    const report = this.#prng.pick(['done-for-day', 'resume', 'stop', 'suspend', 'trigger'] as const);
    if (report === 'done-for-day' && !isGoodTill(order.terms)) order.isClosed = true;
    return { report };
  }

  #restate(order: VenueOrder): VenueReport {
    const lots = Math.max(1, order.filled, order.terms.orderQuantity - this.#prng.between(0, 4));
    const { limitPrice } = order.terms;
    const ticks =
      limitPrice === undefined ? undefined : price(Math.max(1, limitPrice + this.#prng.between(-4, 4)));
    const changed = { orderQuantity: quantity(lots), ...(ticks !== undefined && { limitPrice: ticks }) };
    order.terms = { ...order.terms, ...changed };
    order.isClosed = order.filled >= lots;
    return { report: 'restate', ...changed, text: 'restated' };
  }

  #end(order: VenueOrder): VenueReport {
    order.isClosed = true;
    const report = this.#prng.pick(['cancel', 'expire', 'calculate'] as const);
    if (report === 'cancel')
      return { report, reason: this.#prng.pick(['unsolicited', 'ioc_remainder', 'session_end'] as const) };
    return report === 'expire' ? { report, reason: 'day' } : { report };
  }

  /** What no state of the order asks for. */
  #nonsense(): VenueReport {
    const report = this.#prng.pick(['confirm-replace', 'reject-replace', 'reject-cancel', 'bust'] as const);
    return report === 'bust' ? { report, executionId: executionId('never-happened') } : { report };
  }

  #afterwards(order: VenueOrder): VenueReport | undefined {
    const act = this.#prng.weighted({ late: 1, undo: 4, answer: 12, nonsense: 1 });
    if (act === 'late') return this.#execute(order, this.#prng.between(1, 3));
    if (act === 'undo') return this.#undo(order);
    if (act === 'nonsense') return this.#nonsense();
    if (order.replaceAsked) return this.#answerToReplace(order, order.replaceAsked);
    if (!order.cancelAsked) return undefined;
    order.cancelAsked = false;
    return { report: this.#prng.pick(['confirm-cancel', 'reject-cancel'] as const) };
  }

  #leaves(order: VenueOrder): number {
    return Math.max(0, order.terms.orderQuantity - order.filled);
  }

  #newId(): string {
    this.#executions += 1;
    return `${this.#name}-x${this.#executions}`;
  }
}

function received(data: Extract<OrderEvent, { type: 'OrderPlaced' }>['data']): VenueOrder {
  return {
    orderId: data.orderId,
    side: data.side,
    terms: data.terms,
    isSent: data.phase === 'sent',
    isAccepted: false,
    isClosed: false,
    filled: 0,
    cancelAsked: false,
    replaceAsked: undefined,
    executions: [],
  };
}
