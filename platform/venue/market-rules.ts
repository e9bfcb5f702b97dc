import type { Contract } from '../../domain/instrument/instrument.ts';
import type { KillSwitches } from '../../domain/kill-switch/state.ts';
import { type AccountId, accountId } from '../../domain/values/ids.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { SelfTradePrevention } from '../../domain/venue/new-order.ts';
import type { CalendarDay } from '../../domain/venue/calendar-day.ts';
import type { Phase } from '../../domain/venue/phase.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { HotConfig } from '../hot-config/port.ts';
import { calendarDay, openingOf } from '../hot-config/sessions.ts';
import type { TradingConfig } from '../hot-config/trading-config.ts';
import type { KillSwitch } from '../kill-switch/port.ts';
import type { ReferencePrices } from '../reference-prices/reference-prices.ts';

/** What the config says of one instrument. */
export interface MarketRules {
  /** Whether new orders come here. */
  readonly isOurs: boolean;
  readonly contract: Contract;
  /** How the book begins where no calendar leads it. */
  readonly phase: Phase;
}

/** Where the calendar has a market by now. */
export interface MarketDay extends CalendarDay {
  readonly opensAt: () => Timestamp;
}

/** What must not go on now. */
export interface MarketStops {
  /** New orders are refused and nothing trades; cancels work. */
  readonly isHalted: boolean;
  /** What works is canceled as well: everybody's, or these accounts'. */
  readonly isKilled: boolean;
  readonly killedAccounts: readonly AccountId[];
}

/** What own books need to know from outside. */
export interface MarketSource {
  /** Undefined: there is no such instrument. */
  rules(symbol: string): MarketRules | undefined;
  /** Throws what is retryable when nobody can say: then nothing may trade. */
  stops(symbol: string, deadline: Deadline): Promise<MarketStops>;
  selfTradePrevention(accountId: string): SelfTradePrevention;
  /** Undefined: no calendar leads it. */
  calendar(symbol: string, now: Timestamp): MarketDay | undefined;
  /** What an auction's price is to be near to, in ticks; undefined when nobody has said. */
  referencePrice(contract: Contract, deadline: Deadline): Promise<Price | undefined>;
  /** The version of the config, for the commits. */
  readonly version: string;
}

export const internalVenue = 'internal';

/** Whether new orders of this instrument trade in a book of ours. */
export function isOursIn(config: TradingConfig, symbol: string): boolean {
  return config.instrument(symbol)?.entry.venue === internalVenue;
}

/** The hot config and the kill switches, read anew with every question. */
export class ConfiguredMarkets implements MarketSource {
  readonly #config: HotConfig;
  readonly #killSwitch: KillSwitch;

  readonly #prices: Pick<ReferencePrices, 'inTicks'>;

  constructor(config: HotConfig, killSwitch: KillSwitch, prices: Pick<ReferencePrices, 'inTicks'>) {
    this.#config = config;
    this.#killSwitch = killSwitch;
    this.#prices = prices;
  }

  get version(): string {
    return this.#config.current().version;
  }

  rules(symbol: string): MarketRules | undefined {
    const instrument = this.#config.current().config.instrument(symbol);
    if (!instrument) return undefined;
    const isOurs = instrument.entry.venue === internalVenue;
    return { isOurs, contract: instrument.rules.contract, phase: 'continuous' };
  }

  async stops(symbol: string, deadline: Deadline): Promise<MarketStops> {
    const { config } = this.#config.current();
    const thrown = stopping(await this.#killSwitch.inForce(deadline));
    const isKilled = thrown.some(
      ({ scope }) => scope.of === 'firm' || (scope.of === 'instrument' && scope.symbol === symbol),
    );
    const killedAccounts = thrown.flatMap(({ scope }) =>
      scope.of === 'account' ? [accountId(scope.accountId)] : [],
    );
    const isHalted = isKilled || isHaltedBy(config, symbol);
    return { isHalted, isKilled, killedAccounts };
  }

  calendar(symbol: string, now: Timestamp): MarketDay | undefined {
    const { config } = this.#config.current();
    const session = config.instrument(symbol)?.session;
    const today = session && calendarDay(session, now, config.document.dayTimeZone);
    return today && { ...today, opensAt: () => openingOf(session, today.day) };
  }

  async referencePrice(contract: Contract, deadline: Deadline): Promise<Price | undefined> {
    return (await this.#prices.inTicks(contract, deadline))?.price;
  }

  selfTradePrevention(account: string): SelfTradePrevention {
    return this.#config.current().config.selfTradePrevention(account);
  }
}

/** A switch of the config stops what would trade and cancels nothing, as a halt does. */
function isHaltedBy(config: TradingConfig, symbol: string): boolean {
  const { firm, instrument } = config.switches('', symbol);
  return config.instrument(symbol)?.rules.halted === true || firm || instrument;
}

/** Where orders that reduce a position may go on, the market does too: what may not is refused and canceled order by order. */
function stopping({ thrown }: KillSwitches): KillSwitches['thrown'] {
  return thrown.filter(({ allowReducing }) => !allowReducing);
}
