import * as z from 'zod/mini';
import type { FeeSchedule } from '../../domain/account/fees.ts';
import type { Entry, Posting } from '../../domain/account/posting.ts';
import { sumOf } from '../../domain/account/posting.ts';
import type { Contract } from '../../domain/instrument/instrument.ts';
import type { VenuePosition } from '../../domain/order/events.ts';
import { isReason, type Reason } from '../../domain/risk/reasons.ts';
import {
  accountId as toAccountId,
  clientOrderId as toClientOrderId,
  executionId as toExecutionId,
  orderId as toOrderId,
  requestId as toRequestId,
} from '../../domain/values/ids.ts';
import { type Currency, isCurrency } from '../../domain/values/money.ts';
import { price as toPrice } from '../../domain/values/price.ts';
import { quantity as toQuantity } from '../../domain/values/quantity.ts';
import { timestamp as toTimestamp } from '../../domain/values/time.ts';
import { exactly } from './stored-events.ts';

/** The values inside stored events, each made by its own constructor. */
export const text = z.string();
export const integer = z.int();
export const count = z.int().check(z.nonnegative());
export const price = z.pipe(count, z.transform(toPrice));
export const quantity = z.pipe(count, z.transform(toQuantity));
export const timestamp = z.pipe(count, z.transform(toTimestamp));
export const accountId = z.pipe(text, z.transform(toAccountId));
export const orderId = z.pipe(text, z.transform(toOrderId));
export const clientOrderId = z.pipe(text, z.transform(toClientOrderId));
export const executionId = z.pipe(text, z.transform(toExecutionId));
export const requestId = z.pipe(text, z.transform(toRequestId));
export const currency = z.custom<Currency>((value) => typeof value === 'string' && isCurrency(value));
export const reason = z.custom<Reason>((value) => typeof value === 'string' && isReason(value));
export const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

export const contract = exactly<Contract>()({ symbol: text, currency, tickSize: text, lotSize: text });

export const feeSchedule = exactly<FeeSchedule>()({ ratePpm: count, perLotMicros: count, minimum: count });

export const venuePosition = exactly<VenuePosition>()({
  stream: text,
  version: z.int().check(z.positive()),
  index: count,
});

/** An entry that does not balance cannot have been written: money would come from nowhere. */
export const entry = exactly<Entry>()({
  available: z.exactOptional(integer),
  held: z.exactOptional(integer),
  clearing: z.exactOptional(integer),
  fees: z.exactOptional(integer),
  external: z.exactOptional(integer),
  shortfall: z.exactOptional(integer),
}).check(z.refine((amounts) => sumOf(amounts) === 0, 'an entry balances to zero'));

export const posting = exactly<Posting>()({
  cash: z.exactOptional(entry),
  shares: z.exactOptional(entry),
  exposure: z.exactOptional(integer),
});
