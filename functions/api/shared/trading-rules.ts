import { accountItem, amount } from '../../../domain/account/holdings.ts';
import type { TradingRules } from '../../../domain/risk/rules.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import { rulesFor } from '../../../platform/hot-config/rules-for.ts';
import type { Dependencies } from '../../dependencies.ts';

export interface RulesInForce {
  readonly rules: TradingRules;
  /** The version of the config they are from, for the commit. */
  readonly config: string;
  readonly epoch: number;
}

/** Everything a decision about one account and instrument is made under, read together. */
export class RulesDesk {
  readonly #dependencies: Dependencies;
  readonly #epochs = new Map<string, number>();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  async inForce(accountId: string, symbol: string, deadline: Deadline): Promise<RulesInForce> {
    const { config, clock, prices } = this.#dependencies;
    const current = config.current();
    const contract = current.config.instrument(symbol)?.rules.contract;
    const reference = contract && (await prices.inTicks(contract, deadline));
    const epoch = await this.#epochOf(accountId, deadline);
    const query = { accountId, symbol, now: clock.now(), epoch, reference };
    return { rules: rulesFor(current.config, query), config: current.version, epoch };
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
