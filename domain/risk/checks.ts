import { formatMoney, money } from '../values/money.ts';
import { formatPrice, formatQuantity, isCountable, moneyFor } from '../instrument/instrument.ts';
import type { Refusal } from '../order/events.ts';
import type { Side, Terms } from '../order/terms.ts';
import { scaleBy } from '../values/integer.ts';
import { notionalOf } from '../values/notional.ts';
import { type Price, price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import { formatTimestamp } from '../values/time.ts';
import type { InstrumentRules, Limit, TradingRules } from './rules.ts';

/** An order as the checks see it. For a replace, `increase` is what it adds; for a new order, all of it. */
export interface Candidate {
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly terms: Terms;
  readonly increase: Quantity;
  readonly rules: TradingRules;
  readonly instrument: InstrumentRules;
}

type Check<Subject> = (subject: Subject) => Refusal | undefined;

const million = 1_000_000;

/** The first refusal of an ordered list of checks. The order is part of the promise: it decides which reason a client sees. */
export function firstRefusal<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(subject);
    if (refusal) return refusal;
  }
  return undefined;
}

export interface Standing {
  readonly symbol: string;
  readonly rules: TradingRules;
}

/** Whether anything may be traded at all: needs no terms. In this order, before the terms are even read. */
export const standingChecks: readonly Check<Standing>[] = [
  ({ rules }) => (rules.switches.firm ? { reason: 'kill_switch_firm' } : undefined),
  ({ rules }) => (rules.switches.account ? { reason: 'kill_switch_account' } : undefined),
  ({ rules }) => (rules.switches.instrument ? { reason: 'kill_switch_instrument' } : undefined),
  ({ rules }) => (rules.switches.strategy ? { reason: 'strategy_stopped' } : undefined),
  ({ rules, symbol }) => (rules.instrument ? undefined : { reason: 'instrument_unknown', observed: symbol }),
  ({ rules, symbol }) => {
    const { permittedSymbols } = rules.account;
    const permitted = permittedSymbols === 'all' || permittedSymbols.includes(symbol);
    return permitted ? undefined : { reason: 'instrument_not_permitted', observed: symbol };
  },
  ({ rules, symbol }) =>
    rules.account.restrictedSymbols.includes(symbol)
      ? { reason: 'instrument_restricted', observed: symbol }
      : undefined,
  ({ rules }) => (rules.instrument?.tradable ? undefined : { reason: 'instrument_not_tradable' }),
  ({ rules }) => (rules.instrument?.halted ? { reason: 'instrument_halted' } : undefined),
];

/** Limits on the terms themselves, in this order, before the write's own conditions on the account. */
export const termsChecks: readonly Check<Candidate>[] = [
  sessionOpen,
  expiryAhead,
  limitsConfigured,
  quantityWithin,
  referenceFresh,
  withinCollar,
  valueWithin,
];

function sessionOpen({ terms, rules }: Candidate): Refusal | undefined {
  const needsOpenSession = terms.timeInForce === 'ioc' || terms.timeInForce === 'fok';
  if (!needsOpenSession || rules.session === 'open') return undefined;
  return { reason: 'session_closed', limit: terms.timeInForce, observed: rules.session };
}

function expiryAhead({ terms, rules }: Candidate): Refusal | undefined {
  if (terms.expireAt === undefined || terms.expireAt > rules.now) return undefined;
  return {
    reason: 'expiry_passed',
    limit: formatTimestamp(rules.now),
    observed: formatTimestamp(terms.expireAt),
  };
}

/** Fail closed: a limit nobody has set is a denial, not a pass. Those of instrument and account together follow below. */
function limitsConfigured({ rules, instrument }: Candidate): Refusal | undefined {
  if (rules.account.openOrdersMax === undefined)
    return { reason: 'limit_not_configured', limit: 'openOrdersMax' };
  if (rules.account.dayNotionalMax === undefined)
    return { reason: 'limit_not_configured', limit: 'dayNotionalMax' };
  if (instrument.positionMax === undefined) return { reason: 'limit_not_configured', limit: 'positionMax' };
  return undefined;
}

/** The tighter of two limits; not configured at all is reported by the caller. */
function tighter(a: Limit, b: Limit): Limit {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a === 'unlimited') return b;
  if (b === 'unlimited') return a;
  return Math.min(a, b);
}

