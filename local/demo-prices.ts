import type { Dependencies } from '../functions/dependencies.ts';
import type { QuotedPrice } from '../platform/reference-prices/reference-prices.ts';
import { systemContext } from './system-context.ts';

/** Looked after this often; restated at half the age at which orders would be denied. */
const everyMs = 60_000;

/**
 * Keeps the demo's made-up prices young, so that a newcomer's first order is not denied for a stale price; every one is on record as
 * said by `demo`. So is the last trade of the cell's own book, whose market is made up as well. A price that anybody else has set is left
 * alone: it grows old, and then denies, as it must.
 */
export class DemoPrices {
  readonly #dependencies: Dependencies;
  readonly #prices: Readonly<Record<string, string>>;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();

  /** `onFailure` is told when prices were not restated; they are, a minute later. Must not throw. */
  constructor(
    dependencies: Dependencies,
    prices: Readonly<Record<string, string>>,
    onFailure: (error: unknown) => void,
  ) {
    this.#dependencies = dependencies;
    this.#prices = prices;
    this.#onFailure = onFailure;
  }

  async start(): Promise<void> {
    await this.restate();
    this.#timer = setInterval(() => {
      this.#working = this.restate().catch(this.#onFailure);
    }, everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  async restate(): Promise<void> {
    const { prices, clock, config } = this.#dependencies;
    for (const [symbol, price] of Object.entries(this.#prices)) {
      const instrument = config.current().config.instrument(symbol);
      if (!instrument) continue;
      const context = systemContext('demo-prices', clock);
      const quote = await prices.quote(symbol, context.deadline);
      const ageMs = quote ? (clock.now() - quote.at) / 1000 : Number.POSITIVE_INFINITY;
      if (this.#isOurs(symbol, quote) && ageMs > instrument.rules.referenceAgeMaxMs / 2) {
        await prices.set(symbol, quote?.price ?? price, 'demo', context);
      }
    }
  }

  #isOurs(symbol: string, quote: QuotedPrice | undefined): boolean {
    if (quote === undefined || quote.source === 'demo') return true;
    return quote.source === 'venue' && this.#dependencies.market?.venue.trades(symbol) === true;
  }
}
