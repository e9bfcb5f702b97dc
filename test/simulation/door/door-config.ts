import type { AccountRules, InstrumentRules, Limit } from '../../../domain/risk/rules.ts';
import { formatQuantity } from '../../../domain/instrument/instrument.ts';
import { type Currency, formatMoney, money } from '../../../domain/values/money.ts';
import type { Clock } from '../../../platform/clock/clock.ts';
import type {
  ConfigChange,
  ConfigStatus,
  HotConfig,
  VersionedConfig,
} from '../../../platform/hot-config/port.ts';
import type { HotConfigDocument } from '../../../platform/hot-config/schema.ts';
import { TradingConfig } from '../../../platform/hot-config/trading-config.ts';
import type { Market, MarketVersion } from '../market.ts';
import type { PolledConfig } from '../polled-config.ts';
import { limitedKey } from './key.ts';

type Session = HotConfigDocument['sessions'][string];
type Limits = HotConfigDocument['limits'];

/**
 * The config as the API's functions ask for it, of the same version as the process knows: with the limits of the simulated market in it,
 * and with limits of requests. A simulated trading day is too short for a calendar, so its session is open or closed as it is just now.
 */
export class DoorConfig implements HotConfig {
  readonly #polled: PolledConfig;
  readonly #market: Market;
  readonly #clock: Clock;

  constructor(polled: PolledConfig, market: Market, clock: Clock) {
    this.#polled = polled;
    this.#market = market;
    this.#clock = clock;
  }

  current(): VersionedConfig {
    const { version, document } = this.#polled.current();
    const known = configsOf(this.#market.at(version));
    const config = this.#market.isOpen(this.#clock.now()) ? known.open : known.closed;
    return { config, version, document };
  }

  status(): ConfigStatus {
    return this.#polled.status();
  }

  change(): Promise<ConfigChange> {
    return this.#polled.change();
  }
}

interface Configs {
  readonly open: TradingConfig;
  readonly closed: TradingConfig;
}

const made = new WeakMap<MarketVersion, Configs>();

/** Worked out once for all processes of a world. */
function configsOf(version: MarketVersion): Configs {
  const known = made.get(version) ?? { open: configOf(version, always), closed: configOf(version, later) };
  made.set(version, known);
  return known;
}

const always: Session = { kind: 'continuous' };

/** Closed whenever anything happens: every simulated world is over within minutes of midnight. */
const later: Session = {
  kind: 'hours',
  timeZone: 'UTC',
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  open: '11:00',
  close: '13:00',
  holidays: [],
  earlyCloses: {},
};

function configOf({ config, account, instruments }: MarketVersion, session: Session): TradingConfig {
  const { document } = config;
  const accounts: Limits['accounts'] = {
    default: { ...document.limits.accounts.default, ...accountLimits(account) },
    byId: document.limits.accounts.byId,
  };
  const bySymbol = Object.fromEntries(
    [...instruments].map(([symbol, rules]) => [symbol, instrumentLimits(rules)]),
  );
  return new TradingConfig({
    ...document,
    sessions: { main: session },
    limits: { accounts, instruments: { default: {}, bySymbol } },
    rateLimits: {
      default: 'unlimited',
      byRole: {},
      byKey: { [limitedKey.keyId]: { requestsPerMinute: 240, burst: 4 } },
      failedAuthentication: { requestsPerMinute: 60, burst: 2 },
    },
  });
}

function accountLimits(rules: AccountRules): Limits['accounts']['default'] {
  return {
    orderQuantityMax: 'unlimited',
    orderValueMax: inEachCurrency(rules.orderValueMax),
    dayNotionalMax: inEachCurrency(rules.dayNotionalMax),
    openOrdersMax: rules.openOrdersMax,
    permittedSymbols: 'all',
    restrictedSymbols: [],
    duplicateWindowMs: rules.duplicateWindowMs,
  };
}

function instrumentLimits(rules: InstrumentRules): Limits['instruments']['default'] {
  const inShares = (limit: Limit) =>
    typeof limit === 'number' ? formatQuantity(limit, rules.contract) : limit;
  return {
    orderQuantityMax: inShares(rules.orderQuantityMax),
    orderValueMax: 'unlimited',
    positionMax: inShares(rules.positionMax),
  };
}

function inEachCurrency(limit: Limit) {
  const text = (currency: Currency) =>
    typeof limit === 'number' ? formatMoney(money(limit), currency) : (limit ?? '0');
  return { USD: text('USD'), EUR: text('EUR'), JPY: text('JPY') };
}
