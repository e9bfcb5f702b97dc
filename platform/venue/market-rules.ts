import type { Contract } from '../../domain/instrument/instrument.ts';
import type { SelfTradePrevention } from '../../domain/venue/new-order.ts';
import type { Phase } from '../../domain/venue/phase.ts';
import type { HotConfig } from '../hot-config/port.ts';

/** What is in force for one of our own books now. */
export interface MarketRules {
  /** Whether new orders come here. */
  readonly isOurs: boolean;
  readonly contract: Contract;
  /** How the book begins, when it does. Later phases come as inputs. */
  readonly phase: Phase;
  /** New orders are refused and nothing trades; cancels work. */
  readonly isHalted: boolean;
  /** What works is canceled as well. */
  readonly isKilled: boolean;
}

/** What own books need to know of the config. Undefined: there is no such instrument. */
export interface MarketSource {
  rules(symbol: string): MarketRules | undefined;
  selfTradePrevention(accountId: string): SelfTradePrevention;
  /** The version all of this is of, for the commits. */
  readonly version: string;
}

export const internalVenue = 'internal';

/** The hot config, read anew with every question. */
export class ConfiguredMarkets implements MarketSource {
  readonly #config: HotConfig;

  constructor(config: HotConfig) {
    this.#config = config;
  }

  get version(): string {
    return this.#config.current().version;
  }

  rules(symbol: string): MarketRules | undefined {
    const { config } = this.#config.current();
    const instrument = config.instrument(symbol);
    if (!instrument) return undefined;
    const { contract, halted } = instrument.rules;
    const { firm, instrument: isSwitched } = config.switches('', symbol);
    const isKilled = firm || isSwitched;
    const isOurs = instrument.entry.venue === internalVenue;
    return { isOurs, contract, phase: 'continuous', isHalted: halted || isKilled, isKilled };
  }

  selfTradePrevention(accountId: string): SelfTradePrevention {
    return this.#config.current().config.selfTradePrevention(accountId);
  }
}
