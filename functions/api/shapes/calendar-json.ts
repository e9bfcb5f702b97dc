import * as z from 'zod/mini';
import type { MarketDay } from '../../../platform/hot-config/sessions.ts';
import { describedAs } from '../door/described.ts';
import { dateText } from './values.ts';

const dateHint = 'a date from 1970 to 2199, e.g. "2026-11-27"';
const [earliest, latest] = ['1970-01-01', '2199-12-31'];

/** Clients send a whole moment where a date is meant: its date counts. */
export const dateField = describedAs(
  z
    .pipe(
      z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}(?:T.*)?$/, dateHint)),
      z.transform((text) => text.slice(0, 10)),
    )
    .check(
      z.refine(
        (date) => z.iso.date().safeParse(date).success && date >= earliest && date <= latest,
        dateHint,
      ),
    ),
  { type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }] },
);

/** The query of `GET /v2/calendar`. Trades settle at once, so that a day is the same by trading and by settlement. */
export const calendarQuery = z.strictObject({
  start: z.optional(dateField),
  end: z.optional(dateField),
  date_type: z.optional(z.enum(['TRADING', 'SETTLEMENT'])),
});

export const calendarSchema = z.array(
  z
    .strictObject({
      date: dateText,
      open: z.string().check(z.regex(/^\d{2}:\d{2}$/)),
      close: z.string().check(z.regex(/^\d{2}:\d{2}$/)),
      session_open: z.string().check(z.regex(/^\d{4}$/)),
      session_close: z.string().check(z.regex(/^\d{4}$/)),
      settlement_date: dateText,
    })
    .register(z.globalRegistry, { id: 'CalendarDay' }),
);

/** Times are those of the market's own clock. There are no extended hours: the session is the day. */
export function calendarJson(days: readonly MarketDay[]): z.infer<typeof calendarSchema> {
  return days.map(({ date, open, close }) => ({
    date,
    open,
    close,
    session_open: open.replace(':', ''),
    session_close: close.replace(':', ''),
    settlement_date: date,
  }));
}
