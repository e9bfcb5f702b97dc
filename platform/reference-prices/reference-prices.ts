import { type Contract, parsePrice } from '../../domain/instrument/instrument.ts';
import {
  type PriceSource,
  referencePriceItem,
  type ReferencePriceSet,
  type ReferencePriceState,
  type SetReferencePrice,
} from '../../domain/instrument/reference-price.ts';
import type { TradingRules } from '../../domain/risk/rules.ts';
import { assert } from '../../domain/values/assert.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandHandler } from '../command-handler/command-handler.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { EventStore } from '../event-store/port.ts';
import { instrumentStream, referencePrice } from './aggregate.ts';

export interface QuotedPrice {
  /** Decimal text. */
  readonly price: string;
  readonly source: string;
  readonly at: ReturnType<typeof timestamp>;
}

/** What became of saying a price: under the key of an earlier one, `quote` is that of then. */
export interface PriceSaid {
  readonly outcome: 'committed' | 'replayed' | 'key-reused' | 'unchanged';
  readonly quote: QuotedPrice;
}

interface Remembered {
  readonly quote: QuotedPrice | undefined;
  readonly readAtMs: number;
}

export interface ReferencePricesOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly handler: CommandHandler<SetReferencePrice, ReferencePriceState, ReferencePriceSet>;
}

/** A price is read again once it was read this long ago: another process may have set it. Our own are seen at once. */
const readAgainAfterMs = 1_000;

/** What instruments are worth: set by the venue or an operator, asked for by every order. Its age is that of the saying, not of the reading. */
export class ReferencePrices {
  readonly #options: ReferencePricesOptions;
  readonly #remembered = new Map<string, Remembered>();

  constructor(options: ReferencePricesOptions) {
    this.#options = options;
  }

  /** In ticks; undefined when nobody has said, or off the grid that is in force now. */
  async inTicks(contract: Contract, deadline: Deadline): Promise<TradingRules['reference']> {
    const quote = await this.quote(contract.symbol, deadline);
    const ticks = quote && parsePrice(quote.price, contract);
    return ticks ? { price: ticks, at: quote.at } : undefined;
  }

  async quote(symbol: string, deadline: Deadline): Promise<QuotedPrice | undefined> {
    const { store, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const known = this.#remembered.get(symbol);
    if (known && nowMs - known.readAtMs < readAgainAfterMs) return known.quote;
    const item = await store.readItem(referencePriceItem(symbol), deadline);
    const { price, source, at } = item ?? {};
    const quote =
      typeof price === 'string' && typeof source === 'string' && typeof at === 'number'
        ? { price, source, at: timestamp(at) }
        : undefined;
    this.#remembered.set(symbol, { quote, readAtMs: nowMs });
    return quote;
  }

  /** What was last said by then; reads the instrument's whole stream. Undefined when nobody had said anything. */
  async quoteAt(symbol: string, asOf: Timestamp, deadline: Deadline): Promise<QuotedPrice | undefined> {
    const stream = instrumentStream(symbol);
    const { state } = await this.#options.handler.stateAt(stream, { asOf }, deadline);
    return state.kind === 'known' ? state : undefined;
  }

  /** Everything that was said up to a moment, oldest first. */
  async history(symbol: string, until: Timestamp, deadline: Deadline): Promise<readonly QuotedPrice[]> {
    const commits = await this.#options.store.read(instrumentStream(symbol), 1, deadline);
    return commits
      .filter(({ at }) => at <= until)
      .flatMap(({ at, events }) => events.map((stored) => ({ ...referencePrice.upcast(stored).data, at })));
  }

  async set(symbol: string, price: string, source: PriceSource, context: CommandContext): Promise<PriceSaid> {
    const command = { do: 'set-reference-price', symbol, price, source } as const;
    const outcome = await this.#options.handler.handle(instrumentStream(symbol), command, context);
    this.#remembered.delete(symbol);
    const { state } = outcome;
    assert(state.kind === 'known', 'a price that was said is known');
    return { outcome: outcome.outcome, quote: state };
  }
}
