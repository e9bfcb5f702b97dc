import * as z from 'zod/mini';
import type { BookEvent, SnapshotReference } from '../../domain/venue/book-events.ts';
import type { BookInput, Call, HaltedBy, TradeName } from '../../domain/venue/book-input.ts';
import type { BookOutput } from '../../domain/venue/book-output.ts';
import type { Phase } from '../../domain/venue/phase.ts';
import type { SelfTradePrevention } from '../../domain/venue/new-order.ts';
import { cancelReasons } from '../../domain/order/events.ts';
import { side, terms } from './order-events.ts';
import { as, exactly, type Readers, upcastWith } from './stored-events.ts';
import {
  accountId,
  contract,
  count,
  orderId,
  price,
  quantity,
  requestId,
  text,
  timestamp,
} from './value-schemas.ts';
import { venueReportSchema } from './venue-report.ts';

const is = <const Kind extends BookInput['input']>(input: Kind) => ({ input: z.literal(input) });
const makes = <const Kind extends BookOutput['output']>(output: Kind) => ({ output: z.literal(output) });
const version = z.int().check(z.positive());
const call: z.ZodMiniType<Call> = z.enum(['opening_call', 'closing_call']);
const ofDay = { day: z.exactOptional(z.iso.date()) };
const fromOrder = { orderId, version };
const phase: z.ZodMiniType<Phase> = z.enum(['closed', 'opening_call', 'continuous', 'closing_call']);
const selfTradePrevention: z.ZodMiniType<SelfTradePrevention> = z.enum([
  'none',
  'cancel_resting',
  'cancel_incoming',
  'cancel_both',
  'decrement',
]);
const haltedBy: z.ZodMiniType<HaltedBy> = z.enum(['config', 'calendar', 'operator']);
const trade = exactly<TradeName>()({ version, index: count });
const standing = { trade, buyOrderId: orderId, sellOrderId: orderId, price, quantity };
const corrected = { ...standing, correctedPrice: price, correctedQuantity: quantity };

const input: z.ZodMiniType<BookInput> = z.discriminatedUnion('input', [
  z.strictObject({ ...is('new'), ...fromOrder, accountId, side, terms, selfTradePrevention }),
  z.strictObject({ ...is('cancel'), ...fromOrder, requestId }),
  z.strictObject({ ...is('replace'), ...fromOrder, requestId, terms, previous: terms }),
  z.strictObject({ ...is('withdraw'), ...fromOrder }),
  z.strictObject({ ...is('disown'), ...fromOrder, requestId: z.exactOptional(requestId) }),
  z.strictObject({ ...is('refuse'), ...fromOrder, text }),
  z.strictObject({
    ...is('mass-cancel'),
    reason: z.enum(cancelReasons),
    accountId: z.exactOptional(accountId),
  }),
  z.strictObject({ ...is('halt'), by: haltedBy }),
  z.strictObject({ ...is('resume'), by: haltedBy }),
  z.strictObject({ ...is('begin-call'), ...ofDay, call }),
  z.strictObject({ ...is('uncross'), ...ofDay, call: z.exactOptional(call), referencePrice: price }),
  z.strictObject({ ...is('end-day'), ...ofDay }),
  z.strictObject(is('expire-day')),
  z.strictObject({ ...is('expire-date'), now: timestamp }),
  z.strictObject({ ...is('bust'), ...standing }),
  z.strictObject({ ...is('correct'), ...corrected }),
]);

const output: z.ZodMiniType<BookOutput> = z.discriminatedUnion('output', [
  z.strictObject({ ...makes('report'), orderId, report: venueReportSchema }),
  z.strictObject({
    ...makes('trade'),
    buyOrderId: orderId,
    sellOrderId: orderId,
    price,
    quantity,
    aggressor: z.exactOptional(side),
  }),
  z.strictObject({ ...makes('bust'), ...standing }),
  z.strictObject({ ...makes('correction'), ...corrected }),
]);

const reference = exactly<SnapshotReference>()({ version, chunks: version, hash: text });

type DataOf<Type extends BookEvent['type']> = Extract<BookEvent, { type: Type }>['data'];

const readers: Readers<BookEvent> = {
  BookOpened: [as('BookOpened', exactly<DataOf<'BookOpened'>>()({ contract, phase, ...ofDay }))],
  BatchMatched: [
    as(
      'BatchMatched',
      exactly<DataOf<'BatchMatched'>>()({
        inputs: z.array(input),
        outputs: z.array(output),
        owed: z.exactOptional(version),
      }),
    ),
  ],
  SnapshotTaken: [as('SnapshotTaken', reference)],
};

/** Every event a book's stream was ever written with. */
export const upcastBook = upcastWith<BookEvent>(readers);
