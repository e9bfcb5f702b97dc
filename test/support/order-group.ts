import type { OrderCommand, PlaceOrder, VenueReport } from '../../domain/order/commands.ts';
import { decide } from '../../domain/order/decide.ts';
import { effects, observe, orderStream } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { evolve } from '../../domain/order/evolve.ts';
import type { LinkedRequest } from '../../domain/order/linked.ts';
import { existing, type Order, type OrderState, unborn } from '../../domain/order/state.ts';
import { clientOrderId, orderId } from '../../domain/values/ids.ts';
import { now, type OrderChange, place } from './order.ts';
import { Items } from './order-story.ts';

const leg = (name: string) => ({ orderId: orderId(name), clientOrderId: clientOrderId(name) });
export const profitId = orderId('take profit');
export const stopId = orderId('stop loss');

export const takeProfit = (limitPrice: string) => ({ ...leg(profitId), limitPrice });
export const stopLoss = (stopPrice: string, limitPrice?: string) => ({
  ...leg(stopId),
  stopPrice,
  ...(limitPrice !== undefined && { limitPrice }),
});

/** Buy 10 at 100, take profit at 110, stop the loss at 95. */
export const bracket: LinkedRequest = {
  class: 'bracket',
  takeProfit: takeProfit('110'),
  stopLoss: stopLoss('95'),
};
/** Sell 10 at 110, or at 95. */
export const oco: LinkedRequest = { class: 'oco', stopLoss: stopLoss('95') };

export function placeLinked(linked: LinkedRequest, change: OrderChange = {}): PlaceOrder {
  return { ...place(change), linked };
}

/** A bracket's change to `place`: its exits live as long as the entry may. */
export const saleAt110: OrderChange = { side: 'sell', limitPrice: '110', timeInForce: 'gtc' };

/** The orders of one group over one account, told command by command; consumers are what `follow` does. */
export class OrderGroup {
  readonly items: Items;
  /** By stream. */
  readonly #states = new Map<string, OrderState>();
  readonly history = new Map<string, OrderEvent[]>();
  readonly #versions = new Map<string, number>();
  events: readonly OrderEvent[] = [];

  constructor(items: Items = new Items()) {
    this.items = items;
  }

  do(id: string, command: OrderCommand): this {
    const stream = orderStream(id);
    const before = this.#states.get(stream) ?? unborn;
    let attempt: OrderCommand =
      command.do === 'apply-report' ? { ...command, history: this.history.get(stream) ?? [] } : command;
    for (let attempts = 0; attempts < 5; attempts += 1) {
      const events = decide(attempt, before);
      const { changes, beginnings } = effects(attempt, before, events);
      const refusals = this.items.write(changes);
      if (refusals.length === 0) {
        this.events = events;
        this.#fold(stream, events);
        for (const begun of beginnings) this.#fold(begun.stream, begun.events);
        return this;
      }
      attempt = observe(attempt, refusals);
    }
    throw new Error(`the write of ${JSON.stringify(command)} is refused for ever`);
  }

  venue(id: string, ...reports: readonly VenueReport[]): this {
    for (const report of reports) {
      const version = (this.#versions.get(id) ?? 0) + 1;
      this.#versions.set(id, version);
      this.do(id, { do: 'apply-report', position: { stream: `venue-${id}`, version, index: 0 }, report });
    }
    return this;
  }

  /** Carries out every turn an entry has announced, as often as it is called. */
  follow(session: 'open' | 'closed' = 'open'): this {
    const turns = [...this.history.values()].flatMap((events) =>
      events.flatMap((event) => (event.type === 'ExitDue' ? [event.data] : [])),
    );
    for (const { exit, quantity } of turns)
      this.do(exit, { do: 'release-exit', quantity, session, positionMax: 1_000_000 });
    return this;
  }

  state(id: string): OrderState {
    return this.#states.get(orderStream(id)) ?? unborn;
  }

  order(id: string): Order {
    return existing(this.state(id));
  }

  get orders(): readonly Order[] {
    return [...this.#states.values()].filter((state): state is Order => state.kind === 'order');
  }

  /** Of the latest events. */
  get types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  get reasons(): readonly string[] {
    return this.events.flatMap(({ data }) => ('reason' in data ? [data.reason] : []));
  }

  #fold(stream: string, events: readonly OrderEvent[]): void {
    let state = this.#states.get(stream) ?? unborn;
    for (const event of events) state = evolve(state, event, now);
    this.#states.set(stream, state);
    this.history.set(stream, [...(this.history.get(stream) ?? []), ...events]);
  }
}
