import type { Trader } from '../bench/orders/load.ts';
import type { Answer, Call } from './call.ts';

/** An account, its trading key, and what its client remembers of its cash, in cents. */
export interface Holder {
  readonly accountId: string;
  readonly trader: Trader;
  transferred: number;
}

export interface OrderBody {
  readonly symbol: string;
  readonly qty: string;
  readonly side: 'buy';
  readonly type: 'limit';
  readonly limit_price: string;
  readonly time_in_force: 'gtc';
  readonly client_order_id: string;
}

/** An acknowledged order as its client remembers it. */
export interface RememberedOrder {
  readonly holder: Holder;
  readonly body: OrderBody;
  readonly id: string;
  readonly priceCents: number;
  /** Lots that executions have been sent for, and those that were acknowledged. */
  asked: number;
  filled: number;
  cancelAcknowledged: boolean;
  cancelConfirmed: boolean;
}

/** One call of a client, and what it makes of the definitive answer. */
export interface Operation {
  readonly call: Call;
  settle(answer: Answer): void;
}

/** Everything the clients were told. Outlives every cell. */
export class Memory {
  readonly orders = new Map<string, RememberedOrder>();
  readonly transfers: { readonly holder: Holder; readonly id: string; readonly amount: string }[] = [];
  /** Orders that something was acknowledged about since this was last emptied. */
  readonly touched = new Set<RememberedOrder>();
  /** Sent, not answered: to be sent again exactly as they were. */
  unsettled: Operation[] = [];
  readonly violations: string[] = [];
  acknowledged = 0;
  /** Not acknowledged, and found done when sent again. */
  foundDone = 0;
  executions = 0;
  cancels = 0;

  placed(order: RememberedOrder): void {
    this.orders.set(order.body.client_order_id, order);
    this.touched.add(order);
  }

  violated(what: string): void {
    this.violations.push(what);
  }
}
