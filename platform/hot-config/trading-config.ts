import type { FeeSchedule } from '../../domain/account/fees.ts';
import { type Contract, haveSameUnits, unitsOf } from '../../domain/instrument/instrument.ts';
import type { AccountRules, InstrumentRules, Limit, Switches } from '../../domain/risk/rules.ts';
import { parseScaled } from '../../domain/values/decimal.ts';
import { type Currency, parseMoney } from '../../domain/values/money.ts';
import type { SelfTradePrevention } from '../../domain/venue/new-order.ts';
import type { HotConfigDocument, InstrumentEntry, SessionEntry } from './schema.ts';

export interface Instrument {
  readonly entry: InstrumentEntry;
  readonly rules: InstrumentRules;
  readonly session: SessionEntry;
  /** Lots above which a transfer needs a second person. */
  readonly transferApprovalAbove: Limit;
}

type AccountLimits = HotConfigDocument['limits']['accounts']['default'];

/** A checked document with what every order asks of it worked out once: look-ups, and limits in ticks, lots and minor units. */
export class TradingConfig {
  readonly document: HotConfigDocument;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #switchedAccounts: ReadonlySet<string>;
  readonly #switchedInstruments: ReadonlySet<string>;
  readonly #accountRules = new Map<string, AccountRules>();

  constructor(document: HotConfigDocument) {
    this.document = document;
    this.#instruments = new Map(
      document.instruments.map((entry) => [entry.symbol, instrumentOf(entry, document)]),
    );
    this.#switchedAccounts = new Set(document.switches.accounts);
    this.#switchedInstruments = new Set(document.switches.instruments);
  }

  get instruments(): IterableIterator<Instrument> {
    return this.#instruments.values();
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  /** The same in the units of what began under an earlier config: its limits count other ticks and lots than today's. */
  instrumentIn(contract: Contract): Instrument | undefined {
    const today = this.#instruments.get(contract.symbol);
    if (!today || haveSameUnits(today.rules.contract, contract)) return today;
    return instrumentOf({ ...today.entry, ...contract }, this.document);
  }

  switches(accountId: string, symbol: string): Switches {
    return {
      firm: this.document.switches.firm,
      account: this.#switchedAccounts.has(accountId),
      instrument: this.#switchedInstruments.has(symbol),
    };
  }

  /** Minor units above which a transfer of cash needs a second person. */
  transferApprovalAbove(currency: Currency): Limit {
    return minorUnits(this.document.transferApprovalAbove[currency], currency);
  }

  fees(accountId: string): FeeSchedule {
    const { byAccount, default: standard } = this.document.fees;
    return byAccount[accountId] ?? standard;
  }

  /** Limits of the account as they count for one instrument, in its lots and the minor units of its currency. */
  accountRules(accountId: string, instrument: Instrument | undefined, epoch: number): AccountRules {
    const key = `${accountId}|${instrument ? unitsText(instrument.rules.contract) : ''}|${epoch}`;
    const found = this.#accountRules.get(key);
    if (found) return found;
    const rules = accountRulesOf(this.#limitsOf(accountId), instrument, epoch);
    if (this.#accountRules.size >= rulesMax) this.#accountRules.clear();
    this.#accountRules.set(key, rules);
    return rules;
  }

  /** As safe as it gets where nothing is said: nobody trades with themselves. */
  selfTradePrevention(accountId: string): SelfTradePrevention {
    return this.#limitsOf(accountId).selfTradePrevention ?? 'cancel_incoming';
  }

  #limitsOf(accountId: string): AccountLimits {
    const { default: standard, byId } = this.document.limits.accounts;
    return { ...standard, ...byId[accountId] };
  }
}

const rulesMax = 10_000;

function unitsText({ symbol, currency, lotSize }: Contract): string {
  return `${symbol}|${currency}|${lotSize}`;
}

function instrumentOf(entry: InstrumentEntry, document: HotConfigDocument): Instrument {
  const session = document.sessions[entry.session];
  if (!session) throw new TypeError(`${entry.symbol} names a session that does not exist`);
  const { default: standard, bySymbol } = document.limits.instruments;
  const limits = { ...standard, ...bySymbol[entry.symbol] };
  const { symbol, currency, tickSize, lotSize } = entry;
  return {
    entry,
    session,
    transferApprovalAbove: lots(limits.transferApprovalAbove, entry),
    rules: {
      contract: { symbol, currency, tickSize, lotSize },
      tradable: entry.tradable,
      halted: entry.halted,
      collarPpm: entry.collarPpm,
      passiveBandPpm: entry.passiveBandPpm,
      referenceAgeMaxMs: entry.referenceAgeMaxMs,
      orderQuantityMax: lots(limits.orderQuantityMax, entry),
      orderValueMax: minorUnits(limits.orderValueMax, currency),
      positionMax: lots(limits.positionMax, entry),
    },
  };
}

function accountRulesOf(
  limits: AccountLimits,
  instrument: Instrument | undefined,
  epoch: number,
): AccountRules {
  const currency = instrument?.entry.currency;
  return {
    epoch,
    orderQuantityMax: instrument && lots(limits.orderQuantityMax, instrument.entry),
    orderValueMax: currency && minorUnits(limits.orderValueMax?.[currency], currency),
    openOrdersMax: limits.openOrdersMax,
    dayNotionalMax: currency && minorUnits(limits.dayNotionalMax?.[currency], currency),
    permittedSymbols: limits.permittedSymbols ?? [],
    restrictedSymbols: limits.restrictedSymbols ?? [],
    duplicateWindowMs: limits.duplicateWindowMs ?? 0,
  };
}

/** Rounded down to whole lots: a limit is never widened. What cannot be counted exactly is not configured, and denies. */
function lots(limit: string | undefined, { symbol, currency, tickSize, lotSize }: InstrumentEntry): Limit {
  if (limit === undefined || limit === 'unlimited') return limit;
  const { lotDigits, lotScale } = unitsOf({ symbol, currency, tickSize, lotSize });
  const scaled = parseScaled(truncated(limit, lotScale), lotScale);
  return scaled === undefined ? undefined : Math.floor(scaled / lotDigits);
}

function minorUnits(limit: string | undefined, currency: Currency): Limit {
  return limit === undefined || limit === 'unlimited' ? limit : parseMoney(limit, currency);
}

function truncated(text: string, scale: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  return scale === 0 || fraction === '' ? whole : `${whole}.${fraction.slice(0, scale)}`;
}
