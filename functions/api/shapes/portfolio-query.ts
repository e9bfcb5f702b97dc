import * as z from 'zod/mini';
import { type Timestamp, timestamp } from '../../../domain/values/time.ts';
import { describedAs } from '../door/described.ts';
import { unsupported } from '../door/fields.ts';
import { time } from './order-fields.ts';

const minute = 60_000_000;
const day = 1_440 * minute;
const timeframes = { '1Min': minute, '5Min': 5 * minute, '15Min': 15 * minute, '1H': 60 * minute, '1D': day };
type Timeframe = keyof typeof timeframes;
const timeframeNames = ['1Min', '5Min', '15Min', '1H', '1D'] as const satisfies readonly Timeframe[];

/** A month is 30 days and a year 365: a period says how far back, not which dates. */
const units: Readonly<Record<string, number>> = { D: day, W: 7 * day, M: 30 * day, A: 365 * day };
const periodHint = 'a number from 1 to 999 and D, W, M or A, e.g. 1M';
const period = describedAs(
  z.pipe(
    z.string().check(z.regex(/^[1-9]\d{0,2}[DWMA]$/, periodHint)),
    z.transform((text) => Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? day)),
  ),
  { type: 'string', pattern: '^[1-9][0-9]{0,2}[DWMA]$' },
);

const continuous = 'equity is reported around the clock';

/** The query of `GET /v2/account/portfolio/history`. */
export const portfolioQuery = z
  .strictObject({
    period: z.optional(period),
    timeframe: z.optional(z.enum(timeframeNames)),
    start: z.optional(time),
    end: z.optional(time),
    date_end: z.optional(time),
    intraday_reporting: unsupported(`${continuous}: leave it out or continuous`, ['continuous']),
    extended_hours: unsupported(`${continuous}: either answer is the same`, ['true', 'false']),
    pnl_reset: unsupported('profit counts from the first moment: leave it out or no_reset', ['no_reset']),
    cashflow_types: unsupported('what was paid in or out is left out of the profit; see the activities', [
      'NONE',
    ]),
  })
  .check(
    z.refine(({ start, end, period: back }) => [start, end, back].some((one) => one === undefined), {
      path: ['period'],
      error: 'not together with both start and end',
    }),
  );
export type PortfolioQuery = z.infer<typeof portfolioQuery>;

/** More windows in one answer than this are refused. */
export const windowsMax = 11_000;

/** The windows of an answer: each begins where the one before ends. */
export interface Windows {
  readonly timeframe: Timeframe;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly stepMicros: number;
}

/** Windows lie on the multiples of their length in UTC. Nothing is said of the time after `now`. */
export function windowsOf(query: PortfolioQuery, now: Timestamp): Windows {
  const back = query.period ?? units['M'] ?? day;
  const given = query.end ?? query.date_end;
  const end = Math.min(now, given ?? (query.start === undefined || !query.period ? now : query.start + back));
  const begin = Math.max(0, query.start ?? end - back);
  const timeframe = query.timeframe ?? usual(end - begin);
  const stepMicros = timeframes[timeframe];
  const start = Math.floor(begin / stepMicros) * stepMicros;
  return { timeframe, start: timestamp(start), end: timestamp(end), stepMicros };
}

/** Alpaca's defaults. */
function usual(span: number): Timeframe {
  if (span < 7 * day) return '1Min';
  return span < 30 * day ? '15Min' : '1D';
}

/** When each window ends, the last one by `end`. */
export function windowEnds({ start, end, stepMicros }: Windows): readonly Timestamp[] {
  const ends: Timestamp[] = [];
  for (let from: number = start; from < end; from += stepMicros) {
    ends.push(timestamp(Math.min(from + stepMicros, end)));
  }
  return ends;
}
