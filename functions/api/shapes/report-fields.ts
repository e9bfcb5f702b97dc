import * as z from 'zod/mini';
import { cancelReasons } from '../../../domain/order/events.ts';
import { decimal } from '../door/fields.ts';

const executionId = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 printable ASCII characters without spaces'));
const text = z.string().check(z.minLength(1), z.maxLength(500));
/** Part of a stream's name; the same for a venue's key and for who names a venue. */
export const venueIdField = z.string().check(z.regex(/^[\w.]{1,32}$/, '1 to 32 letters, digits, _ or .'));

/** Which venue says so. A venue's own key always speaks for itself; an operator may name one. */
const common = { venue_id: z.optional(venueIdField) };
const numbers = { execution_id: executionId, qty: decimal, price: decimal };
const bare = (
  report:
    | 'confirm-cancel'
    | 'confirm-replace'
    | 'done-for-day'
    | 'resume'
    | 'trigger'
    | 'suspend'
    | 'calculate',
) => z.strictObject({ report: z.literal(report), ...common });
const withText = (report: 'reject-cancel' | 'reject-replace') =>
  z.strictObject({ report: z.literal(report), text: z.optional(text), ...common });

const execution = { ...numbers, liquidity: z.optional(z.enum(['added', 'removed'])), ...common };

/** The body of `POST /v1/orders/{order_id}/executions`: the report that is made most. */
export const executionBody = z.strictObject(execution);

/** The body of `POST /v1/orders/{order_id}/reports`: everything a venue can say about an order. */
export const reportBody = z.discriminatedUnion('report', [
  z.strictObject({ report: z.literal('accept'), venue_order_id: executionId, ...common }),
  z.strictObject({ report: z.literal('reject'), text, ...common }),
  z.strictObject({ report: z.literal('execute'), ...execution }),
  z.strictObject({ report: z.literal('bust'), execution_id: executionId, ...common }),
  z.strictObject({
    report: z.literal('correct'),
    replaces_execution_id: executionId,
    ...numbers,
    ...common,
  }),
  z.strictObject({ report: z.literal('cancel'), reason: z.enum(cancelReasons), ...common }),
  z.strictObject({
    report: z.literal('expire'),
    reason: z.enum(['day', 'date', 'session', 'auction']),
    ...common,
  }),
  z.strictObject({
    report: z.literal('stop'),
    qty: z.optional(decimal),
    price: z.optional(decimal),
    ...common,
  }),
  z.strictObject({
    report: z.literal('restate'),
    qty: z.optional(decimal),
    limit_price: z.optional(decimal),
    text: z.optional(text),
    ...common,
  }),
  withText('reject-cancel'),
  withText('reject-replace'),
  bare('confirm-cancel'),
  bare('confirm-replace'),
  bare('done-for-day'),
  bare('resume'),
  bare('trigger'),
  bare('suspend'),
  bare('calculate'),
]);
export type ReportBody = z.infer<typeof reportBody>;
