import { moneyFor } from '../instrument/instrument.ts';
import { type Candidate, firstRefusal, referenceAgeMs, standingChecks, termsChecks } from '../risk/checks.ts';
import type { InstrumentRules, TradingRules } from '../risk/rules.ts';
import { assert } from '../values/assert.ts';
import { notionalOf } from '../values/notional.ts';
import type { PlaceOrder, RequestReplace } from './commands.ts';
import type { OrderEvent, OrderPlaced, Refusal } from './events.ts';
import { evolve } from './evolve.ts';
import { type Demand, dayFor, firstBroken, guardsFor } from './guards.ts';
import { readTerms } from './read-terms.ts';
import { settle } from './settle.ts';
import { existing, unborn } from './state.ts';
import { type Terms, worstPrice } from './terms.ts';

/**
 * Places or denies. The order of the checks is fixed and documented (docs/reasons.md): whether anything may trade, then the
 * terms, then the account and position the write itself will ask; the first refusal is the one reported.
 */
export function place(command: PlaceOrder): readonly OrderEvent[] {
  const event = placement(command);
  if ('reason' in event) return [denied(command, event)];
  const refusal =
    firstBroken(guardsFor(command, demandOfPlaced(command, event)), command.observed) ??
    repeated(command, event);
  return [refusal ? denied(command, refusal) : event];
}

function placement(command: PlaceOrder): OrderPlaced | Refusal {
  const { rules, side, symbol, accountId } = command;
  const standing = firstRefusal(standingChecks, { symbol, rules });
  if (standing) return standing;
  const instrument = known(rules);
  const read = readTerms(command.requested, side, instrument, rules);
  if ('refusal' in read) return read.refusal;
  const terms = read.value;
  const candidate: Candidate = {
    accountId,
    symbol,
    side,
    terms,
    increase: terms.orderQuantity,
    rules,
    instrument,
  };
  return firstRefusal(termsChecks, candidate) ?? withPosting(command, instrument, terms);
}

/** The instrument, after the check that there is one. */
export function known(rules: TradingRules): InstrumentRules {
  assert(rules.instrument !== undefined, 'the instrument is checked before its rules are used');
  return rules.instrument;
}

function withPosting(command: PlaceOrder, instrument: InstrumentRules, terms: Terms): OrderPlaced {
  const { rules } = command;
  const { contract } = instrument;
  const data: OrderPlaced['data'] = {
    orderId: command.orderId,
    accountId: command.accountId,
    clientOrderId: command.clientOrderId,
    side: command.side,
    ...(command.strategyId !== undefined && { strategyId: command.strategyId }),
    contract,
    terms,
    fees: rules.fees,
    phase: rules.session === 'open' && terms.timeInForce !== 'opg' ? 'sent' : 'received',
    ...(rules.reference && { reference: { price: rules.reference.price, ageMs: referenceAgeMs(rules) } }),
    positionLimited: command.side === 'buy' && instrument.positionMax !== 'unlimited',
    epoch: rules.account.epoch,
    dayNotional: worstValue(terms, instrument),
    day: dayFor(command.observed, contract.currency, rules.day),
  };
  const order = existing(evolve(unborn, { type: 'OrderPlaced', schema: 1, data }, rules.now));
  return { type: 'OrderPlaced', schema: 1, data: { ...data, posting: settle(order, order) } };
}

/** Minor units the terms come to at their worst price. */
export function worstValue(terms: Terms, instrument: InstrumentRules): number {
  const worst = worstPrice(terms);
  assert(worst !== undefined, 'an order has a limit or a protection price');
  return moneyFor(notionalOf(terms.orderQuantity, worst), instrument.contract, 'up');
}

export function demandOfPlaced(command: PlaceOrder, { data }: OrderPlaced): Demand {
  return {
    side: data.side,
    contract: data.contract,
    cash: data.posting?.cash?.held ?? 0,
    shares: data.posting?.shares?.held ?? 0,
    exposure: data.posting?.exposure ?? 0,
    newOpenOrders: 1,
    dayNotional: data.dayNotional,
    day: data.day,
    positionMax: known(command.rules).positionMax,
  };
}

/** With a duplicate window, the same terms again within it are refused; when they were last seen is in an item of its own. */
function repeated(command: PlaceOrder, event: OrderPlaced): Refusal | undefined {
  const windowMs = command.rules.account.duplicateWindowMs;
  const last = command.observed?.duplicate;
  if (windowMs === 0 || last === undefined || last === 'missing') return undefined;
  const ageMs = Math.floor((command.rules.now - Number(last['at'] ?? 0)) / 1000);
  if (ageMs >= windowMs) return undefined;
  return {
    reason: 'duplicate_order',
    limit: `${windowMs} ms`,
    observed: `${ageMs} ms after ${duplicateName(event)}`,
  };
}

/** What makes two orders the same for the duplicate check. */
export function duplicateName({ data }: OrderPlaced): string {
  const { terms } = data;
  return [
    data.contract.symbol,
    data.side,
    terms.orderQuantity,
    terms.limitPrice ?? '',
    terms.stopPrice ?? '',
    data.strategyId ?? '',
  ].join('|');
}

function denied(command: PlaceOrder, refusal: Refusal): OrderEvent {
  return {
    type: 'OrderDenied',
    schema: 1,
    data: {
      orderId: command.orderId,
      accountId: command.accountId,
      clientOrderId: command.clientOrderId,
      side: command.side,
      ...(command.strategyId !== undefined && { strategyId: command.strategyId }),
      symbol: command.symbol,
      requested: command.requested,
      ...refusal,
    },
  };
}

export type OwnDecision = PlaceOrder | RequestReplace;
