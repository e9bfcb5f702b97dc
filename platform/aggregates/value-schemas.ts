import * as z from 'zod';
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
export const count = z.int().nonnegative();
export const price = count.transform(toPrice);
export const quantity = count.transform(toQuantity);
export const timestamp = count.transform(toTimestamp);
export const accountId = text.transform(toAccountId);
export const orderId = text.transform(toOrderId);
export const clientOrderId = text.transform(toClientOrderId);
export const executionId = text.transform(toExecutionId);
export const requestId = text.transform(toRequestId);
export const currency = z.custom<Currency>((value) => typeof value === 'string' && isCurrency(value));
export const reason = z.custom<Reason>((value) => typeof value === 'string' && isReason(value));
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const contract = exactly<Contract>()({ symbol: text, currency, tickSize: text, lotSize: text });

export const feeSchedule = exactly<FeeSchedule>()({ ratePpm: count, perLotMicros: count, minimum: count });

export const venuePosition = exactly<VenuePosition>()({
  stream: text,
  version: z.int().positive(),
  index: count,
});

/** An entry that does not balance cannot have been written: money would come from nowhere. */
export const entry = exactly<Entry>()({
  available: integer.exactOptional(),
  held: integer.exactOptional(),
  clearing: integer.exactOptional(),
  fees: integer.exactOptional(),
  external: integer.exactOptional(),
  shortfall: integer.exactOptional(),
}).refine((amounts) => sumOf(amounts) === 0, 'an entry balances to zero');

export const posting = exactly<Posting>()({
  cash: entry.exactOptional(),
  shares: entry.exactOptional(),
  exposure: integer.exactOptional(),
});
