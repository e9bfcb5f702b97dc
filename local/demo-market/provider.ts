import { formatPrice, formatQuantity, moneyFor } from '../../domain/instrument/instrument.ts';
import type { PlaceOrder } from '../../domain/order/commands.ts';
import { orderStream } from '../../domain/order/effects.ts';
import { isOpen, leavesQuantity, type OrderState } from '../../domain/order/state.ts';
import type { Side } from '../../domain/order/terms.ts';
import { accountId, clientOrderId, orderId, requestId } from '../../domain/values/ids.ts';
import { notional } from '../../domain/values/notional.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Quantity } from '../../domain/values/quantity.ts';
import { timestamp } from '../../domain/values/time.ts';
import { commandKey } from '../../functions/api/door/request.ts';
import { RulesDesk, type RulesInForce } from '../../functions/api/shared/trading-rules.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import { cancelOpenOrders } from '../../platform/cancelling/cancel-open-orders.ts';
import { deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import { uuidV5 } from '../../platform/ids/uuid.ts';
import type { Instrument } from '../../platform/hot-config/trading-config.ts';
import { systemContext } from '../system-context.ts';
import { around, type Middle, quotedPrice, quotedQuantity, type QuoteStyle } from './quote.ts';

export const who = 'demo-market';
/** On every order of a provider: whoever reads one sees that nobody stands behind it. */
export const strategyId = 'simulated-liquidity';
/** A quote that nobody looks after any more ends by itself. */
const quoteLifeMicros = 6 * 3_600 * 1_000_000;
/** A quote is renewed so long before it ends. */
const renewMicros = 60 * 1_000_000;
/** After a refusal nothing is tried for this long: a refusal is on record too. */
const afterRefusalMicros = 60 * 1_000_000;
const sides = ['buy', 'sell'] as const;
const canceledAtMost = 3;

interface Standing {
  readonly orderId: string;
  readonly quantity: Quantity;
}

/** What a provider has in one instrument. */
interface Quoted {
  readonly middle: Middle;
  readonly until: number;
  readonly orders: readonly Standing[];
}

export interface Refused {
  readonly symbol: string;
  readonly side: Side;
  readonly reason: string;
}

/** One made-up market maker: an account with a bid and an ask in every instrument. Its orders are orders like everybody's. */
export class Provider {
  readonly accountId: string;
  readonly #style: QuoteStyle;
  readonly #dependencies: Dependencies;
  readonly #desk: RulesDesk;
  readonly #quoted = new Map<string, Quoted>();
  readonly #notBefore = new Map<string, number>();

  constructor(account: string, style: QuoteStyle, dependencies: Dependencies) {
    this.accountId = account;
    this.#style = style;
    this.#dependencies = dependencies;
    this.#desk = new RulesDesk(dependencies);
  }

  /** What a process before this one left in the books. */
  async cancelOld(): Promise<void> {
    const { clock, random } = this.#dependencies;
    const request = { accountId: this.accountId, reason: 'requested', cause: random.id() } as const;
    for (let time = 0; time < canceledAtMost; time += 1) {
      const done = await cancelOpenOrders(this.#dependencies, request, systemContext(who, clock));
      if (done.isComplete) return;
    }
  }

  async cancelAll(): Promise<void> {
    for (const symbol of this.#quoted.keys()) await this.#cancel(symbol);
  }

  /** Whether the quotes of a symbol are gone, nearly over, or not where they belong; false for a while after a refusal. */
  async isDue(symbol: string, middle: Price): Promise<boolean> {
    const quoted = this.#quoted.get(symbol);
    const now = this.#dependencies.clock.now();
    if (now < (this.#notBefore.get(symbol) ?? 0)) return false;
    if (!quoted || quoted.orders.length < sides.length || quoted.until - now < renewMicros) return true;
    if (middle < quoted.middle.from || middle > quoted.middle.to) return true;
    const standing = quoted.orders.map(async (one) => this.#stands(one));
    return !(await Promise.all(standing)).every(Boolean);
  }

  /** New quotes instead of the old ones. Gives what was refused; then nothing is tried for a while. */
  async quote(instrument: Instrument, middle: Price): Promise<readonly Refused[]> {
    const { symbol } = instrument.entry;
    await this.#cancel(symbol);
    const until = this.#dependencies.clock.now() + quoteLifeMicros;
    const placed = await Promise.all(
      sides.map(async (side) => this.#place(instrument, { side, middle, until })),
    );
    const orders = placed.filter((one) => 'orderId' in one);
    const refused = placed.filter((one) => 'reason' in one);
    this.#quoted.set(symbol, { middle: around(middle, this.#style), until, orders });
    if (refused.length > 0) this.#notBefore.set(symbol, this.#dependencies.clock.now() + afterRefusalMicros);
    return refused;
  }

  /** What decides about an order here, asked without placing one. */
  async rules(symbol: string, side: Side): Promise<RulesInForce> {
    const { clock } = this.#dependencies;
    return this.#desk.inForce({ accountId: this.accountId, symbol, side }, deadlineIn(longestCallMs, clock));
  }

  async #place(
    { entry: { symbol }, rules: { contract } }: Instrument,
    { side, middle, until }: { readonly side: Side; readonly middle: Price; readonly until: number },
  ): Promise<Standing | Refused> {
    const { orders, clock } = this.#dependencies;
    const { rules, config, epoch } = await this.rules(symbol, side);
    const name = `${symbol}-${side}-${clock.now()}`;
    const limitPrice = quotedPrice(side, middle, this.#style);
    const quantity = quotedQuantity(moneyFor(notional(limitPrice), contract, 'up'), this.#style);
    const content = {
      symbol,
      side,
      strategyId,
      requested: {
        orderType: 'limit',
        timeInForce: 'gtd',
        quantity: formatQuantity(quantity, contract),
        limitPrice: formatPrice(limitPrice, contract),
        expireAt: timestamp(until),
      },
    } satisfies Partial<PlaceOrder>;
    const id = uuidV5(this.accountId, name);
    const { state } = await orders.handle(
      orderStream(id),
      {
        do: 'place',
        orderId: orderId(id),
        accountId: accountId(this.accountId),
        clientOrderId: clientOrderId(name),
        ...content,
        rules,
      },
      systemContext(who, clock, { key: commandKey(name, content), config, epoch, expectNew: true }),
    );
    if (state.kind === 'order') return { orderId: id, quantity };
    const reason = state.kind === 'denied' ? state.denial.reason : 'account_unknown';
    return { symbol, side, reason };
  }

  async #cancel(symbol: string): Promise<void> {
    const { orders, clock, config } = this.#dependencies;
    const { orders: standing = [] } = this.#quoted.get(symbol) ?? {};
    this.#quoted.delete(symbol);
    const canceled = standing.map(async ({ orderId: id }) => {
      const { state } = await orders.load(orderStream(id), deadlineIn(longestCallMs, clock));
      if (!isOpenOrder(state)) return;
      const command = {
        do: 'request-cancel',
        requestId: requestId(`requote ${id}`),
        reason: 'requested',
      } as const;
      await orders.handle(
        orderStream(id),
        command,
        systemContext(who, clock, { config: config.current().version }),
      );
    });
    await Promise.all(canceled);
  }

  /** With at least half of what was quoted: one that was nibbled at is not worth a message. */
  async #stands({ orderId: id, quantity }: Standing): Promise<boolean> {
    const { orders, clock } = this.#dependencies;
    const { state } = await orders.load(orderStream(id), deadlineIn(longestCallMs, clock));
    return isOpenOrder(state) && leavesQuantity(state) * 2 >= quantity;
  }
}

function isOpenOrder(state: OrderState): state is Extract<OrderState, { kind: 'order' }> {
  return state.kind === 'order' && isOpen(state);
}
