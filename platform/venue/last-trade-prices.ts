import { formatPrice } from '../../domain/instrument/instrument.ts';
import { price } from '../../domain/values/price.ts';
import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/within.ts';
import { deadlineIn, defaultCallMs } from '../deadline/deadline.ts';
import type { ReferencePrices } from '../reference-prices/reference-prices.ts';
import { bookActor } from './book-log.ts';
import type { BookUpdate } from './book-observer.ts';

/** How often the reference price of one instrument follows its trades at most. */
const everyMs = 1_000;

export interface LastTradePricesOptions {
  readonly prices: Pick<ReferencePrices, 'set'>;
  readonly clock: Clock;
  /** Must not throw. The next trade is another try. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The last trade of a book is what its instrument is worth: said as the venue's reference price, the newest of each second. One writer
 * per instrument, off the market's path.
 */
export class LastTradePrices {
  readonly #options: LastTradePricesOptions;
  readonly #latest = new Map<string, BookUpdate>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #stopping = Promise.withResolvers<void>();
  #isStopped = false;

  constructor(options: LastTradePricesOptions) {
    this.#options = options;
  }

  /** For `BookObservers.observe`. */
  readonly follow = (update: BookUpdate): void => {
    if (update.trades.length === 0 || this.#isStopped) return;
    const { symbol } = update;
    this.#latest.set(symbol, update);
    if (!this.#working.has(symbol)) this.#working.set(symbol, this.#say(symbol));
  };

  /** What is known by now is said before it resolves. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopping.resolve();
    await Promise.all(this.#working.values());
  }

  async #say(symbol: string): Promise<void> {
    for (let update = this.#take(symbol); update; update = this.#take(symbol)) {
      await this.#set(update);
      await within(this.#stopping.promise, everyMs, { clock: this.#options.clock, otherwise: undefined });
    }
    this.#working.delete(symbol);
  }

  #take(symbol: string): BookUpdate | undefined {
    const update = this.#latest.get(symbol);
    this.#latest.delete(symbol);
    return update;
  }

  async #set({ symbol, contract, trades, version }: BookUpdate): Promise<void> {
    const { prices, clock, onFailure } = this.#options;
    const last = trades.at(-1);
    if (!last) return;
    try {
      await prices.set(symbol, formatPrice(price(last.price), contract), 'venue', {
        actor: bookActor,
        deadline: deadlineIn(defaultCallMs, clock),
        correlationId: `book-${symbol}-${version}-${last.index}`,
      });
    } catch (error) {
      onFailure(error);
    }
  }
}