function quantityWithin({ terms, rules, instrument }: Candidate): Refusal | undefined {
  const limit = tighter(instrument.orderQuantityMax, rules.account.orderQuantityMax);
  if (limit === undefined) return { reason: 'limit_not_configured', limit: 'orderQuantityMax' };
  if (limit === 'unlimited' || terms.orderQuantity <= limit) return undefined;
  return {
    reason: 'maximum_order_quantity',
    limit: formatQuantity(limit, instrument.contract),
    observed: formatQuantity(terms.orderQuantity, instrument.contract),
  };
}

function referenceFresh({ rules, instrument }: Candidate): Refusal | undefined {
  if (!rules.reference) return { reason: 'reference_price_missing' };
  const ageMs = referenceAgeMs(rules);
  if (ageMs <= instrument.referenceAgeMaxMs) return undefined;
  return {
    reason: 'reference_price_stale',
    limit: `${instrument.referenceAgeMaxMs} ms`,
    observed: `${ageMs} ms`,
  };
}

export function referenceAgeMs(rules: TradingRules): number {
  return rules.reference ? Math.max(0, Math.floor((rules.now - rules.reference.at) / 1000)) : 0;
}

/** Worse for the client by `ppm`: up for a buy, down (never below one tick) for a sell. */
export function worseBy(base: Price, ppm: number, side: Side): Price {
  if (side === 'buy') return price(scaleBy(base, million + ppm, million, 'down'));
  return price(Math.max(1, scaleBy(base, Math.max(0, million - ppm), million, 'up')));
}

function withinCollar({ terms, side, rules, instrument }: Candidate): Refusal | undefined {
  const reference = rules.reference?.price;
  if (terms.limitPrice === undefined || reference === undefined) return undefined;
  const base = collarBase(terms, reference, side);
  const worst = worseBy(base, instrument.collarPpm, side);
  const best = worseBy(reference, instrument.passiveBandPpm, side === 'buy' ? 'sell' : 'buy');
  const [lowest, highest] = side === 'buy' ? [best, worst] : [worst, best];
  if (terms.limitPrice >= lowest && terms.limitPrice <= highest) return undefined;
  const show = (value: Price) => formatPrice(value, instrument.contract);
  return {
    reason: 'price_outside_collar',
    limit: `${show(lowest)} to ${show(highest)}`,
    observed: show(terms.limitPrice),
  };
}

/** A stop trades where it triggers: its collar is measured from there when that is worse than the reference price. */
export function collarBase(terms: Pick<Terms, 'stopPrice' | 'trail'>, reference: Price, side: Side): Price {
  const trigger = terms.stopPrice ?? trailStart(terms, reference, side);
  if (trigger === undefined) return reference;
  return price(side === 'buy' ? Math.max(reference, trigger) : Math.min(reference, trigger));
}

function trailStart(terms: Pick<Terms, 'trail'>, reference: Price, side: Side): Price | undefined {
  if (!terms.trail) return undefined;
  if (terms.trail.by === 'percent') return worseBy(reference, terms.trail.hundredths * 100, side);
  return price(side === 'buy' ? reference + terms.trail.ticks : Math.max(1, reference - terms.trail.ticks));
}

function valueWithin({ terms, rules, instrument }: Candidate): Refusal | undefined {
  const limit = tighter(instrument.orderValueMax, rules.account.orderValueMax);
  if (limit === undefined) return { reason: 'limit_not_configured', limit: 'orderValueMax' };
  const worst = terms.limitPrice ?? terms.protectionPrice ?? price(0);
  const { currency } = instrument.contract;
  const exact = isCountable(terms.orderQuantity * worst, instrument.contract);
  const value = exact
    ? moneyFor(notionalOf(terms.orderQuantity, worst), instrument.contract, 'up')
    : undefined;
  if (value !== undefined && (limit === 'unlimited' || value <= limit)) return undefined;
  return {
    reason: 'maximum_order_value',
    limit: limit === 'unlimited' ? 'exact arithmetic' : formatMoney(money(limit), currency),
    observed: value === undefined ? 'more than can be counted exactly' : formatMoney(value, currency),
  };
}
