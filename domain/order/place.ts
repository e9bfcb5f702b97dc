import { type Candidate, firstRefusal, referenceAgeMs, standingChecks, termsChecks } from '../risk/checks.ts';
import type { InstrumentRules, SessionState, TradingRules } from '../risk/rules.ts';
import { assert } from '../values/assert.ts';
import type { PlaceOrder, RequestReplace } from './commands.ts';
import type { OrderEvent, OrderPlaced, Refusal } from './events.ts';
import { evolve } from './evolve.ts';
import { type Demand, dayFor, firstBroken, guardsFor } from './guards.ts';
import { type Legs, readLegs } from './legs.ts';
import { type Read, readTerms } from './read-terms.ts';
import { settle } from './settle.ts';
import { existing, unborn } from './state.ts';
import type { Terms } from './terms.ts';
import { worstValue } from './worst-value.ts';

/**
 * Places or denies. The order of the checks is fixed and documented (docs/reasons.md): whether anything may trade, then the
 * terms, then the account and position the write itself will ask; the first refusal is the one reported.
 */
export function place(command: PlaceOrder): readonly OrderEvent[] {
  if (command.taken) return [denied(command, { reason: 'client_order_id_taken', observed: 'a leg' })];
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
  const refusal = firstRefusal(termsChecks, candidate);
  if (refusal) return refusal;
  const legs = legsOf(command, terms, instrument);
  return 'refusal' in legs ? legs.refusal : withPosting(command, instrument, terms, legs.value);
}

function legsOf(command: PlaceOrder, terms: Terms, instrument: InstrumentRules): Read<Legs> {
  const { linked } = command;
  return linked ? readLegs({ ...command, linked }, terms, instrument) : { value: {} };
}

/** The exit that begins with its entry, waiting for it; undefined for an order that has none. */
export function exitOf(command: PlaceOrder, { data }: OrderPlaced): OrderPlaced | undefined {
  const instrument = known(command.rules);
  const legs = legsOf(command, data.terms, instrument);
  assert('value' in legs, 'the legs of an order that was placed were read before');
  const { exit, stopLeg } = legs.value;
  if (!exit || data.link?.role !== 'entry') return undefined;
  const { posting: _held, reference: _seen, stopLeg: _none, ...shared } = data;
  const { orderId, clientOrderId, side, terms } = exit;
  const worst = [terms, ...(stopLeg ? [stopLeg.terms] : [])].map((one) => worstValue(one, instrument));
  return {
    type: 'OrderPlaced',
    schema: 1,
    data: {
      ...shared,
      orderId,
      clientOrderId,
      side,
      terms,
      phase: 'received',
      positionLimited: side === 'buy' && instrument.positionMax !== 'unlimited',
      dayNotional: Math.max(...worst),
      link: { class: data.link.class, role: 'exit', entry: data.orderId },
      ...(stopLeg && { stopLeg }),
    },
  };
}

/** The instrument, after the check that there is one. */
export function known(rules: TradingRules): InstrumentRules {
  assert(rules.instrument !== undefined, 'the instrument is checked before its rules are used');
  return rules.instrument;
}

function withPosting(
  command: PlaceOrder,
  instrument: InstrumentRules,
  terms: Terms,
  { exit, stopLeg }: Legs,
): OrderPlaced {
  const { rules, linked } = command;
  const isPair = linked?.class === 'oco';
  const link = isPair
    ? ({ class: 'oco', role: 'exit' } as const)
    : linked && exit && ({ class: linked.class, role: 'entry', exit: exit.orderId } as const);
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
    phase: isTaken(rules.session, terms) ? 'sent' : 'received',
    ...(rules.reference && { reference: { price: rules.reference.price, ageMs: referenceAgeMs(rules) } }),
    positionLimited: command.side === 'buy' && instrument.positionMax !== 'unlimited',
    epoch: rules.account.epoch,
    dayNotional: Math.max(
      worstValue(terms, instrument),
      isPair && stopLeg ? worstValue(stopLeg.terms, instrument) : 0,
    ),
    day: dayFor(command.observed, contract.currency, rules.day),
    ...(link && { link }),
    ...(isPair && stopLeg && { stopLeg }),
  };
  const order = existing(evolve(unborn, { type: 'OrderPlaced', schema: 1, data }, rules.now));
  return { type: 'OrderPlaced', schema: 1, data: { ...data, posting: settle(order, order) } };
}

export function demandOfPlaced(command: PlaceOrder, event: OrderPlaced): Demand {
  const { data } = event;
  const exit = exitOf(command, event);
  return {
    side: data.side,
    contract: data.contract,
    cash: data.posting?.cash?.held ?? 0,
    shares: data.posting?.shares?.held ?? 0,
    exposure: data.posting?.exposure ?? 0,
    newOpenOrders: exit ? 2 : 1,
    dayNotional: data.dayNotional + (exit?.data.dayNotional ?? 0),
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
      ...(command.linked && { orderClass: command.linked.class }),
      ...refusal,
    },
  };
}

export type OwnDecision = PlaceOrder | RequestReplace;

/** Whether the market has a use for the order by now; an order for the opening auction has to be there before it. */
function isTaken(session: SessionState, { timeInForce }: Terms): boolean {
  return timeInForce === 'opg' ? session === 'opening_call' : session !== 'closed';
}
