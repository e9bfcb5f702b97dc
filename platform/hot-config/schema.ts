import * as z from 'zod/mini';
import { roles } from '../../domain/api-key/commands.ts';
import { parseDecimal } from '../../domain/values/decimal.ts';
import { currencies } from '../../domain/values/money.ts';
import { minuteOf } from './local-time.ts';
import { parseNetwork } from '../outgoing/reachable-addresses.ts';

/** Limits are decimal text in the unit people think in: shares, and money of the instrument's currency. `unlimited` is said out loud. */
const limitHint =
  '"unlimited", or a decimal of 0 or more as text, such as "2500.00", with at most 15 digits before the point and 9 after';
const amount = z.string().check(z.regex(/^\d{1,15}(?:\.\d{1,9})?$/, limitHint));
const limit = z.union([z.literal('unlimited'), amount], limitHint);
const step = z
  .string()
  .check(z.refine((text) => parseDecimal(text) !== undefined, 'a positive decimal as text, e.g. "0.01"'));
const count = z.int().check(z.minimum(0));
const ppm = z.int().check(z.minimum(0), z.maximum(1_000_000));
const currency = z.literal(currencies);
const perCurrency = z.partialRecord(currency, limit);
const symbol = z.string().check(z.regex(/^[A-Z][A-Z0-9./-]{0,20}$/, 'upper case letters, digits, . / -'));
const date = z.iso.date('a day of the calendar, e.g. 2026-12-31');
const clockTime = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM'));

const callMinutes = z.int().check(z.minimum(0), z.maximum(600));

const timeZone = z.string().check(z.refine(isTimeZone, 'an IANA time zone, e.g. America/New_York'));

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    // The only thing the constructor can object to here is the name.
    return false;
  }
}

const session = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('continuous') }),
  z.strictObject({
    kind: z.literal('hours'),
    timeZone,
    /** ISO weekdays, Monday is 1. */
    weekdays: z.array(z.int().check(z.minimum(1), z.maximum(7))).check(z.minLength(1)),
    open: clockTime,
    close: clockTime,
    holidays: z.array(date),
    /** Days that close before `close`. */
    earlyCloses: z.record(date, clockTime),
    /** Orders gather for so long before the opening auction. Absent: it takes what has queued, at the open. */
    openingCallMinutes: z.optional(callMinutes),
    /** The same before the close; during it nothing trades until the closing auction. */
    closingCallMinutes: z.optional(callMinutes),
  }),
]);

type Hours = Extract<z.infer<typeof session>, { kind: 'hours' }>;

/** What has no room in a day: a close that is not after the open, and calls that do not fit in. Undefined when all of it has. */
function misplaced(hours: Hours): { readonly path: readonly string[]; readonly message: string } | undefined {
  const { open, close, earlyCloses, openingCallMinutes = 0, closingCallMinutes = 0 } = hours;
  const after = `after the open, ${open}: a session begins and ends on one day`;
  if (close <= open) return { path: ['close'], message: after };
  const early = Object.entries(earlyCloses).find(([, time]) => time <= open);
  if (early) return { path: ['earlyCloses', early[0]], message: after };
  if (openingCallMinutes > minuteOf(open))
    return { path: ['openingCallMinutes'], message: `at most ${minuteOf(open)}: the call begins on the day` };
  const earliest = [close, ...Object.values(earlyCloses)].toSorted()[0] ?? close;
  const most = minuteOf(earliest) - minuteOf(open) - 1;
  return closingCallMinutes > most
    ? {
        path: ['closingCallMinutes'],
        message: `at most ${most}: the call begins after the open of every day`,
      }
    : undefined;
}

const instrumentLimits = z.strictObject({
  orderQuantityMax: z.optional(limit),
  orderValueMax: z.optional(limit),
  positionMax: z.optional(limit),
  /** Transfers of more shares need a second person. */
  transferApprovalAbove: z.optional(limit),
});

const selfTradePrevention = z.enum(['none', 'cancel_resting', 'cancel_incoming', 'cancel_both', 'decrement']);

