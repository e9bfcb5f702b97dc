import { firstRefusal, referenceAgeMs, standingChecks, termsChecks } from '../risk/checks.ts';
import { quantity } from '../values/quantity.ts';
import type { RequestCancel, RequestReplace } from './commands.ts';
import type { OrderEvent, Refusal, ReplaceRequested } from './events.ts';
import { evolveOrder } from './evolve.ts';
import { type Demand, dayFor, firstBroken, guardsFor } from './guards.ts';
import { known, worstValue } from './place.ts';
import { readChange } from './read-terms.ts';
import { withPosting } from './settle.ts';
import { existing, isOpen, type Order, type OrderState, pendingCancel, pendingReplace } from './state.ts';
import type { Terms } from './terms.ts';

/**
 * Asks to cancel. One policy for what is outstanding already: a second cancel is refused, a cancel behind a pending replace
 * is queued and applied after it. An order the venue has not seen yet is canceled at once.
 */
export function requestCancel(command: RequestCancel, state: OrderState): readonly OrderEvent[] {
  const { requestId, reason } = command;
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

function closedReason(order: Order): string {
  return order.phase.name === 'closed' ? order.phase.reason : order.phase.name;
}

/** FIX OrigClOrdID names the last request that was not rejected, a pending replace included. */
function staleOriginal(order: Order, original: string | undefined): Refusal | undefined {
  const latest = pendingReplace(order)?.clientOrderId ?? order.names.clientOrderId;
  if (original === undefined || original === latest) return undefined;
  return { reason: 'original_id_stale', limit: latest, observed: original };
}

/** Not sent to a venue yet: queued for the session, or held by us. */
function isWithUs(order: Order): boolean {
  return order.phase.name === 'received' || order.phase.name === 'held';
}

/**
 * Asks to replace, checked as a new order for the difference. One policy: while any request is outstanding a replace is
 * refused. The hold is raised first, to cover both ways the replace can end.
 */
export function requestReplace(command: RequestReplace, state: OrderState): readonly OrderEvent[] {
  const decided = replacement(command, state);
  if ('reason' in decided)
    return [{ type: 'ReplaceRejected', schema: 1, data: { requestId: command.requestId, ...decided } }];
  const order = existing(state);
  const refusal = firstBroken(guardsFor(command, demandOfReplace(command, order, decided)), command.observed);
  if (refusal)
    return [{ type: 'ReplaceRejected', schema: 1, data: { requestId: command.requestId, ...refusal } }];
  if (!isWithUs(order)) return [decided];
  const pending = evolveOrder(order, decided, order.times.updatedAt);
  const { requestId, terms } = decided.data;
  return [decided, withPosting(pending, { type: 'OrderReplaced', schema: 1, data: { requestId, terms } })];
}

function replacement(command: RequestReplace, state: OrderState): ReplaceRequested | Refusal {
  if (state.kind === 'denied') return { reason: 'too_late', observed: 'denied' };
  if (state.kind !== 'order') return { reason: 'order_unknown' };
  const order = state;
  if (order.pending.length > 0)
    return { reason: 'request_pending', observed: order.pending.map(({ request }) => request).join() };
  if (!isOpen(order)) return { reason: 'too_late', observed: closedReason(order) };
  const stale = staleOriginal(order, command.original);
  if (stale) return stale;
  if (command.taken) return { reason: 'client_order_id_taken', observed: command.clientOrderId };
  const { rules } = command;
  const { symbol } = order.contract;
  const standing = firstRefusal(standingChecks, { symbol, rules });
  if (standing) return standing;
  return withNewTerms(command, order);
}

function withNewTerms(command: RequestReplace, order: Order): ReplaceRequested | Refusal {
  const { rules } = command;
  // The units an order was placed in stay its units, whatever the instrument's have become.
  const instrument = { ...known(rules), contract: order.contract };
  const read = readChange(order, command.change, instrument, rules);
  if ('refusal' in read) return read.refusal;
  const terms = read.value;
  if (sameTerms(terms, order.terms)) return { reason: 'replace_changes_nothing' };
  const increase = quantity(Math.max(0, terms.orderQuantity - order.terms.orderQuantity));
  const { accountId, side } = order;
  const refusal = firstRefusal(termsChecks, {
    accountId,
    symbol: order.contract.symbol,
    side,
    terms,
    increase,
    rules,
    instrument,
  });
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
      dayNotional: Math.max(0, worstValue(terms, instrument) - worstValue(order.terms, instrument)),
      day: dayFor(command.observed, order.contract.currency, rules.day),
    },
  });
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

export function demandOfReplace(command: RequestReplace, order: Order, { data }: ReplaceRequested): Demand {
  return {
    side: order.side,
    contract: order.contract,
    cash: data.posting?.cash?.held ?? 0,
    shares: data.posting?.shares?.held ?? 0,
    exposure: data.posting?.exposure ?? 0,
    newOpenOrders: 0,
    dayNotional: data.dayNotional,
    day: data.day,
    positionMax: known(command.rules).positionMax,
  };
}
