import { noFees } from '../../domain/account/fees.ts';
import type { Contract } from '../../domain/instrument/instrument.ts';
import type { OrderCommand, PlaceOrder, VenueReport } from '../../domain/order/commands.ts';
import { decide } from '../../domain/order/decide.ts';
import { orderStream } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { evolve } from '../../domain/order/evolve.ts';
import { type OrderState, unborn } from '../../domain/order/state.ts';
import type { RequestedChange } from '../../domain/order/terms.ts';
import type { InstrumentRules, TradingRules } from '../../domain/risk/rules.ts';
import { accountId, clientOrderId, executionId, orderId, requestId } from '../../domain/values/ids.ts';
import { price } from '../../domain/values/price.ts';
import { quantity } from '../../domain/values/quantity.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Commit, StoredEvent } from '../../platform/event-store/port.ts';
import type { OrderCommit } from '../../platform/views/order-row.ts';
import { aCommit } from './commits.ts';

export const contract: Contract = { symbol: 'ACME', currency: 'USD', tickSize: '0.01', lotSize: '1' };

/** Every symbol but `NONE` is an instrument. */
export function rulesAt(now: Timestamp, symbol = contract.symbol): TradingRules {
  const instrument: InstrumentRules = {
    contract: { ...contract, symbol },
    tradable: true,
    halted: false,
    collarPpm: 900_000,
    passiveBandPpm: 900_000,
    referenceAgeMaxMs: 60_000,
    orderQuantityMax: 'unlimited',
    orderValueMax: 'unlimited',
    positionMax: 'unlimited',
  };
  return {
    now,
    day: '2026-11-22',
    instrument: symbol === 'NONE' ? undefined : instrument,
    reference: { price: price(10_000), at: now },
    session: 'open',
    account: {
      epoch: 1,
      orderQuantityMax: 'unlimited',
      orderValueMax: 'unlimited',
      openOrdersMax: 'unlimited',
      dayNotionalMax: 'unlimited',
      permittedSymbols: 'all',
      restrictedSymbols: [],
      duplicateWindowMs: 0,
    },
    fees: noFees,
    switches: { firm: false, account: false, instrument: false },
  };
}

const epoch = 1_763_856_000_000_000;

export interface ScriptOptions {
  readonly account?: string;
  readonly venue?: string;
  /** Seconds after the epoch of these tests that the first commit is made; each following one a second later. */
  readonly startsAt?: number;
}

/** One order's stream, decided by the domain: each step is a command, and a commit unless it decides nothing. */
export class OrderScript {
  readonly id: string;
  readonly stream: string;
  state: OrderState = unborn;
  readonly commits: OrderCommit[] = [];
  readonly #account: string;
  readonly #venue: string;
  #seconds: number;
  #reported = 0;
  #asked = 0;

  constructor(id: string, options: ScriptOptions = {}) {
    this.id = id;
    this.stream = orderStream(id);
    this.#account = options.account ?? 'account-1';
    this.#venue = options.venue ?? 'venue-1';
    this.#seconds = options.startsAt ?? 0;
  }

  place(
    change: Partial<PlaceOrder['requested']> & Partial<Pick<PlaceOrder, 'side' | 'symbol' | 'linked'>> = {},
  ): this {
    const { side = 'buy', symbol = 'ACME', linked, ...requested } = change;
    return this.run((now) => ({
      do: 'place',
      orderId: orderId(this.id),
      accountId: accountId(this.#account),
      clientOrderId: clientOrderId(`client-${this.id}`),
      symbol,
      side,
      ...(linked && { linked }),
      requested: { orderType: 'limit', timeInForce: 'day', quantity: '100', limitPrice: '100', ...requested },
      rules: rulesAt(now, symbol),
    }));
  }

  /** A replace to the outside id `<id>-r<n>`, n counting from 1. */
  replace(change: RequestedChange): this {
    this.#asked += 1;
    const replacement = `${this.id}-r${this.#asked}`;
    return this.run((now) => ({
      do: 'request-replace',
      requestId: requestId(`request-${replacement}`),
      replacementId: orderId(replacement),
      clientOrderId: clientOrderId(`client-${replacement}`),
      change,
      rules: rulesAt(now),
    }));
  }

  cancel(): this {
    this.#asked += 1;
    return this.run(() => ({
      do: 'request-cancel',
      requestId: requestId(`request-${this.id}-c${this.#asked}`),
      reason: 'requested',
    }));
  }

  fill(lots: number, ticks: number, id = `${this.id}-e${this.commits.length + 1}`): this {
    return this.report({
      report: 'execute',
      executionId: executionId(id),
      lastQuantity: quantity(lots),
      lastPrice: price(ticks),
    });
  }

  /** A fill whose report is at `version` of the venue's stream. */
  fillAt(version: number, { lots, ticks, id }: { lots: number; ticks: number; id: string }): this {
    const [lastQuantity, lastPrice] = [quantity(lots), price(ticks)];
    return this.report({ report: 'execute', executionId: executionId(id), lastQuantity, lastPrice }, version);
  }

  bust(id: string): this {
    return this.report({ report: 'bust', executionId: executionId(id) });
  }

  correct(id: string, to: { readonly id: string; readonly lots: number; readonly ticks: number }): this {
    return this.report({
      report: 'correct',
      replacesExecutionId: executionId(id),
      executionId: executionId(to.id),
      lastQuantity: quantity(to.lots),
      lastPrice: price(to.ticks),
    });
  }

  /** The venue's next report of this order; `version` says where in the venue's stream, when not there. */
  report(report: VenueReport, version = this.#reported + 1): this {
    this.#reported = Math.max(this.#reported, version);
    const history = this.commits.flatMap(({ events }) => events);
    const position = { stream: this.#venue, version, index: 0 };
    return this.run(() => ({ do: 'apply-report', position, report, history }));
  }

  run(command: (now: Timestamp) => OrderCommand): this {
    const at = timestamp(epoch + this.#seconds * 1_000_000);
    const events = decide(command(at), this.state);
    if (events.length === 0) return this;
    this.#seconds += 1;
    for (const event of events) this.state = evolve(this.state, event, at);
    this.commits.push({ version: this.commits.length + 1, at, events });
    return this;
  }

  /** The stream as the log holds it. */
  stored(): readonly Commit[] {
    return this.commits.map(({ version, at, events }) =>
      aCommit({
        stream: this.stream,
        version,
        at,
        commitId: `${this.stream}-${version}`,
        events: storedEvents(events),
      }),
    );
  }
}

function storedEvents(events: readonly OrderEvent[]): Commit['events'] {
  const [first, ...others] = events.map(
    ({ type, schema, data }): StoredEvent => ({
      type,
      schema,
      data: { ...data },
    }),
  );
  if (!first) throw new Error('a commit holds events');
  return [first, ...others];
}

/** Seconds after the epoch of these tests, as a time. */
export function second(seconds: number): Timestamp {
  return timestamp(epoch + seconds * 1_000_000);
}
