import { accountItem, amount } from '../../../domain/account/holdings.ts';
import { stopsFor, type SwitchSubject } from '../../../domain/kill-switch/stops.ts';
import type { Contract } from '../../../domain/instrument/instrument.ts';
import type { TradingRules } from '../../../domain/risk/rules.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import { decidedUnderText } from '../../../platform/hot-config/decided-under.ts';
import { rulesFor } from '../../../platform/hot-config/rules-for.ts';
import type { Reaching } from '../../dependencies.ts';

type Needs = Reaching<'killSwitch' | 'prices'>;

export interface RulesInForce {
  readonly rules: TradingRules;
  /** The versions of the config and the kill switches they are from, for the commit. */
  readonly config: string;
  readonly epoch: number;
}

/** Everything a decision about one account and instrument is made under, read together. */
export class RulesDesk {
  readonly #dependencies: Needs;
  readonly #epochs = new Map<string, number>();

  constructor(dependencies: Needs) {
    this.#dependencies = dependencies;
  }

  /** `ordered`: what an order that exists is of; its rules are in its units, whatever the instrument's have become. */
  async inForce(subject: SwitchSubject, deadline: Deadline, ordered?: Contract): Promise<RulesInForce> {
    const { config, clock, prices, killSwitch } = this.#dependencies;
    const { accountId, symbol } = subject;
    const switches = await killSwitch.inForce(deadline);
    const current = config.current();
    const contract = ordered ?? current.config.instrument(symbol)?.rules.contract;
    const reference = contract && (await prices.inTicks(contract, deadline));
    const epoch = await this.#epochOf(accountId, deadline);
    const stops = stopsFor(switches, subject);
    const units = ordered && { contract: ordered };
    const query = { accountId, symbol, ...units, now: clock.now(), epoch, reference, stops };
    const under = decidedUnderText({ config: current.version, killSwitches: switches.version });
    return { rules: rulesFor(current.config, query), config: under, epoch };
  }

  /** The write itself asserts the epoch; remembering it only spares a read. After a refusal over it the next order reads it again. */
  async #epochOf(accountId: string, deadline: Deadline): Promise<number> {
    const known = this.#epochs.get(accountId);
    if (known !== undefined) return known;
    const item = await this.#dependencies.store.readItem(accountItem(accountId), deadline);
    if (!item) return 1;
    const epoch = amount(item, 'epoch');
    if (this.#epochs.size >= epochsMax) this.#epochs.clear();
    this.#epochs.set(accountId, epoch);
    return epoch;
  }

  forget(accountId: string): void {
    this.#epochs.delete(accountId);
  }
}

const epochsMax = 100_000;
