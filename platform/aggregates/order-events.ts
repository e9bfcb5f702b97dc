import * as z from 'zod/mini';
import { cancelReasons, type OrderEvent } from '../../domain/order/events.ts';
import { orderClasses } from '../../domain/order/linked.ts';
import {
  orderTypes,
  type RequestedTerms,
  type Terms,
  type TimeInForce,
  timesInForce,
} from '../../domain/order/terms.ts';
import { as, exactly, type Readers } from './stored-events.ts';
import {
  accountId,
  clientOrderId,
  contract,
  count,
  day,
  executionId,
  feeSchedule,
  orderId,
  posting,
  price,
  quantity,
  reason,
  requestId,
  text,
  timestamp,
  venuePosition,
} from './value-schemas.ts';

type DataOf<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];

export const side = z.enum(['buy', 'sell']);
const orderType = z.enum(orderTypes);
const timeInForce: z.ZodMiniType<TimeInForce> = z.enum(timesInForce);
const cancelReason = z.enum(cancelReasons);

const trail = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('price'), ticks: price }),
  z.strictObject({ by: z.literal('percent'), hundredths: count }),
]);

export const terms = exactly<Terms>()({
  orderType,
  timeInForce,
  orderQuantity: quantity,
  limitPrice: z.exactOptional(price),
  stopPrice: z.exactOptional(price),
  trail: z.exactOptional(trail),
  protectionPrice: z.exactOptional(price),
  expireAt: z.exactOptional(timestamp),
  postOnly: z.exactOptional(z.literal(true)),
  minimumQuantity: z.exactOptional(quantity),
  displayQuantity: z.exactOptional(quantity),
});

const requestedTerms = exactly<RequestedTerms>()({
  orderType,
  timeInForce,
  quantity: text,
  limitPrice: z.exactOptional(text),
  stopPrice: z.exactOptional(text),
  trailPrice: z.exactOptional(text),
  trailPercent: z.exactOptional(text),
  expireAt: z.exactOptional(timestamp),
  postOnly: z.exactOptional(z.literal(true)),
  minimumQuantity: z.exactOptional(text),
  displayQuantity: z.exactOptional(text),
});

const reference = z.strictObject({ price, ageMs: count });
const identity = { orderId, accountId, clientOrderId, side, strategyId: z.exactOptional(text) };
const refusal = { reason, limit: z.exactOptional(text), observed: z.exactOptional(text) };
const fromVenue = { position: venuePosition };
const perhapsFromVenue = { position: z.exactOptional(venuePosition) };
const posted = { posting: z.exactOptional(posting) };

const entryOf = z.enum(['bracket', 'oto']);
const link = z.union([
  z.strictObject({ class: entryOf, role: z.literal('entry'), exit: orderId }),
  z.strictObject({ class: entryOf, role: z.literal('exit'), entry: orderId }),
  z.strictObject({ class: z.literal('oco'), role: z.literal('exit') }),
]);
const stopLeg = z.strictObject({ orderId, clientOrderId, terms });

