import { parsePrice } from '../../domain/instrument/instrument.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Dependencies } from '../../functions/dependencies.ts';
import { Rounds } from '../../platform/clock/rounds.ts';
import type { Instrument } from '../../platform/hot-config/trading-config.ts';
import { demoAccountId, moveIn, openDemoAccount } from '../demo.ts';
import type { Demo } from '../seed.ts';
import { type PriceWalk, strayedPpm } from './made-up-price.ts';
import { Provider, type Refused } from './provider.ts';
import { middleOf } from './quote.ts';

const everyMs = 1_000;
/** Instruments that one provider quotes anew in a round: at most four messages for each. The first round may quote them all. */
const requotesMax = 2;
const hourMicros = 3_600 * 1_000_000;

type Terms = Demo['market']['providers'][number];

interface Quoting {
  readonly provider: Provider;
  readonly terms: Terms;
}

/**
 * Simulated liquidity providers for a cell that nobody else trades in: a bid and an ask in every instrument while its session is open, so
 * that a first market order finds somebody at any hour. Their prices are made up and come back to where the demo says they belong. They
 * go the way of every order: limits, collars, halts and kill switches hold for them too.
 */
export class DemoMarket {
  readonly #dependencies: Dependencies;
  readonly #demo: Demo;
  readonly #walk: PriceWalk;
  readonly #quoting: readonly Quoting[];
  readonly #rounds: Rounds;
  readonly #onFailure: (error: unknown) => void;

  /** `onFailure` is told of a round that failed; there is another in a second. Must not throw. */
  constructor(demo: Demo, dependencies: Dependencies, onFailure: (error: unknown) => void) {
    this.#demo = demo;
    this.#dependencies = dependencies;
    this.#onFailure = onFailure;
    this.#walk = demo.market.walk;
    this.#quoting = demo.market.providers.map((terms) => ({
      terms,
      provider: new Provider(demoAccountId(terms.name), terms, dependencies),
    }));
    const { clock } = dependencies;
    const round = async () => {
      await this.#round(requotesMax);
      return everyMs;
    };
    this.#rounds = new Rounds({ clock, round, afterFailureMs: everyMs, onFailure });
  }

  /** Everything is quoted once this resolves, unless something keeps it from being: that is tried again. */
  async start(): Promise<void> {
    await this.#open();
    for (const { provider } of this.#quoting) await provider.cancelOld();
    const all = [...this.#dependencies.config.current().config.instruments].length;
    await this.#round(all).catch(this.#onFailure);
    this.#rounds.start(everyMs);
  }

  /** Leaves no quotes behind. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    for (const { provider } of this.#quoting) await provider.cancelAll();
  }

  /** Each step is known by its id: doing it again does nothing. */
  async #open(): Promise<void> {
    for (const { terms } of this.#quoting) {
      const { name, cash, currency, shares: amount } = terms;
      await openDemoAccount({ name, cash, currency }, this.#dependencies);
      for (const asset of Object.keys(this.#demo.referencePrices))
        await moveIn({ name, funding: `funding ${name} ${asset}`, asset, amount }, this.#dependencies);
    }
  }

  async #round(most: number): Promise<void> {
    for (const { provider, terms } of this.#quoting) {
      let requoted = 0;
      for (const instrument of this.#dependencies.config.current().config.instruments) {
        if (requoted >= most) break;
        const middle = await this.#middle(provider, instrument);
        if (middle === undefined || !(await provider.isDue(instrument.entry.symbol, middle))) continue;
        requoted += 1;
        for (const refused of await provider.quote(instrument, middle)) await this.#refill(terms, refused);
      }
    }
  }

  /** Undefined: an order would be refused before anybody looked at its price, or nobody has said where the price belongs. */
  async #middle(
    provider: Provider,
    { entry: { symbol }, rules: of }: Instrument,
  ): Promise<Price | undefined> {
    const { market, clock } = this.#dependencies;
    const text = this.#demo.referencePrices[symbol];
    const base = text === undefined ? undefined : parsePrice(text, of.contract);
    if (base === undefined || market?.venue.trades(symbol) !== true) return undefined;
    const { rules } = await provider.rules(symbol, 'buy');
    const { firm, account, instrument } = rules.switches;
    const isStopped = firm || account || instrument || of.halted || !of.tradable;
    if (isStopped || rules.session !== 'open' || !rules.reference) return undefined;
    const strayed = strayedPpm(this.#walk, symbol, Math.floor(clock.now() / 1_000));
    return middleOf(base, rules.reference.price, strayed, of);
  }

  /** Clients may have bought all its shares, or sold it more than it can pay. At most once an hour. */
  async #refill({ name, cash, currency, shares }: Terms, { symbol, reason }: Refused): Promise<void> {
    if (reason !== 'insufficient_funds' && reason !== 'insufficient_shares') return;
    const [asset, amount] = reason === 'insufficient_funds' ? [currency, cash] : [symbol, shares];
    const hour = Math.floor(this.#dependencies.clock.now() / hourMicros);
    await moveIn({ name, funding: `refill ${name} ${asset} ${hour}`, asset, amount }, this.#dependencies);
  }
}
