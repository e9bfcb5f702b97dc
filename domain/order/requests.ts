import { parseQuantity } from '../instrument/instrument.ts';
import { firstRefusal, referenceAgeMs, standingChecks, termsChecks } from '../risk/checks.ts';
import type { InstrumentRules } from '../risk/rules.ts';
import type { RequestId } from '../values/ids.ts';
import { quantity } from '../values/quantity.ts';
import type { RequestCancel, RequestReplace } from './commands.ts';
import type {
  OrderEvent,
  OrderReplaced,
  Refusal,
  ReplaceRequested,
  StopLegReplaced,
  VenuePosition,
} from './events.ts';
import { evolveOrder } from './evolve.ts';
import { type Demand, dayFor, firstBroken, guardsFor } from './guards.ts';
import { known } from './place.ts';
import { misplacedPair } from './legs.ts';
import type { StopLeg } from './linked.ts';
import { readChange } from './read-terms.ts';
import { replaceStopLeg } from './replace-stop-leg.ts';
import { type Funds, withPosting } from './settle.ts';
import {
  existing,
  isOpen,
  isWithUs,
  type Order,
  type OrderState,
  pendingCancel,
  type PendingReplace,
  pendingReplace,
  type PendingRequest,
  waitingStopLeg,
  waitsForEntry,
} from './state.ts';
import type { RequestedChange, Terms } from './terms.ts';
import { worstValue } from './worst-value.ts';

/**
 * Asks to cancel. One policy for what is outstanding already: a second cancel is refused, a cancel behind a pending replace
 * is queued and applied after it. An order the venue has not seen yet is canceled at once.
 */
export function requestCancel(command: RequestCancel, state: OrderState): readonly OrderEvent[] {
  const { requestId, reason } = command;
  if (isRepeated(state, 'cancel', requestId)) return [];
  const refusal = cancelRefusal(command, state);
  if (refusal) return [{ type: 'CancelRejected', schema: 1, data: { requestId, ...refusal } }];
  const order = existing(state);
  const requested = { type: 'CancelRequested', schema: 1, data: { requestId, reason } } as const;
  if (!isWithUs(order)) return [requested];
  const pending = evolveOrder(order, requested, order.times.updatedAt);
  return [requested, withPosting(pending, { type: 'OrderCanceled', schema: 1, data: { reason, requestId } })];
}

function cancelRefusal({ original }: RequestCancel, state: OrderState): Refusal | undefined {
  if (state.kind === 'denied') return { reason: 'too_late', observed: 'denied' };
  if (state.kind !== 'order') return { reason: 'order_unknown' };
  if (pendingCancel(state)) return { reason: 'request_pending', observed: 'cancel' };
  if (!isOpen(state)) return { reason: 'too_late', observed: closedReason(state) };
  return staleOriginal(state, original);
}

/** The very request that is outstanding already: refusing it would answer the outstanding one. */
function isRepeated(state: OrderState, kind: PendingRequest['request'], id: RequestId): boolean {
  return (
    state.kind === 'order' &&
    state.pending.some(({ request, requestId }) => request === kind && requestId === id)
  );
}

function closedReason(order: Order): string {
  return order.phase.name === 'closed' ? order.phase.reason : order.phase.name;
}

/**
 * FIX OrigClOrdID names the last request that was not rejected, a pending replace included. While one is pending, a cancel
 * that names the id before it is as clear: whoever wants out is let out.
 */
function staleOriginal(order: Order, original: string | undefined): Refusal | undefined {
  const { clientOrderId } = order.names;
  const latest = pendingReplace(order)?.clientOrderId ?? clientOrderId;
  if (original === undefined || original === latest || original === clientOrderId) return undefined;
  // One leg of a pair stands for both: canceling either ends the pair.
  if (original === waitingStopLeg(order)?.clientOrderId) return undefined;
  return { reason: 'original_id_stale', limit: latest, observed: original };
}

/**
 * Asks to replace, checked as a new order for the difference. One policy: while any request is outstanding a replace is
 * refused. The hold is raised first, to cover both ways the replace can end.
 */
export function requestReplace(command: RequestReplace, state: OrderState): readonly OrderEvent[] {
  if (isRepeated(state, 'replace', command.requestId)) return [];
  const decided = replacement(command, state);
  if ('reason' in decided)
    return [{ type: 'ReplaceRejected', schema: 1, data: { requestId: command.requestId, ...decided } }];
  const order = existing(state);
  const refusal = firstBroken(guardsFor(command, demandOfReplace(command, order, decided)), command.observed);
  if (refusal)
    return [{ type: 'ReplaceRejected', schema: 1, data: { requestId: command.requestId, ...refusal } }];
  if (decided.type === 'StopLegReplaced' || !isWithUs(order)) return [decided];
  const pending = evolveOrder(order, decided, order.times.updatedAt);
  return [decided, confirmed(pending, decided.data)];
}

/** A quantity at or below what is filled already becomes the filled quantity: the order is filled. */
export function confirmed(
  order: Order,
  { requestId, terms }: Pick<PendingReplace, 'requestId' | 'terms'>,
  from: { readonly position?: VenuePosition; readonly funds?: Funds } = {},
): OrderReplaced {
  const { position, funds } = from;
  const orderQuantity = quantity(Math.max(terms.orderQuantity, order.totals.cumulativeQuantity));
  const data = { ...(position && { position }), requestId, terms: { ...terms, orderQuantity } };
  return withPosting(order, { type: 'OrderReplaced', schema: 1, data }, funds);
}

