import type { FeeSchedule } from '../../domain/account/fees.ts';
import type { Contract } from '../../domain/instrument/instrument.ts';
import type {
  AccountRules,
  InstrumentRules,
  Limit,
  Switches,
  TradingRules,
} from '../../domain/risk/rules.ts';
import { price } from '../../domain/values/price.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { TradingConfig } from '../../platform/hot-config/trading-config.ts';
import { epochMicros } from './clock.ts';
import { tradingConfig } from './market-config.ts';
import type { Prng } from './prng.ts';

export interface Instrument {
  readonly rules: InstrumentRules;
  readonly fees: FeeSchedule;
  /** Ticks. */
  reference: number;
  referenceAt: Timestamp;
}

/** Grids that round in every way: cents, fractions of a cent, fractions of a share, and a currency without decimals. */
const contracts: readonly Contract[] = [
  { symbol: 'AAA', currency: 'USD', tickSize: '0.01', lotSize: '1' },
  { symbol: 'BBB', currency: 'USD', tickSize: '0.0001', lotSize: '1' },
  { symbol: 'CCC', currency: 'EUR', tickSize: '0.05', lotSize: '0.001' },
  { symbol: 'DDD', currency: 'JPY', tickSize: '0.5', lotSize: '1' },
];

const schedules: readonly FeeSchedule[] = [
  { ratePpm: 0, perLotMicros: 0, minimum: 0 },
  { ratePpm: 1_500, perLotMicros: 0, minimum: 0 },
  { ratePpm: 300, perLotMicros: 350_000, minimum: 1 },
  { ratePpm: 0, perLotMicros: 500_000, minimum: 95 },
];

/** A trading day in virtual time; the market is closed for its last fifth. */
export const dayMs = 1_500;
const openMs = 1_250;

export const largestOrder = 40;

/** What is configured, under the name it has in commits. */
export interface MarketVersion {
  readonly version: string;
  readonly config: TradingConfig;
  readonly account: AccountRules;
  readonly instruments: ReadonlyMap<string, InstrumentRules>;
}

const noSwitches: Switches = { firm: false, account: false, instrument: false };

/** Prices, sessions and limits: everything outside an order that decides whether it may be placed. */
export class Market {
  readonly symbols: readonly [string, ...string[]];
  /** Those that trade in our own books; the others trade elsewhere. */
  readonly ours: readonly string[];
  #account: AccountRules;
  readonly #halted = new Set<string>();
  readonly #versions: [MarketVersion, ...MarketVersion[]];
  readonly #instruments = new Map<string, Instrument>();
  readonly #prng: Prng;

  constructor(prng: Prng) {
    this.#prng = prng;
    const all = contracts.slice(0, prng.between(2, contracts.length));
    for (const contract of all) this.#instruments.set(contract.symbol, this.#instrument(contract));
    this.symbols = ['AAA', ...all.slice(1).map(({ symbol }) => symbol)];
    this.ours = this.symbols.slice(1).filter((symbol) => symbol === 'BBB' || prng.chance(0.5));
    this.#account = {
      epoch: 1,
      orderQuantityMax: 'unlimited',
      orderValueMax: this.#limit(2_000_000, 9_000_000),
      openOrdersMax: this.#limit(3, 12),
      dayNotionalMax: this.#limit(100_000, 1_500_000),
      permittedSymbols: 'all',
      restrictedSymbols: [],
      duplicateWindowMs: prng.chance(0.3) ? 300 : 0,
    };
    this.#versions = [this.#versionNow(1)];
  }

  /** What is in force by now. */
  get current(): MarketVersion {
    return this.#versions.at(-1) ?? this.#versions[0];
  }

  /** As it was when it had this name; the first for what names none. */
  at(version: string | undefined): MarketVersion {
    return this.#versions.find((one) => one.version === version) ?? this.#versions[0];
  }

  /** A new config: an instrument is halted or goes on, or the limits of the accounts are others. */
  change(): void {
    const symbol = this.#prng.pick(this.symbols);
    const what = this.#prng.pick(['halt', 'go on', 'go on', 'go on', 'limits', 'limits'] as const);
    if (what === 'halt') this.#halted.add(symbol);
    else if (what === 'go on') this.#halted.delete(symbol);
    else
      this.#account = {
        ...this.#account,
        openOrdersMax: this.#limit(3, 12),
        dayNotionalMax: this.#limit(100_000, 1_500_000),
      };
    this.#versions.push(this.#versionNow(this.#versions.length + 1));
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  isOpen(now: Timestamp): boolean {
    return ((now - epochMicros) / 1_000) % dayMs < openMs;
  }

  /** A little up, a little down; sometimes silence, until the reference price is too old. */
  move(now: Timestamp): void {
    for (const instrument of this.#instruments.values()) {
      if (this.#prng.chance(0.3)) continue;
      instrument.reference = Math.max(20, instrument.reference + this.#prng.between(-3, 3));
      instrument.referenceAt = now;
    }
  }

  rules(
    symbol: string,
    now: Timestamp,
    { version, switches = noSwitches }: { readonly version: string; readonly switches?: Switches },
  ): TradingRules {
    const instrument = this.#instruments.get(symbol);
    const known = this.at(version);
    return {
      now,
      day: dayOf(now),
      instrument: known.instruments.get(symbol),
      reference: instrument && { price: price(instrument.reference), at: instrument.referenceAt },
      session: this.isOpen(now) ? 'open' : 'closed',
      account: known.account,
      fees: instrument?.fees ?? { ratePpm: 0, perLotMicros: 0, minimum: 0 },
      switches,
    };
  }

  #versionNow(number: number): MarketVersion {
    const version = `market-${number}`;
    const instruments = new Map(
      [...this.#instruments].map(([symbol, { rules }]) => [
        symbol,
        { ...rules, halted: this.#halted.has(symbol) },
      ]),
    );
    const config = tradingConfig([...instruments.values()], this.ours);
    return { version, config, account: this.#account, instruments };
  }

  #instrument(contract: Contract): Instrument {
    const prng = this.#prng;
    return {
      rules: {
        contract,
        tradable: true,
        halted: false,
        collarPpm: prng.pick([20_000, 100_000, 250_000]),
        passiveBandPpm: 400_000,
        referenceAgeMaxMs: 2_500,
        orderQuantityMax: largestOrder,
        orderValueMax: 'unlimited',
        positionMax: this.#limit(30, 150),
      },
      fees: prng.any(schedules) ?? { ratePpm: 0, perLotMicros: 0, minimum: 0 },
      reference: prng.pick([60, 500, 10_000, 40_000]),
      referenceAt: timestamp(epochMicros),
    };
  }

  #limit(least: number, most: number): Limit {
    return this.#prng.chance(0.4) ? 'unlimited' : this.#prng.between(least, most);
  }
}

/** Each virtual day has a date of its own. */
export function dayOf(now: Timestamp): string {
  const day = Math.floor((now - epochMicros) / 1_000 / dayMs);
  return new Date(epochMicros / 1_000 + day * 86_400_000).toISOString().slice(0, 10);
}
