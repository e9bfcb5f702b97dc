import type { Contract } from '../../domain/instrument/instrument.ts';
import type { Switches, TradingRules } from '../../domain/risk/rules.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { localTime } from './local-time.ts';
import { sessionState } from './sessions.ts';
import type { TradingConfig } from './trading-config.ts';

export interface RulesQuery {
  readonly accountId: string;
  readonly symbol: string;
  /** Of an order that exists: in its units everything is counted. Absent: in those of today. */
  readonly contract?: Contract;
  readonly now: Timestamp;
  readonly epoch: number;
  readonly reference: TradingRules['reference'];
  /** Which of the thrown kill switches stop it; the config has switches of its own, and both count. */
  readonly stops: Switches;
}

/** Everything outside the order that decides whether it may be placed. Pure: the same question of the same config, the same answer. */
export function rulesFor(config: TradingConfig, query: RulesQuery): TradingRules {
  const { accountId, symbol, contract, now, epoch, reference, stops } = query;
  const instrument = contract ? config.instrumentIn(contract) : config.instrument(symbol);
  return {
    now,
    day: localTime(now, config.document.dayTimeZone).date,
    instrument: instrument?.rules,
    reference,
    session: instrument ? sessionState(instrument.session, now) : 'closed',
    account: config.accountRules(accountId, instrument, epoch),
    fees: config.fees(accountId),
    switches: either(config.switches(accountId, symbol), stops),
  };
}

function either(a: Switches, b: Switches): Switches {
  return {
    firm: a.firm || b.firm,
    account: a.account || b.account,
    instrument: a.instrument || b.instrument,
    ...((a.strategy || b.strategy) && { strategy: true as const }),
  };
}
