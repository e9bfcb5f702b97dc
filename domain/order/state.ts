import type { FeeSchedule } from '../account/fees.ts';
import type { Contract } from '../instrument/instrument.ts';
import { assert } from '../values/assert.ts';
import type { AccountId, ClientOrderId, OrderId, RequestId } from '../values/ids.ts';
import type { Notional } from '../values/notional.ts';
import { type Quantity, quantity } from '../values/quantity.ts';
import type { Timestamp } from '../values/time.ts';
import type { CancelReason, OrderDenied, VenuePosition } from './events.ts';
import type { Link, StopLeg } from './linked.ts';
import type { Side, Terms } from './terms.ts';

/** Facts that vary independently; every status a client sees is derived from them. Bounded however long the order lives. */
export interface Order {
  readonly kind: 'order';
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly side: Side;
  readonly strategyId?: string;
  readonly contract: Contract;
  readonly fees: FeeSchedule;
  readonly positionLimited: boolean;
  readonly epoch: number;
  readonly phase: Phase;
  /** Outstanding requests, oldest first: at most one replace, at most one cancel, a cancel always last. */
  readonly pending: readonly PendingRequest[];
  readonly terms: Terms;
  readonly totals: Totals;
  readonly hold: Hold;
  readonly flags: Flags;
  /** Per venue stream, the last position applied: anything at or before it is a repeat. */
  readonly applied: Readonly<Record<string, readonly [version: number, index: number]>>;
  readonly names: Names;
  readonly times: Times;
  readonly venueOrderId?: string;
  /** Absent: it stands alone. */
  readonly link?: Link;
  /** It is a pair. */
  readonly stopLeg?: StopLeg;
  /** It is an entry whose exit has been told its turn. */
  readonly exitDue?: true;
}

export type Phase =
  | { readonly name: 'received' }
  | { readonly name: 'held'; readonly for: 'trigger' | 'parent' | 'review' }
  | { readonly name: 'sent' }
  | { readonly name: 'working' }
  | { readonly name: 'closed'; readonly reason: ClosedReason };

/** `done_for_day`: only orders that end with the day; a good-till order is open the next day and merely flagged. */
export type ClosedReason = 'filled' | 'canceled' | 'rejected' | 'expired' | 'calculated' | 'done_for_day';

export type PendingRequest = PendingCancel | PendingReplace;
export interface PendingCancel {
  readonly request: 'cancel';
  readonly requestId: RequestId;
  readonly reason: CancelReason;
}
export interface PendingReplace {
  readonly request: 'replace';
  readonly requestId: RequestId;
  readonly replacementId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly terms: Terms;
  readonly leg?: 'stop_loss';
}

/** Of the live executions. Cash and fees posted so far follow from these two and the fee schedule. */
export interface Totals {
  readonly cumulativeQuantity: Quantity;
  readonly notional: Notional;
}

/** What is reserved for this order: cash in minor units, shares and exposure in lots. */
export interface Hold {
  readonly cash: number;
  readonly shares: number;
  readonly exposure: number;
}

export interface Flags {
  readonly triggered?: true;
  readonly doneForDay?: true;
  readonly stopped?: true;
  readonly suspended?: true;
}

/** How the order is known outside: a confirmed replace gives it a new id that points back to the one before. */
export interface Names {
  readonly outsideId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly replaces?: OrderId;
}

export interface Times {
  readonly placedAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly filledAt?: Timestamp;
  readonly canceledAt?: Timestamp;
  readonly expiredAt?: Timestamp;
  readonly failedAt?: Timestamp;
  readonly replacedAt?: Timestamp;
}

/** A denied order: its id is used up, nothing else exists. */
export interface DeniedOrder {
  readonly kind: 'denied';
  readonly denial: OrderDenied['data'];
  readonly deniedAt: Timestamp;
}

/** Another outside id of an order, introduced by a replace. */
export interface Alias {
  readonly kind: 'alias';
  readonly orderId: OrderId;
  readonly accountId: AccountId;
}

export type OrderState = { readonly kind: 'unborn' } | DeniedOrder | Alias | Order;

export const unborn: OrderState = { kind: 'unborn' };

export function leavesQuantity(order: Order): Quantity {
  if (order.phase.name === 'closed') return quantity(0);
  return quantity(Math.max(0, order.terms.orderQuantity - order.totals.cumulativeQuantity));
}

export function pendingReplace(order: Order): PendingReplace | undefined {
  return order.pending.find((request): request is PendingReplace => request.request === 'replace');
}

export function pendingCancel(order: Order): PendingCancel | undefined {
  return order.pending.find((request): request is PendingCancel => request.request === 'cancel');
}

/** Open: it can still trade, or an answer is outstanding that could let it. */
export function isOpen(order: Order): boolean {
  return order.phase.name !== 'closed' || order.pending.length > 0;
}

/** Not sent to a venue yet: queued for the session, or held by us. */
export function isWithUs({ phase }: Pick<Order, 'phase'>): boolean {
  return phase.name === 'received' || phase.name === 'held';
}

/** An exit that its entry has not brought to life: it reserves nothing, since what it closes is not there yet. */
export function waitsForEntry({ phase }: Pick<Order, 'phase'>): boolean {
  return phase.name === 'held' && phase.for === 'parent';
}

/** The stop loss of a pair, until it takes over. */
export function waitingStopLeg({ stopLeg }: Pick<Order, 'stopLeg'>): StopLeg | undefined {
  return stopLeg?.working ? undefined : stopLeg;
}

/** Whether the order has already taken this report of the venue into account. */
export function hasApplied(order: Order, position: VenuePosition): boolean {
  const last = order.applied[position.stream];
  if (!last) return false;
  const [version, index] = last;
  return position.version < version || (position.version === version && position.index <= index);
}

export function existing(state: OrderState): Order {
  assert(state.kind === 'order', `an order in state ${state.kind} cannot do this`);
  return state;
}
