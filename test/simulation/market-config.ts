import type { InstrumentRules } from '../../domain/risk/rules.ts';
import type { HotConfigDocument, InstrumentEntry } from '../../platform/hot-config/schema.ts';
import { TradingConfig } from '../../platform/hot-config/trading-config.ts';
import { internalVenue } from '../../platform/venue/market-rules.ts';

/** As of the calendar of the simulated world: open for the first five sixths of each day. */
const session: HotConfigDocument['sessions'][string] = {
  kind: 'hours',
  timeZone: 'UTC',
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  open: '00:00',
  close: '20:00',
  holidays: [],
  earlyCloses: {},
};

/** What own books, schedules and linked orders ask a config for; limits are asked of the simulated market itself. */
export function tradingConfig(
  instruments: readonly InstrumentRules[],
  ours: readonly string[],
): TradingConfig {
  return new TradingConfig({
    dayTimeZone: 'UTC',
    sessions: { main: session },
    clockSession: 'main',
    instruments: instruments.map((rules) => entryOf(rules, ours.includes(rules.contract.symbol))),
    limits: {
      accounts: { default: { selfTradePrevention: 'cancel_resting' }, byId: preventions },
      instruments: { default: { positionMax: 'unlimited' }, bySymbol: {} },
    },
    fees: { default: { ratePpm: 0, perLotMicros: 0, minimum: 0 }, byAccount: {} },
    rateLimits: { default: 'unlimited', byRole: {}, byKey: {}, failedAuthentication: 'unlimited' },
    switches: { firm: false, accounts: [], instruments: [] },
    transferApprovalAbove: {},
  });
}

const preventions = {
  'account-1': { selfTradePrevention: 'none' },
  'account-2': { selfTradePrevention: 'decrement' },
  'account-3': { selfTradePrevention: 'cancel_both' },
} as const;

function entryOf({ contract, ...rules }: InstrumentRules, isOurs: boolean): InstrumentEntry {
  const { tradable, halted, collarPpm, passiveBandPpm, referenceAgeMaxMs } = rules;
  return {
    ...contract,
    name: contract.symbol,
    exchange: 'SIM',
    tradable,
    halted,
    collarPpm,
    passiveBandPpm,
    referenceAgeMaxMs,
    session: 'main',
    venue: isOurs ? internalVenue : 'elsewhere',
  };
}