const accountLimits = z.strictObject({
  orderQuantityMax: z.optional(limit),
  orderValueMax: z.optional(perCurrency),
  dayNotionalMax: z.optional(perCurrency),
  openOrdersMax: z.optional(z.union([z.literal('unlimited'), count], '"unlimited", or a whole number')),
  permittedSymbols: z.optional(z.union([z.literal('all'), z.array(symbol)], '"all", or a list of symbols')),
  restrictedSymbols: z.optional(z.array(symbol)),
  duplicateWindowMs: z.optional(count),
  /** What happens when an order meets one of its own account in our book; the incoming order's account decides. */
  selfTradePrevention: z.optional(selfTradePrevention),
});

const feeSchedule = z.strictObject({ ratePpm: ppm, perLotMicros: count, minimum: count });

/** Of one process: every process counts for itself. */
const rateLimit = z.union(
  [
    z.literal('unlimited'),
    z.strictObject({
      requestsPerMinute: z.int().check(z.minimum(1), z.maximum(10_000_000)),
      /** Requests that may come at once after a pause. */
      burst: z.int().check(z.minimum(1), z.maximum(1_000_000)),
    }),
  ],
  '"unlimited", or requestsPerMinute with burst',
);

const rateLimits = z.strictObject({
  default: rateLimit,
  byRole: z.partialRecord(z.literal(roles), rateLimit),
  /** By the id of an API key. */
  byKey: z.record(z.string(), rateLimit),
  /** How often an address may come without a key, or with a wrong one. */
  failedAuthentication: rateLimit,
});

const watchedMoney = z.strictObject({ soft: z.optional(limit), hard: limit });
const watchedCount = z.union(
  [z.literal('unlimited'), z.int().check(z.minimum(1), z.maximum(1_000_000))],
  '"unlimited", or a whole number from 1 to 1000000',
);
/** How many within any so many seconds; counted in steps of a second up to a minute, of ten seconds beyond. */
const watchedRate = (secondsMin: number, secondsMax: number) =>
  z.strictObject({
    windowSeconds: z.int().check(z.minimum(secondsMin), z.maximum(secondsMax), z.multipleOf(secondsMin)),
    soft: z.optional(watchedCount),
    hard: watchedCount,
  });

/** What surveillance watches of an account. A member that is missing is not watched. */
const surveillanceLimits = z.strictObject({
  /** New, replace and cancel together. */
  messageRate: z.optional(watchedRate(1, 60)),
  /** Executions of one strategy. */
  repeatedExecutions: z.optional(watchedRate(10, 600)),
  /** Orders that we denied or a venue rejected. */
  repeatedRefusals: z.optional(watchedRate(10, 600)),
  exposure: z.optional(z.partialRecord(currency, watchedMoney)),
  /** The same of each instrument. */
  instrumentExposure: z.optional(z.partialRecord(currency, watchedMoney)),
  /** What the day has cost, fees included. */
  dayLoss: z.optional(z.partialRecord(currency, watchedMoney)),
});

const surveillance = z.strictObject({
  default: surveillanceLimits,
  byAccount: z.record(z.string(), surveillanceLimits),
});

const instrument = z.strictObject({
  symbol,
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  exchange: z.string().check(z.minLength(1), z.maxLength(20)),
  currency,
  tickSize: step,
  lotSize: step,
  tradable: z.boolean(),
  halted: z.boolean(),
  collarPpm: ppm,
  passiveBandPpm: ppm,
  referenceAgeMaxMs: z.int().check(z.minimum(1)),
  session: z.string().check(z.minLength(1)),
  /** Where its orders go: `internal` is our own book; any other waits for its connector. */
  venue: z.optional(z.string().check(z.minLength(1), z.maxLength(32))),
});

const port = z.int().check(z.minimum(1), z.maximum(65_535));
const network = z
  .string()
  .check(z.refine((text) => parseNetwork(text) !== undefined, 'a network, e.g. 10.1.0.0/16 or fd00::/8'));