const orderPlaced = exactly<DataOf<'OrderPlaced'>>()({
  ...identity,
  ...posted,
  contract,
  terms,
  fees: feeSchedule,
  phase: z.enum(['received', 'sent']),
  reference: z.exactOptional(reference),
  positionLimited: z.boolean(),
  epoch: count,
  dayNotional: count,
  day,
  link: z.exactOptional(link),
  stopLeg: z.exactOptional(stopLeg),
});
const orderDenied = exactly<DataOf<'OrderDenied'>>()({
  ...identity,
  ...refusal,
  symbol: text,
  requested: requestedTerms,
  orderClass: z.exactOptional(z.enum(orderClasses)),
});
const orderHeld = exactly<DataOf<'OrderHeld'>>()({ for: z.enum(['trigger', 'parent', 'review']) });
const orderReleased = exactly<DataOf<'OrderReleased'>>()({
  ...posted,
  phase: z.exactOptional(z.literal('received')),
  terms: z.exactOptional(terms),
});
const exitDue = exactly<DataOf<'ExitDue'>>()({ exit: orderId, quantity });
const stopElected = exactly<DataOf<'StopElected'>>()({ price });
const stopLegReplaced = exactly<DataOf<'StopLegReplaced'>>()({
  ...posted,
  requestId,
  replacementId: orderId,
  clientOrderId,
  terms,
  dayNotional: count,
  day,
});
const orderTriggered = exactly<DataOf<'OrderTriggered'>>()(perhapsFromVenue);
const orderAccepted = exactly<DataOf<'OrderAccepted'>>()({ ...fromVenue, venueOrderId: text });
const orderRejected = exactly<DataOf<'OrderRejected'>>()({ ...fromVenue, ...posted, text });
const cancelRequested = exactly<DataOf<'CancelRequested'>>()({ requestId, reason: cancelReason });
const cancelRejected = exactly<DataOf<'CancelRejected'>>()({
  ...perhapsFromVenue,
  ...refusal,
  requestId,
  text: z.exactOptional(text),
});
const orderCanceled = exactly<DataOf<'OrderCanceled'>>()({
  ...perhapsFromVenue,
  ...posted,
  reason: cancelReason,
  requestId: z.exactOptional(requestId),
});
const replaceRequested = exactly<DataOf<'ReplaceRequested'>>()({
  ...posted,
  requestId,
  replacementId: orderId,
  clientOrderId,
  terms,
  reference: z.exactOptional(reference),
  positionLimited: z.exactOptional(z.literal(true)),
  dayNotional: count,
  day,
  leg: z.exactOptional(z.literal('stop_loss')),
});
const replaceRejected = exactly<DataOf<'ReplaceRejected'>>()({
  ...perhapsFromVenue,
  ...posted,
  ...refusal,
  requestId,
  text: z.exactOptional(text),
});
const orderReplaced = exactly<DataOf<'OrderReplaced'>>()({
  ...perhapsFromVenue,
  ...posted,
  requestId,
  terms,
});
const orderRestated = exactly<DataOf<'OrderRestated'>>()({
  ...fromVenue,
  ...posted,
  terms,
  text: z.exactOptional(text),
});
const orderExecuted = exactly<DataOf<'OrderExecuted'>>()({
  ...fromVenue,
  ...posted,
  executionId,
  lastQuantity: quantity,
  lastPrice: price,
  fee: count,
  liquidity: z.exactOptional(z.enum(['added', 'removed'])),
  overfill: z.exactOptional(count),
});
const executionBusted = exactly<DataOf<'ExecutionBusted'>>()({
  ...fromVenue,
  ...posted,
  executionId,
  lastQuantity: quantity,
  lastPrice: price,
});
const executionCorrected = exactly<DataOf<'ExecutionCorrected'>>()({
  ...fromVenue,
  ...posted,
  executionId,
  replacesExecutionId: executionId,
  lastQuantity: quantity,
  lastPrice: price,
  previousQuantity: quantity,
  previousPrice: price,
  overfill: z.exactOptional(count),
});
const orderExpired = exactly<DataOf<'OrderExpired'>>()({
  ...perhapsFromVenue,
  ...posted,
  reason: z.enum(['day', 'date', 'session', 'auction']),
});
const orderStopped = exactly<DataOf<'OrderStopped'>>()({
  ...fromVenue,
  stoppedQuantity: z.exactOptional(quantity),
  stoppedPrice: z.exactOptional(price),
});
const reportDisputed = exactly<DataOf<'ReportDisputed'>>()({ ...fromVenue, report: text, reason, text });
const onlyFromVenue = exactly<DataOf<'OrderSuspended'>>()(fromVenue);
const orderDoneForDay = exactly<DataOf<'OrderDoneForDay'>>()({ ...fromVenue, ...posted });

/** Every event an order's stream, or that of another of its outside ids, was ever written with. */
export const orderReaders: Readers<OrderEvent> = {
  OrderPlaced: [as('OrderPlaced', orderPlaced)],
  OrderDenied: [as('OrderDenied', orderDenied)],
  OrderHeld: [as('OrderHeld', orderHeld)],
  OrderReleased: [as('OrderReleased', orderReleased)],
  ExitDue: [as('ExitDue', exitDue)],
  StopElected: [as('StopElected', stopElected)],
  StopLegReplaced: [as('StopLegReplaced', stopLegReplaced)],
  OrderTriggered: [as('OrderTriggered', orderTriggered)],
  OrderAccepted: [as('OrderAccepted', orderAccepted)],
  OrderRejected: [as('OrderRejected', orderRejected)],
  CancelRequested: [as('CancelRequested', cancelRequested)],
  CancelRejected: [as('CancelRejected', cancelRejected)],
  OrderCanceled: [as('OrderCanceled', orderCanceled)],
  ReplaceRequested: [as('ReplaceRequested', replaceRequested)],
  ReplaceRejected: [as('ReplaceRejected', replaceRejected)],
  OrderReplaced: [as('OrderReplaced', orderReplaced)],
  OrderRestated: [as('OrderRestated', orderRestated)],
  OrderExecuted: [as('OrderExecuted', orderExecuted)],
  ExecutionBusted: [as('ExecutionBusted', executionBusted)],
  ExecutionCorrected: [as('ExecutionCorrected', executionCorrected)],
  OrderExpired: [as('OrderExpired', orderExpired)],
  OrderDoneForDay: [as('OrderDoneForDay', orderDoneForDay)],
  SessionResumed: [as('SessionResumed', orderTriggered)],
  OrderStopped: [as('OrderStopped', orderStopped)],
  OrderSuspended: [as('OrderSuspended', onlyFromVenue)],
  OrderCalculated: [as('OrderCalculated', exactly<DataOf<'OrderCalculated'>>()({ ...fromVenue, ...posted }))],
  ReportDisputed: [as('ReportDisputed', reportDisputed)],
  ReportNoted: [as('ReportNoted', exactly<DataOf<'ReportNoted'>>()({ ...fromVenue, report: text }))],
  OrderAliased: [as('OrderAliased', exactly<DataOf<'OrderAliased'>>()({ orderId, accountId }))],
};