function replacement(
  command: RequestReplace,
  state: OrderState,
): ReplaceRequested | StopLegReplaced | Refusal {
  if (state.kind === 'denied') return { reason: 'too_late', observed: 'denied' };
  if (state.kind !== 'order') return { reason: 'order_unknown' };
  const order = state;
  if (order.pending.length > 0)
    return { reason: 'request_pending', observed: order.pending.map(({ request }) => request).join() };
  if (isTooLate(order, command.change) || (order.exitDue && order.phase.name === 'closed'))
    return { reason: 'too_late', observed: closedReason(order) };
  const leg = namedStopLeg(order, command.original);
  const stale = leg ? undefined : staleOriginal(order, command.original);
  if (stale) return stale;
  // The id the order was placed under is taken by the order itself.
  if (command.taken || command.replacementId === order.orderId)
    return { reason: 'client_order_id_taken', observed: command.clientOrderId };
  const { rules } = command;
  const { symbol } = order.contract;
  const standing = firstRefusal(standingChecks, { symbol, rules });
  if (standing) return standing;
  // The units an order was placed in stay its units, whatever the instrument's have become.
  const instrument = { ...known(rules), contract: order.contract };
  return leg ? replaceStopLeg(command, order, leg, instrument) : withNewTerms(command, order, instrument);
}

/** The stop loss of a pair, where it is meant and not the pair. */
function namedStopLeg(order: Order, original: string | undefined): StopLeg | undefined {
  const leg = waitingStopLeg(order);
  return leg && original === leg.clientOrderId ? leg : undefined;
}

/** What a group does not let one of its orders change. */
function unlinked(
  order: Order,
  { change, rules }: RequestReplace,
  terms: Terms,
  instrument: InstrumentRules,
): Refusal | undefined {
  if (!order.link) return undefined;
  if (terms.timeInForce !== 'day' && terms.timeInForce !== 'gtc')
    return {
      reason: 'terms_inconsistent',
      limit: 'linked orders are day or gtc',
      observed: terms.timeInForce,
    };
  if (waitsForEntry(order) && change.quantity !== undefined)
    return {
      reason: 'field_not_replaceable',
      limit: 'the quantity is what the entry fills',
      observed: 'quantity',
    };
  const leg = waitingStopLeg(order);
  return leg && misplacedPair({ ...order, rules }, terms.limitPrice, leg.terms.stopPrice, instrument);
}

/** A closed order can be replaced only when it was filled, and only to a quantity that opens it again. */
function isTooLate(order: Order, { quantity: wanted }: RequestedChange): boolean {
  if (order.phase.name !== 'closed') return false;
  if (order.phase.reason !== 'filled' || wanted === undefined) return true;
  const lots = parseQuantity(wanted, order.contract);
  return lots !== undefined && lots <= order.totals.cumulativeQuantity;
}

function withNewTerms(
  command: RequestReplace,
  order: Order,
  instrument: InstrumentRules,
): ReplaceRequested | Refusal {
  const { rules } = command;
  const read = readChange(order, command.change, instrument, rules);
  if ('refusal' in read) return read.refusal;
  const terms = read.value;
  if (sameTerms(terms, order.terms)) return { reason: 'replace_changes_nothing' };
  const increase = quantity(Math.max(0, terms.orderQuantity - order.terms.orderQuantity));
  const { accountId, side } = order;
  const refusal =
    firstRefusal(termsChecks, {
      accountId,
      symbol: order.contract.symbol,
      side,
      terms,
      increase,
      rules,
      instrument,
    }) ?? unlinked(order, command, terms, instrument);
  if (refusal) return refusal;
  return withPosting(order, {
    type: 'ReplaceRequested',
    schema: 1,
    data: {
      requestId: command.requestId,
      replacementId: command.replacementId,
      clientOrderId: command.clientOrderId,
      terms,
      ...(rules.reference && { reference: { price: rules.reference.price, ageMs: referenceAgeMs(rules) } }),
      ...(becomesLimited(order, increase, instrument) && { positionLimited: true }),
      dayNotional: Math.max(0, worstValue(terms, instrument) - worstValue(order.terms, instrument)),
      day: dayFor(command.observed, order.contract.currency, rules.day),
    },
  });
}

/** A buy that grows is held to the position limit of today, whatever applied when it was placed; one that does not adds nothing. */
function becomesLimited(order: Order, increase: number, { positionMax }: InstrumentRules): boolean {
  return order.side === 'buy' && !order.positionLimited && increase > 0 && positionMax !== 'unlimited';
}

/** The protection price follows the reference price; by itself it is no change the client asked for. */
function sameTerms(a: Terms, b: Terms): boolean {
  const names = ['orderQuantity', 'limitPrice', 'stopPrice', 'timeInForce', 'expireAt'] as const;
  return names.every((name) => a[name] === b[name]) && trailText(a) === trailText(b);
}

function trailText({ trail }: Terms): string {
  if (!trail) return '';
  return trail.by === 'price' ? `${trail.ticks} ticks` : `${trail.hundredths} hundredths`;
}

export function demandOfReplace(
  command: RequestReplace,
  order: Order,
  { data }: ReplaceRequested | StopLegReplaced,
): Demand {
  return {
    side: order.side,
    contract: order.contract,
    cash: data.posting?.cash?.held ?? 0,
    shares: data.posting?.shares?.held ?? 0,
    exposure: data.posting?.exposure ?? 0,
    newOpenOrders: isOpen(order) ? 0 : 1,
    dayNotional: data.dayNotional,
    day: data.day,
    positionMax: known(command.rules).positionMax,
  };
}
