import { formatPrice } from '../../domain/instrument/instrument.ts';
import type { KillSwitchCommand } from '../../domain/kill-switch/commands.ts';
import type { KillSwitchScope } from '../../domain/kill-switch/scope.ts';
import { executionId, orderId } from '../../domain/values/ids.ts';
import { price } from '../../domain/values/price.ts';
import { quantity } from '../../domain/values/quantity.ts';
import { timestamp } from '../../domain/values/time.ts';
import type { MarketInput } from '../../domain/venue/book-input.ts';
import { requestHashOf } from '../../platform/command-handler/request-hash.ts';
import { undoTrade } from '../../platform/venue/undo.ts';
import type { Prng } from './prng.ts';
import type { Life } from './process.ts';
import type { Sim } from './sim.ts';

const actor = { kind: 'operator', id: 'floor' } as const;

/** Whoever runs our own market: busts and corrects trades, halts books, holds auctions, ends days, changes configs, throws kill switches. */
export class Floor {
  readonly #sim: Sim;
  readonly #accounts: readonly [string, ...string[]];
  readonly #prng: Prng;
  #commands = 0;

  constructor(sim: Sim, accounts: readonly [string, ...string[]]) {
    this.#sim = sim;
    this.#accounts = accounts;
    this.#prng = sim.prng.fork('floor');
  }

