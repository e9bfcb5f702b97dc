import * as z from 'zod/mini';
import { describedAs } from '../door/described.ts';
import { time } from './order-fields.ts';

const idHint = 'an event_id: a whole number from 0';
export const eventIdPattern = /^\d{1,15}$/;

const eventId = describedAs(z.pipe(z.string().check(z.regex(eventIdPattern, idHint)), z.transform(Number)), {
  type: 'string',
  pattern: eventIdPattern.source,
  description: 'An `event_id`; 0 stands before the first.',
});

/** The query of `GET /v2/events/trades`: from where, and how far. */
export const tradeEventsQuery = z
  .strictObject({
    since: z.optional(time),
    until: z.optional(time),
    since_id: z.optional(eventId),
    until_id: z.optional(eventId),
  })
  .check(
    z.refine(({ since, since_id: sinceId }) => since === undefined || sinceId === undefined, {
      path: ['since'],
      error: 'not together with since_id',
    }),
    z.refine(({ since, until }) => until === undefined || since !== undefined, {
      path: ['until'],
      error: 'only together with since',
    }),
    z.refine(({ since_id: sinceId, until_id: untilId }) => untilId === undefined || sinceId !== undefined, {
      path: ['until_id'],
      error: 'only together with since_id',
    }),
  );
