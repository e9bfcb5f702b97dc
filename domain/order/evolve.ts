import type { Posting } from '../account/posting.ts';
import { assert, unreachable } from '../values/assert.ts';
import { nothing, notional, notionalOf } from '../values/notional.ts';
import type { RequestId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import { none, quantity } from '../values/quantity.ts';
import type { Timestamp } from '../values/time.ts';
import type { OrderEvent, OrderPlaced, VenuePosition } from './events.ts';
import type { StopLeg } from './linked.ts';
import {
  type ClosedReason,
  existing,
  type Flags,
  hasApplied,
  isOpen,
  leavesQuantity,
  type Order,
  type OrderState,
  type PendingRequest,
  pendingReplace,
  type Phase,
  type Totals,
} from './state.ts';
import { isGoodTill } from './terms.ts';

/** Applies what happened. No rule is decided here: what cannot be applied is impossible and asserts. */
export function evolve(state: OrderState, event: OrderEvent, at: Timestamp): OrderState {
  switch (event.type) {
    case 'OrderPlaced':
      assert(state.kind === 'unborn', 'an order is placed once');
      return placed(event.data, at);
    case 'OrderDenied':
      assert(state.kind === 'unborn', 'only an order that does not exist yet is denied');
      return { kind: 'denied', denial: event.data, deniedAt: at };
    case 'OrderAliased':
      assert(state.kind === 'unborn', 'an outside id is introduced once');
      return { kind: 'alias', ...event.data };
    case 'CancelRejected':
    case 'ReplaceRejected':
      // A refused request on an order that was denied or never was: recorded, and nothing changes.
      return state.kind === 'order' ? evolveOrder(state, event, at) : state;
    default:
      return evolveOrder(existing(state), event, at);
  }
}

type LaterEvent = Exclude<OrderEvent, { type: 'OrderPlaced' | 'OrderDenied' | 'OrderAliased' }>;

export function evolveOrder(order: Order, event: LaterEvent, at: Timestamp): Order {
  const next = applyFacts(order, event, at);
  const held = withHold(
    next,
    'posting' in event.data ? event.data.posting : undefined,
    order.side === 'buy' ? 1 : -1,
    order,
  );
  const position = 'position' in event.data ? event.data.position : undefined;
  return position ? withPosition(held, position) : held;
}

function placed(data: OrderPlaced['data'], at: Timestamp): Order {
  return {
    kind: 'order',
    orderId: data.orderId,
    accountId: data.accountId,
    side: data.side,
    ...(data.strategyId !== undefined && { strategyId: data.strategyId }),
    contract: data.contract,
    fees: data.fees,
    positionLimited: data.positionLimited,
    epoch: data.epoch,
    phase: { name: data.phase },
    pending: [],
    terms: data.terms,
    totals: { cumulativeQuantity: none, notional: nothing },
    hold: {
      cash: data.posting?.cash?.held ?? 0,
      shares: data.posting?.shares?.held ?? 0,
      exposure: data.posting?.exposure ?? 0,
    },
    flags: {},
    applied: {},
    names: { outsideId: data.orderId, clientOrderId: data.clientOrderId },
    times: { placedAt: at, updatedAt: at },
    ...(data.link && { link: data.link }),
    ...(data.stopLeg && { stopLeg: { ...data.stopLeg, day: data.day, attempts: 0 } }),
  };
}

/** The event's facts without the hold, so that deciding can ask what hold they require. */
export function applyFacts(order: Order, event: LaterEvent, at: Timestamp): Order {
  const times = { ...order.times, updatedAt: at };
  switch (event.type) {
    case 'OrderHeld':
      return { ...order, times, phase: { name: 'held', for: event.data.for } };
    case 'OrderReleased':
      return {
        ...order,
        times,
        phase: { name: event.data.phase ?? 'sent' },
        terms: event.data.terms ?? order.terms,
      };
    case 'ExitDue':
      return { ...order, times, exitDue: true };
    case 'StopElected':
      return { ...order, times, stopLeg: { ...stopLegOf(order), elected: true } };
    case 'StopLegReplaced': {
      const { replacementId, clientOrderId, terms } = event.data;
      const before = stopLegOf(order);
      const replaces = before.orderId;
      const stopLeg = { ...before, orderId: replacementId, clientOrderId, terms, replaces };
      return { ...order, times, stopLeg };
    }
    case 'OrderTriggered':
      return { ...order, times, flags: { ...order.flags, triggered: true } };
    case 'OrderAccepted':
      return { ...order, times, venueOrderId: event.data.venueOrderId, phase: working(order.phase) };
    case 'OrderRejected':
      return close(order, 'rejected', { ...times, failedAt: at });
    case 'CancelRequested':
      return { ...order, times, pending: [...order.pending, { request: 'cancel', ...event.data }] };
    case 'CancelRejected':
      return { ...order, times, pending: answered(order, 'cancel', event.data.requestId) };
    case 'OrderCanceled':
      return close(order, 'canceled', { ...times, canceledAt: at });
    case 'ReplaceRequested': {
      const { requestId, replacementId, clientOrderId, terms, positionLimited = false, leg } = event.data;
      const request = { requestId, replacementId, clientOrderId, terms, ...(leg && { leg }) };
      return {
        ...(leg ? attempted(order) : order),
        times,
        positionLimited: order.positionLimited || positionLimited,
        pending: [{ request: 'replace', ...request }, ...order.pending],
      };
    }
    case 'ReplaceRejected':
      return { ...order, times, pending: answered(order, 'replace', event.data.requestId) };
    case 'OrderReplaced':
      return replaced({ ...order, times: { ...times, replacedAt: at } }, event.data);
    case 'OrderRestated':
      return closeIfFilled(
        { ...order, times, terms: event.data.terms, flags: without(order.flags, 'suspended', 'doneForDay') },
        at,
      );
    case 'OrderExecuted':
      return executed({ ...order, times }, event.data, at);
    case 'ExecutionBusted':
      return retraded(
        { ...order, times },
        { lots: -event.data.lastQuantity, price: event.data.lastPrice },
        undefined,
        at,
      );
    case 'ExecutionCorrected':
      return retraded(
        { ...order, times },
        { lots: -event.data.previousQuantity, price: event.data.previousPrice },
        { lots: event.data.lastQuantity, price: event.data.lastPrice },
        at,
      );
    case 'OrderExpired':
      return close(order, 'expired', { ...times, expiredAt: at });
    case 'OrderDoneForDay':
      return isGoodTill(order.terms)
        ? { ...order, times, flags: { ...order.flags, doneForDay: true } }
        : close(order, 'done_for_day', times);
    case 'SessionResumed':
      return { ...order, times, flags: without(order.flags, 'doneForDay', 'suspended') };
    case 'OrderStopped':
      return { ...order, times, flags: { ...order.flags, stopped: true } };
    case 'OrderSuspended':
      return { ...order, times, flags: { ...order.flags, suspended: true } };
    case 'OrderCalculated':
      return close(order, 'calculated', times);
    case 'ReportDisputed':
    case 'ReportNoted':
      return { ...order, times };
    default:
      return unreachable(event);
  }
}

function stopLegOf({ stopLeg }: Order): StopLeg {
  assert(stopLeg !== undefined, 'only a pair has a stop loss');
  return stopLeg;
}

function attempted(order: Order): Order {
  const stopLeg = stopLegOf(order);
  return { ...order, stopLeg: { ...stopLeg, attempts: stopLeg.attempts + 1 } };
}

function working(phase: Phase): Phase {
  return phase.name === 'closed' ? phase : { name: 'working' };
}

/** Closing ends every outstanding request: there is nothing left they could apply to. */
function close(order: Order, reason: ClosedReason, times: Order['times']): Order {
  return { ...order, times, phase: { name: 'closed', reason }, pending: [] };
}

function answered(order: Order, request: PendingRequest['request'], id: RequestId): Order['pending'] {
  return order.pending.filter((pending) => pending.request !== request || pending.requestId !== id);
}

function without(flags: Flags, ...names: readonly (keyof Flags)[]): Flags {
  const rest: { -readonly [Flag in keyof Flags]: Flags[Flag] } = { ...flags };
  for (const name of names) delete rest[name];
  return rest;
}

/** Filled closes the order, but a request the venue has not answered stays outstanding: its answer may still change things. */
function closeIfFilled(order: Order, at: Timestamp): Order {
  if (order.phase.name === 'closed' || order.totals.cumulativeQuantity < order.terms.orderQuantity)
    return order;
  return { ...order, phase: { name: 'closed', reason: 'filled' }, times: { ...order.times, filledAt: at } };
}

/** Only what was filled opens again; canceled and expired stay closed. */
function reopenIfUnfilled(order: Order): Order {
  if (order.phase.name !== 'closed' || order.phase.reason !== 'filled') return order;
  if (order.totals.cumulativeQuantity >= order.terms.orderQuantity) return order;
  const { filledAt: _dropped, ...times } = order.times;
  return { ...order, phase: { name: 'working' }, times };
}

function replaced(order: Order, data: Extract<OrderEvent, { type: 'OrderReplaced' }>['data']): Order {
  const request = pendingReplace(order);
  assert(request?.requestId === data.requestId, 'a replace is confirmed that was requested');
  const names = {
    outsideId: request.replacementId,
    clientOrderId: request.clientOrderId,
    // The stop loss of a pair stands beside the take profit; it replaces nothing the client has.
    ...(request.leg === undefined && { replaces: order.names.outsideId }),
  };
  const next = {
    ...order,
    ...(request.leg && { stopLeg: { ...stopLegOf(order), working: order.totals } }),
    names,
    terms: data.terms,
    pending: order.pending.filter((other) => other !== request),
  };
  const reopened = reopenIfUnfilled(next);
  return closeIfFilled(
    reopened.phase.name === 'sent' ? { ...reopened, phase: { name: 'working' } } : reopened,
    order.times.updatedAt,
  );
}

function executed(
  order: Order,
  data: Extract<OrderEvent, { type: 'OrderExecuted' }>['data'],
  at: Timestamp,
): Order {
  const totals = plus(order.totals, { lots: data.lastQuantity, price: data.lastPrice });
  return closeIfFilled({ ...order, totals }, at);
}

interface Trade {
  readonly lots: number;
  readonly price: Price;
}

function retraded(order: Order, undo: Trade, redo: Trade | undefined, at: Timestamp): Order {
  const undone = plus(order.totals, undo);
  return closeIfFilled(reopenIfUnfilled({ ...order, totals: redo ? plus(undone, redo) : undone }), at);
}

function plus(totals: Totals, trade: Trade): Totals {
  const value = notionalOf(quantity(Math.abs(trade.lots)), trade.price);
  return {
    cumulativeQuantity: quantity(totals.cumulativeQuantity + trade.lots),
    notional: notional(totals.notional + (trade.lots < 0 ? -value : value)),
  };
}

/** Exposure in a posting also counts what was traded; the part held for this order is what is left of it. */
function withHold(next: Order, posting: Posting | undefined, direction: 1 | -1, before: Order): Order {
  if (!posting) return next;
  const lots = next.totals.cumulativeQuantity - before.totals.cumulativeQuantity;
  const hold = {
    cash: before.hold.cash + (posting.cash?.held ?? 0),
    shares: before.hold.shares + (posting.shares?.held ?? 0),
    exposure: before.hold.exposure + (posting.exposure ?? 0) - direction * lots,
  };
  assert(hold.cash >= 0 && hold.shares >= 0 && hold.exposure >= 0, 'a hold is never negative');
  assert(
    isOpen(next) || (hold.cash === 0 && hold.shares === 0 && hold.exposure === 0),
    'a closed order holds nothing',
  );
  assert(leavesQuantity(next) <= next.terms.orderQuantity, 'leaves never exceed the order quantity');
  return { ...next, hold };
}

function withPosition(order: Order, position: VenuePosition): Order {
  assert(!hasApplied(order, position), 'a report is applied once');
  return { ...order, applied: { ...order.applied, [position.stream]: [position.version, position.index] } };
}