  async run(): Promise<void> {
    const busy = this.#prng.pick([40, 120, 300]);
    while (!this.#sim.isEnding) {
      await this.#sim.pause('floor', 'thinks', this.#prng.between(20, busy));
      await this.#act(this.#symbol());
    }
    for (const symbol of this.#sim.market.ours) await this.#resume(symbol);
    // What is stopped for good has to be seen to stop.
    if (this.#prng.chance(0.3)) await this.#throw(this.#symbol());
  }

  async #resume(symbol: string): Promise<void> {
    await this.#command(symbol, [
      { input: 'resume', by: 'operator' },
      { input: 'resume', by: 'calendar' },
    ]);
  }

  /** What stops watch; the book's own trades are not heard of here. */
  async quote(): Promise<void> {
    while (!this.#sim.isEnding) {
      await this.#sim.pause('floor', 'quotes', this.#prng.between(100, 500));
      const symbol = this.#symbol();
      const instrument = this.#sim.market.instrument(symbol);
      if (!instrument) continue;
      const away = this.#prng.between(-instrument.reference / 10, instrument.reference / 10);
      const said = formatPrice(
        price(Math.max(1, Math.round(instrument.reference + away))),
        instrument.rules.contract,
      );
      await this.#sim.attempt('quote', (life) =>
        life.prices.set(symbol, said, 'operator', this.#context(life)),
      );
    }
  }

  async #act(symbol: string): Promise<void> {
    if (this.#sim.auditor.switches.all().length > 0 && this.#prng.chance(0.5)) return this.#release();
    const act = this.#prng.weighted({
      undo: 40,
      halt: 4,
      resume: 20,
      auction: 6,
      expire: 6,
      config: 10,
      switch: 3,
      release: 20,
      query: 4,
      mass: 1,
    });
    switch (act) {
      case 'undo':
        return this.#undo(symbol);
      case 'halt':
        return this.#command(symbol, [
          { input: 'halt', by: this.#prng.pick(['operator', 'calendar'] as const) },
        ]);
      case 'resume':
        return this.#resume(symbol);
      case 'auction':
        return this.#auction(symbol);
      case 'expire':
        return this.#command(symbol, [{ input: 'expire-day' }, { input: 'expire-date', now: this.#now() }]);
      case 'config':
        return this.#sim.market.change();
      case 'switch':
        return this.#throw(symbol);
      case 'release':
        return this.#release();
      case 'query':
        return this.#query();
      case 'mass':
        return this.#command(symbol, [{ input: 'mass-cancel', reason: 'requested' }]);
    }
  }

  #symbol(): string {
    return this.#prng.any(this.#sim.market.ours) ?? 'BBB';
  }

  #now() {
    return timestamp(this.#sim.now);
  }

  /** A call, and the auction that ends it; after the last of a day, the next begins with a call. */
  async #auction(symbol: string): Promise<void> {
    const reference = price(this.#sim.market.instrument(symbol)?.reference ?? 1);
    const call = this.#prng.pick(['closing_call', 'opening_call', 'opening_call'] as const);
    await this.#command(symbol, [{ input: 'begin-call', call }]);
    await this.#sim.pause('floor', 'calls', this.#prng.between(1, 400));
    const isWithout = call === 'closing_call' && this.#prng.chance(0.2);
    await this.#command(symbol, [
      isWithout ? { input: 'end-day' } : { input: 'uncross', referencePrice: reference },
    ]);
    await this.#command(symbol, [{ input: 'begin-call', call: 'opening_call' }]);
    await this.#command(symbol, [{ input: 'uncross', referencePrice: reference }]);
  }

  /** Until it is known to be done, as operators do; doing it twice must be harmless. */
  async #undo(symbol: string): Promise<void> {
    const trade = this.#sim.auditor.books.someTrade(symbol, this.#prng);
    if (!trade) return;
    const side = this.#prng.pick(['B', 'S'] as const);
    const named = { symbol, executionId: executionId(`${symbol}-${trade.version}-${trade.index}-${side}`) };
    const correction = {
      price: price(Math.max(1, trade.price + this.#prng.between(-3, 3))),
      quantity: quantity(Math.max(1, trade.lots + this.#prng.pick([-2, -1, 0, 0, 0, 1]))),
    };
    const asked = this.#prng.chance(0.5) ? named : { ...named, correction };
    await this.#until('undo', (life) =>
      undoTrade(life.consumers.venue, life.store, asked, this.#context(life)),
    );
  }

  async #command(symbol: string, inputs: readonly MarketInput[]): Promise<void> {
    await this.#until('market', (life) =>
      life.consumers.venue.command(symbol, inputs, life.deadlineIn(this.#sim.isEnding ? 10_000 : 3_000)),
    );
  }

  async #query(): Promise<void> {
    const id = this.#prng.any([...this.#sim.auditor.orders.keys()]);
    if (id === undefined) return;
    await this.#sim.attempt('query', (life) =>
      life.consumers.venue.query(orderId(id), life.deadlineIn(3_000)),
    );
  }

  async #until(what: string, work: (life: Life) => Promise<unknown>): Promise<void> {
    for (let times = 1; times <= 30; times += 1) {
      if (await this.#sim.attempt(what, work)) return this.#sim.tally.count(`floor: ${what}`);
      await this.#sim.pause('floor', `${what} again`, this.#prng.between(5, 300));
    }
  }

  async #throw(symbol: string): Promise<void> {
    const scope = this.#prng.pick<KillSwitchScope>([
      { of: 'firm' },
      { of: 'account', accountId: this.#prng.pick(this.#accounts) },
      { of: 'instrument', symbol },
      { of: 'instrument', symbol },
    ]);
    const allowReducing = this.#prng.chance(0.3);
    await this.#switch({ do: 'throw', scope, allowReducing, reason: 'a look', by: 'floor' });
  }

  async #release(): Promise<void> {
    const thrown = this.#prng.any(this.#sim.auditor.switches.all());
    if (!thrown) return;
    const to = this.#prng.pick(['off', 'off', 'reduce-only'] as const);
    const { scope, thrown: version } = thrown;
    const by = { reason: 'all well', by: 'floor', approvalId: 'two persons' };
    await this.#switch({ do: 'release', scope, to, thrown: version, ...by });
  }

  async #switch(command: KillSwitchCommand): Promise<void> {
    this.#commands += 1;
    const name = `switch-${this.#commands}`;
    await this.#sim.request({
      what: `switch: ${command.do}`,
      name,
      stream: 'killswitch-simulated',
      actor,
      key: { commandId: name, requestHash: requestHashOf(command) },
      handle: async (life, _stream, context) => life.killSwitch.change(command, context),
    });
  }

  #context(life: Life) {
    return { actor, deadline: life.deadlineIn(3_000) };
  }
}
