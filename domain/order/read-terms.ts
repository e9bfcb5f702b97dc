import { parsePrice, parseQuantity } from '../instrument/instrument.ts';
import { collarBase, worseBy } from '../risk/checks.ts';
import type { InstrumentRules, TradingRules } from '../risk/rules.ts';
import { parseScaled } from '../values/decimal.ts';
import type { Price } from '../values/price.ts';
import type { Refusal } from './events.ts';
import type { Order } from './state.ts';
import type { OrderType, RequestedChange, RequestedTerms, Side, Terms, Trail } from './terms.ts';

export type Read<Value> = { readonly value: Value } | { readonly refusal: Refusal };

const refuse = (refusal: Refusal): { readonly refusal: Refusal } => ({ refusal });

/** Which prices each type of order must have, and may have no others. */
const needs: Readonly<Record<OrderType, readonly ('limitPrice' | 'stopPrice' | 'trail')[]>> = {
  market: [],
  limit: ['limitPrice'],
  stop: ['stopPrice'],
  stop_limit: ['limitPrice', 'stopPrice'],
  trailing_stop: ['trail'],
};

/** Decimal text to ticks and lots, on the instrument's grid; adds the protection price where there is no limit. */
export function readTerms(
  requested: RequestedTerms,
  side: Side,
  instrument: InstrumentRules,
  rules: TradingRules,
): Read<Terms> {
  const mismatch = inconsistency(requested);
  if (mismatch) return refuse({ reason: 'terms_inconsistent', limit: mismatch });
  const { contract } = instrument;
  const orderQuantity = parseQuantity(requested.quantity, contract);
  if (!orderQuantity)
    return refuse({ reason: 'quantity_off_lot', limit: contract.lotSize, observed: requested.quantity });
  const prices: { limitPrice?: Price; stopPrice?: Price; trail?: Trail } = {};
  for (const name of ['limitPrice', 'stopPrice', 'trailPrice'] as const) {
    const text = requested[name];
    if (text === undefined) continue;
    const ticks = parsePrice(text, contract);
    if (!ticks) return refuse({ reason: 'price_off_tick', limit: contract.tickSize, observed: text });
    if (name === 'trailPrice') prices.trail = { by: 'price', ticks };
    else prices[name] = ticks;
  }
  if (requested.trailPercent !== undefined) {
    const hundredths = parseScaled(requested.trailPercent, 2);
    if (!hundredths || hundredths < 0 || hundredths >= 10_000) {
      return refuse({
        reason: 'price_off_tick',
        limit: '0.01 to 99.99 percent',
        observed: requested.trailPercent,
      });
    }
    prices.trail = { by: 'percent', hundredths };
  }
  const execution = readExecution(requested, instrument);
  if ('refusal' in execution) return execution;
  const { orderType, timeInForce, expireAt } = requested;
  const terms = {
    orderType,
    timeInForce,
    orderQuantity,
    ...prices,
    ...execution.value,
    ...(expireAt !== undefined && { expireAt }),
  };
  return { value: withProtection(terms, side, instrument, rules) };
}

type ExecutionTerms = Pick<Terms, 'postOnly' | 'minimumQuantity' | 'displayQuantity'>;

/** How the order wants to be executed, besides its prices. */
function readExecution(requested: RequestedTerms, { contract }: InstrumentRules): Read<ExecutionTerms> {
  const read: { -readonly [Name in keyof ExecutionTerms]: ExecutionTerms[Name] } = {};
  if (requested.postOnly) read.postOnly = true;
  for (const name of ['minimumQuantity', 'displayQuantity'] as const) {
    const text = requested[name];
    if (text === undefined) continue;
    const lots = parseQuantity(text, contract);
    if (!lots) return refuse({ reason: 'quantity_off_lot', limit: contract.lotSize, observed: text });
    read[name] = lots;
  }
  return { value: read };
}

/** What contradicts itself among them; the venue would refuse it. */
function executionInconsistency(requested: RequestedTerms): string | undefined {
  const { orderType, timeInForce, postOnly, minimumQuantity, displayQuantity } = requested;
  const rests = timeInForce !== 'ioc' && timeInForce !== 'fok';
  if (postOnly && (orderType !== 'limit' || !rests)) return 'only a limit order that may rest is postOnly';
  if (minimumQuantity !== undefined && timeInForce !== 'ioc') return 'only ioc has a minimumQuantity';
  const isShown = (orderType === 'limit' || orderType === 'stop_limit') && rests;
  if (displayQuantity !== undefined && !isShown) return 'only a limit that may rest has a displayQuantity';
  return undefined;
}