/** What is left out is as `webhooks/rules.ts` says. Times are milliseconds. */
const webhooks = z.strictObject({
  perAccountMax: z.exactOptional(z.int().check(z.minimum(0), z.maximum(100))),
  allowHttp: z.exactOptional(z.boolean()),
  /** Beyond the public internet. */
  allowedNetworks: z.exactOptional(z.array(network).check(z.maxLength(100))),
  ports: z.exactOptional(
    z.union(
      [z.literal('any'), z.array(port).check(z.minLength(1), z.maxLength(50))],
      '"any", or a list of 1 to 50 ports',
    ),
  ),
  attemptsMax: z.exactOptional(z.int().check(z.minimum(1), z.maximum(20))),
  firstRetryMs: z.exactOptional(z.int().check(z.minimum(1), z.maximum(3_600_000))),
  longestRetryMs: z.exactOptional(z.int().check(z.minimum(1), z.maximum(86_400_000))),
  /** Of one try, from the look-up of the name to the last byte of the answer. */
  timeoutMs: z.exactOptional(z.int().check(z.minimum(50), z.maximum(10_000))),
  suspendAfterParked: z.exactOptional(z.int().check(z.minimum(1), z.maximum(1_000))),
  secretOverlapMs: z.exactOptional(z.int().check(z.minimum(0), z.maximum(604_800_000))),
});

const cellEntry = z.strictObject({
  address: z.url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' }),
});

/**
 * Everything hot: limits, instruments, sessions, fees, switches. Checked as a whole before any of it is used. A member that comes
 * later is optional or has a default, so that documents on record and in folders stay usable; what raising means for it is said in
 * `raises.ts`.
 */
export const hotConfigSchema = z
  .strictObject({
    /** The zone whose calendar names the trading day that day limits count for. */
    dayTimeZone: timeZone,
    sessions: z.record(z.string(), session),
    /** Whose hours `/v2/clock` shows: one market's, as clients of that API expect. */
    clockSession: z.string(),
    instruments: z.array(instrument).check(z.maxLength(10_000)),
    limits: z.strictObject({
      accounts: z.strictObject({ default: accountLimits, byId: z.record(z.string(), accountLimits) }),
      instruments: z.strictObject({
        default: instrumentLimits,
        bySymbol: z.record(symbol, instrumentLimits),
      }),
    }),
    fees: z.strictObject({ default: feeSchedule, byAccount: z.record(z.string(), feeSchedule) }),
    rateLimits,
    /** Absent: nothing is watched. */
    surveillance: z.optional(surveillance),
    switches: z.strictObject({
      firm: z.boolean(),
      accounts: z.array(z.string()),
      instruments: z.array(symbol),
    }),
    /** Transfers of more cash need a second person. A currency that is missing cannot be transferred. */
    transferApprovalAbove: perCurrency,
    webhooks: z.optional(webhooks),
    /** Every cell of the installation by its name: where an account is sent that came to another one. */
    cells: z.optional(z.record(z.string().check(z.minLength(1), z.maxLength(64)), cellEntry)),
  })
  .check(
    z.superRefine((config, context) => {
      if (!Object.hasOwn(config.sessions, config.clockSession)) {
        context.addIssue({ code: 'custom', path: ['clockSession'], message: 'there is no such session' });
      }
      for (const [name, hours] of Object.entries(config.sessions)) {
        const wrong = hours.kind === 'hours' ? misplaced(hours) : undefined;
        if (wrong)
          context.addIssue({
            code: 'custom',
            path: ['sessions', name, ...wrong.path],
            message: wrong.message,
          });
      }
      const seen = new Set<string>();
      for (const [index, { symbol: name, session: group }] of config.instruments.entries()) {
        const path = ['instruments', index];
        if (seen.has(name)) context.addIssue({ code: 'custom', path, message: `${name} is there twice` });
        if (!Object.hasOwn(config.sessions, group))
          context.addIssue({
            code: 'custom',
            path: [...path, 'session'],
            message: `there is no session ${group}`,
          });
        seen.add(name);
      }
    }),
  );

export type HotConfigDocument = z.infer<typeof hotConfigSchema>;
export type SurveillanceSection = z.infer<typeof surveillance>;
export type SurveillanceLimits = z.infer<typeof surveillanceLimits>;
export type InstrumentEntry = HotConfigDocument['instruments'][number];
export type SessionEntry = HotConfigDocument['sessions'][string];
