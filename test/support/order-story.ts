import { cashAttributes } from '../../domain/account/holdings.ts';
import { type Condition, holds, type Item, type ItemChange } from '../../domain/account/items.ts';
import type { OrderCommand, VenueReport } from '../../domain/order/commands.ts';
import { decide } from '../../domain/order/decide.ts';
import { effects, observe } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { evolve } from '../../domain/order/evolve.ts';
import { existing, type Order, type OrderState, unborn } from '../../domain/order/state.ts';
import { type OrdStatus, ordStatus } from '../../domain/order/status.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { now, type OrderChange, place, venue } from './order.ts';

const cash = cashAttributes('USD');

/** An account that can pay for a plain order, and holds what a plain sale sells. */
export const openAccount: Item = { status: 'active', epoch: 1, [cash.available]: 100_000_000, openOrders: 0 };
export const openPosition: Item = { available: 100_000, exposure: 100_000 };

/** The items beside the log, changed as a store would: all changes of a decision, or none and what was found. */
export class Items {
  readonly #items = new Map<string, Item>();

  constructor(account: Item = openAccount, position: Item = openPosition) {
    this.set('account/account', account);
    this.set('account/position-ACME', position);
  }

  get account(): Item {
    return this.#items.get('account/account') ?? {};
  }

  get position(): Item {
    return this.#items.get('account/position-ACME') ?? {};
  }

  set(key: 'account/account' | 'account/position-ACME', item: Item): void {
    this.#items.set(key, item);
  }

  delete(key: 'account/account' | 'account/position-ACME'): void {
    this.#items.delete(key);
  }

  /** What each change that cannot be made met; empty when all were made. */
  write(changes: readonly ItemChange[]) {
    const refusals = changes
      .map((change) => ({ key: change.key, item: this.#items.get(nameOf(change)), change }))
      .filter(({ item, change }) => !allows(change, item));
    if (refusals.length > 0) return refusals;
    for (const change of changes) {
      const name = nameOf(change);
      this.#items.set(name, changed(this.#items.get(name), change));
    }
    return [];
  }
}

function nameOf({ key }: ItemChange): string {
  return `${key.owner}/${key.name}`;
}

function allows({ conditions, must }: ItemChange, item: Item | undefined): boolean {
  if (must === 'be-absent') return item === undefined;
  if (must === 'exist' && item === undefined) return false;
  return conditions.every((condition: Condition) => holds(condition, item ?? 'missing'));
}

function changed(item: Item | undefined, { add = {}, set = {} }: ItemChange): Item {
  const sums = Object.entries(add).map(([name, by]) => [name, Number(item?.[name] ?? 0) + by]);
  return { ...item, ...Object.fromEntries(sums), ...set };
}

/** One order and the account behind it, told command by command: given what happened, when this, then that. */
export class OrderStory {
  readonly items: Items;
  readonly history: OrderEvent[] = [];
  /** What the latest command decided. */
  events: readonly OrderEvent[] = [];
  state: OrderState = unborn;
  #version = 0;

  constructor(items: Items = new Items()) {
    this.items = items;
  }

  do(command: OrderCommand, at: Timestamp = now): this {
    let attempt = withHistory(command, this.history);
    for (let attempts = 0; attempts < 5; attempts += 1) {
      const events = decide(attempt, this.state);
      const refusals = this.items.write(effects(attempt, this.state, events).changes);
      if (refusals.length === 0) return this.#keep(events, at);
      attempt = observe(attempt, refusals);
    }
    throw new Error(`the write of ${JSON.stringify(command)} is refused for ever`);
  }

  /** Whatever the venue says next. */
  venue(...reports: readonly VenueReport[]): this {
    for (const report of reports) {
      this.#version += 1;
      this.do(venue(report, this.#version));
    }
    return this;
  }

  get order(): Order {
    return existing(this.state);
  }

  get status(): OrdStatus {
    return ordStatus(this.order);
  }

  /** The types of the latest events. */
  get decided(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  /** The reasons the latest events name. */
  get reasons(): readonly string[] {
    return this.events.flatMap(({ data }) => ('reason' in data ? [data.reason] : []));
  }

  #keep(events: readonly OrderEvent[], at: Timestamp): this {
    this.events = events;
    for (const event of events) {
      this.state = evolve(this.state, event, at);
      this.history.push(event);
    }
    return this;
  }
}

function withHistory(command: OrderCommand, history: readonly OrderEvent[]): OrderCommand {
  return command.do === 'apply-report' ? { ...command, history: [...history] } : command;
}

/** An order just placed. */
export function placed(change: OrderChange = {}, items?: Items): OrderStory {
  return new OrderStory(items).do(place(change));
}

/** An order the venue works. */
export function working(change: OrderChange = {}, items?: Items): OrderStory {
  return placed(change, items).venue({ report: 'accept', venueOrderId: 'venue 1' });
}