function inconsistency(requested: RequestedTerms): string | undefined {
  const given = {
    limitPrice: requested.limitPrice !== undefined,
    stopPrice: requested.stopPrice !== undefined,
    trail: requested.trailPrice !== undefined || requested.trailPercent !== undefined,
  };
  for (const name of ['limitPrice', 'stopPrice', 'trail'] as const) {
    const needed = needs[requested.orderType].includes(name);
    if (needed && !given[name]) return `a ${requested.orderType} order needs a ${name}`;
    if (!needed && given[name]) return `a ${requested.orderType} order has no ${name}`;
  }
  if (requested.trailPrice !== undefined && requested.trailPercent !== undefined)
    return 'one trail, by price or by percent';
  if (requested.timeInForce === 'gtd' && requested.expireAt === undefined) return 'gtd needs an expiry';
  if (requested.timeInForce !== 'gtd' && requested.expireAt !== undefined) return 'only gtd has an expiry';
  return executionInconsistency(requested);
}

/** The protection limit of an order without one; without a reference price there is none, and a later check denies. */
function withProtection(terms: Terms, side: Side, instrument: InstrumentRules, rules: TradingRules): Terms {
  if (terms.limitPrice !== undefined || !rules.reference) return terms;
  const base = collarBase(terms, rules.reference.price, side);
  return { ...terms, protectionPrice: worseBy(base, instrument.collarPpm, side) };
}

/** The terms a replace asks for: the current ones with the change applied. */
export function readChange(
  { terms: current, side }: Pick<Order, 'terms' | 'side'>,
  change: RequestedChange,
  instrument: InstrumentRules,
  rules: TradingRules,
): Read<Terms> {
  const { contract } = instrument;
  const changed: { -readonly [Key in keyof Terms]: Terms[Key] } = { ...current };
  if (change.quantity !== undefined) {
    const orderQuantity = parseQuantity(change.quantity, contract);
    if (!orderQuantity)
      return refuse({ reason: 'quantity_off_lot', limit: contract.lotSize, observed: change.quantity });
    changed.orderQuantity = orderQuantity;
  }
  for (const name of ['limitPrice', 'stopPrice'] as const) {
    const text = change[name];
    if (text === undefined) continue;
    if (current[name] === undefined) return refuse({ reason: 'field_not_replaceable', observed: name });
    const ticks = parsePrice(text, contract);
    if (!ticks) return refuse({ reason: 'price_off_tick', limit: contract.tickSize, observed: text });
    changed[name] = ticks;
  }
  if (change.trail !== undefined) {
    const trail = readTrail(current.trail, change.trail, instrument);
    if ('refusal' in trail) return trail;
    changed.trail = trail.value;
  }
  if (change.timeInForce !== undefined) changed.timeInForce = change.timeInForce;
  if (change.expireAt !== undefined) changed.expireAt = change.expireAt;
  if ((changed.timeInForce === 'gtd') !== (changed.expireAt !== undefined)) {
    return refuse({ reason: 'terms_inconsistent', limit: 'an expiry goes with gtd, and gtd with an expiry' });
  }
  return { value: withProtection(changed, side, instrument, rules) };
}

function readTrail(current: Trail | undefined, text: string, instrument: InstrumentRules): Read<Trail> {
  if (!current) return refuse({ reason: 'field_not_replaceable', observed: 'trail' });
  if (current.by === 'percent') {
    const hundredths = parseScaled(text, 2);
    if (!hundredths || hundredths < 0 || hundredths >= 10_000) {
      return refuse({ reason: 'price_off_tick', limit: '0.01 to 99.99 percent', observed: text });
    }
    return { value: { by: 'percent', hundredths } };
  }
  const ticks = parsePrice(text, instrument.contract);
  return ticks
    ? { value: { by: 'price', ticks } }
    : refuse({ reason: 'price_off_tick', limit: instrument.contract.tickSize, observed: text });
}
