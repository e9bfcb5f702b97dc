import { orderStream } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { oppositeOf } from '../../domain/order/linked.ts';
import type { OrderState } from '../../domain/order/state.ts';
import type { RequestedTerms, Side } from '../../domain/order/terms.ts';
import { formatPrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import { quantity } from '../../domain/values/quantity.ts';
import { accountId, clientOrderId, orderId, requestId } from '../../domain/values/ids.ts';
import { requestHashOf } from '../../platform/command-handler/request-hash.ts';
import type { Outcome } from '../../platform/command-handler/outcome.ts';
import type { Prng } from './prng.ts';
import type { Life } from './process.ts';
import type { Request, Sim } from './sim.ts';
import { someChange, someLinked, someTerms } from './wishes.ts';

type OrderRequest = Request<OrderState, OrderEvent>;

interface Known {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
}

/** The orders of one account, known to all its clients. */
export type Book = Known[];

/** Places, cancels and replaces at random, asks again until it is answered, and now and then asks what it has asked before. */
export class Client {
  readonly #sim: Sim;
  readonly #name: string;
  readonly #account: string;
  readonly #book: Book;
  readonly #prng: Prng;
  readonly #asked: OrderRequest[] = [];
  #commands = 0;

  constructor(sim: Sim, name: string, account: string, book: Book) {
    this.#sim = sim;
    this.#name = name;
    this.#account = account;
    this.#book = book;
    this.#prng = sim.prng.fork(name);
  }

  async run(): Promise<void> {
    const busy = this.#prng.pick([10, 60, 200]);
    while (!this.#sim.isEnding) {
      await this.#sim.pause(this.#name, 'thinks', this.#prng.between(1, busy));
      await this.#act();
    }
  }

  async #act(): Promise<void> {
    const act = this.#prng.weighted({ place: 60, cancel: 10, replace: 18, repeat: 6, reuse: 2, desk: 4 });
    const known = this.#someOrder();
    if (act === 'repeat') return this.#repeat();
    if (act === 'reuse') return this.#reuse();
    if (act === 'place' || !known) return this.#place();
    if (act === 'cancel') return this.#ask(this.#cancel(known));
    if (act === 'desk') return this.#askOnce(this.#deskCancel(known));
    return this.#ask(this.#replace(known));
  }

  /** Mostly one that is still open, as far as its owner has heard. */
  #someOrder(): Known | undefined {
    const { orders } = this.#sim.auditor;
    const open = this.#book.filter(({ orderId: id }) => orders.get(id)?.isOpen);
    return this.#prng.chance(0.85) && open.length > 0
      ? this.#prng.any(open)
      : this.#prng.any(this.#book.slice(-8));
  }

  async #ask(request: OrderRequest): Promise<void> {
    this.#asked.push(request);
    // Two at once, as when a client's own retry overtakes its first try: both must get the same answer.
    const isDoubled = this.#prng.chance(0.08);
    if (isDoubled) this.#sim.spawn(async () => this.#sim.request({ ...request, what: 'doubled' }));
    await this.#sim.request(request);
  }

  async #askOnce(request: OrderRequest): Promise<void> {
    await this.#sim.request(request);
  }

  async #repeat(): Promise<void> {
    const request = this.#prng.any(this.#asked.slice(-30));
    if (request) await this.#sim.request({ ...request, what: 'repeat' });
  }

  /** The key of an earlier request for another one. */
  async #reuse(): Promise<void> {
    const request = this.#prng.any(this.#asked.slice(-30));
    if (!request?.key) return;
    const key = { ...request.key, requestHash: requestHashOf({ another: this.#commands }) };
    await this.#sim.request({ ...request, what: 'key reused', key });
  }

  async #place(): Promise<void> {
    const request = this.#meeting() ?? this.#any();
    const { symbol, side } = request;
    this.#asked.push(request);
    if (this.#prng.chance(0.1))
      this.#sim.spawn(async () => this.#sim.request({ ...request, what: 'doubled' }));
    const outcome = await this.#sim.request(request);
    // Of what was denied it remembers little.
    if (outcome?.state.kind === 'order' || this.#prng.chance(0.1))
      this.#book.push({ orderId: request.stream.slice('order-'.length), symbol, side });
    const { state } = outcome ?? {};
    if (state?.kind === 'order' && state.link?.role === 'entry')
      this.#book.push({ orderId: state.link.exit, symbol, side: oppositeOf(side) });
  }

  #any() {
    const symbol = this.#symbol();
    const isOurs = this.#sim.market.ours.includes(symbol);
    const side: Side = this.#prng.chance(isOurs ? 0.5 : 0.66) ? 'buy' : 'sell';
    return { ...this.#placing(this.#newName(), { symbol, side }), symbol, side };
  }

  /** An order that meets one that waits in our own book, whoever's it is. */
  #meeting() {
    const { auditor, market } = this.#sim;
    if (this.#prng.chance(0.5)) return undefined;
    const waiting = [...auditor.orders.values()].filter(
      ({ placed, isOpen }) => isOpen && market.ours.includes(placed.contract.symbol),
    );
    const other = this.#prng.any(waiting);
    const ticks = other?.terms.limitPrice;
    if (!other || ticks === undefined) return undefined;
    const { contract } = other.placed;
    const side = oppositeOf(other.placed.side);
    const requested: RequestedTerms = {
      orderType: 'limit',
      timeInForce: this.#prng.pick(['day', 'gtc', 'ioc'] as const),
      quantity: formatQuantity(quantity(Math.max(1, other.leaves + this.#prng.between(-3, 3))), contract),
      limitPrice: formatPrice(ticks, contract),
    };
    const { symbol } = contract;
    return { ...this.#placing(this.#newName(), { symbol, side, requested }), symbol, side };
  }

  #symbol(): string {
    const { symbols, ours } = this.#sim.market;
    if (this.#prng.chance(0.01)) return 'ZZZ';
    const isOurs = this.#prng.chance(0.6);
    return (isOurs ? this.#prng.any(ours) : undefined) ?? this.#prng.pick(symbols);
  }

  #placing(
    name: string,
    what: { readonly symbol: string; readonly side: Side; readonly requested?: RequestedTerms },
  ): OrderRequest {
    const { symbol, side } = what;
    const { market } = this.#sim;
    const instrument = market.instrument(symbol) ?? market.instrument('AAA');
    if (!instrument) throw new TypeError('there is an instrument');
    const requested = what.requested ?? someTerms(this.#prng, instrument, side, this.#sim.now);
    const id = orderId(`${this.#account}.${name}`);
    const isLinked = market.ours.includes(symbol) && !what.requested && this.#prng.chance(0.35);
    const linked = isLinked ? someLinked(this.#prng, instrument, { id, name, side, requested }) : undefined;
    const asked = { accountId: this.#account, symbol, side };
    return {
      what: linked ? `place ${linked.linked.class}` : 'place',
      name: `place ${id}`,
      stream: orderStream(id),
      actor: { kind: 'client', id: this.#name },
      key: { commandId: name, requestHash: requestHashOf({ requested, symbol, side, ...linked }) },
      expectNew: true,
      handle: async (life, stream, context) => {
        const { rules, config } = await life.rules(asked, context.deadline);
        const mine = { orderId: id, accountId: accountId(this.#account), clientOrderId: clientOrderId(name) };
        return life.order(
          stream,
          { do: 'place', ...mine, symbol, side, requested, ...linked, rules },
          { ...context, config },
        );
      },
    };
  }

  #cancel(known: Known): OrderRequest {
    const name = this.#newName();
    return {
      what: 'cancel',
      name: `cancel ${name}`,
      stream: orderStream(this.#prng.chance(0.02) ? `${this.#account}.unheard-of` : known.orderId),
      actor: { kind: 'client', id: this.#name },
      key: { commandId: name, requestHash: requestHashOf({ cancel: known.orderId }) },
      handle: cancelling(name, 'requested'),
    };
  }

  /** Without a key: what our own desk does is asked once, and must still happen at most once. */
  #deskCancel(known: Known): OrderRequest {
    const name = this.#newName();
    return {
      what: 'desk cancel',
      name: `desk ${name}`,
      stream: orderStream(known.orderId),
      actor: { kind: 'desk', id: 'desk' },
      triesMax: 1,
      handle: cancelling(name, 'kill_switch'),
    };
  }

  #replace(known: Known): OrderRequest {
    const { market } = this.#sim;
    const instrument = market.instrument(known.symbol) ?? market.instrument('AAA');
    if (!instrument) throw new TypeError('there is an instrument');
    // Rarely a name that is used already, by an order or by another replace.
    const name = this.#prng.chance(0.05) ? `${this.#name}-${this.#prng.between(1, 9)}` : this.#newName();
    const request = `${this.#newName()}-replaces`;
    const change = someChange(this.#prng, instrument, known.side);
    return {
      what: 'replace',
      name: `replace ${request}`,
      stream: orderStream(known.orderId),
      actor: { kind: 'client', id: this.#name },
      key: { commandId: request, requestHash: requestHashOf({ change, name }) },
      handle: async (life, stream, context) => {
        const asked = { accountId: this.#account, symbol: known.symbol, side: known.side };
        const { rules, config } = await life.rules(asked, context.deadline);
        return life.order(
          stream,
          {
            do: 'request-replace',
            requestId: requestId(request),
            replacementId: orderId(`${this.#account}.${name}`),
            clientOrderId: clientOrderId(name),
            change,
            rules,
          },
          { ...context, config },
        );
      },
    };
  }

  #newName(): string {
    this.#commands += 1;
    return `${this.#name}-${this.#commands}`;
  }
}

function cancelling(name: string, reason: 'requested' | 'kill_switch'): OrderRequest['handle'] {
  return async (life: Life, stream, context): Promise<Outcome<OrderState, OrderEvent>> =>
    life.order(stream, { do: 'request-cancel', requestId: requestId(name), reason }, context);
}
