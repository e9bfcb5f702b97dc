import * as z from 'zod';
import { roles } from '../../domain/api-key/commands.ts';
import { parseDecimal } from '../../domain/values/decimal.ts';
import { currencies } from '../../domain/values/money.ts';
import { minuteOf } from './local-time.ts';
import { parseNetwork } from '../outgoing/reachable-addresses.ts';

/** Limits are decimal text in the unit people think in: shares, and money of the instrument's currency. `unlimited` is said out loud. */
const amount = z.string().regex(/^\d{1,15}(?:\.\d{1,9})?$/, 'a non-negative decimal as text, e.g. "2500.00"');
const limit = z.union([z.literal('unlimited'), amount]);
const step = z
  .string()
  .refine((text) => parseDecimal(text) !== undefined, 'a positive decimal as text, e.g. "0.01"');
const count = z.int().min(0);
const ppm = z.int().min(0).max(1_000_000);
const currency = z.literal(currencies);
const perCurrency = z.partialRecord(currency, limit);
const symbol = z.string().regex(/^[A-Z][A-Z0-9./-]{0,20}$/, 'upper case letters, digits, . / -');
const date = z.iso.date();
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM');

const callMinutes = z.int().min(0).max(600);

const timeZone = z.string().refine(isTimeZone, 'an IANA time zone, e.g. America/New_York');

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
    weekdays: z.array(z.int().min(1).max(7)).nonempty(),
    open: clockTime,
    close: clockTime,
    holidays: z.array(date),
    /** Days that close before `close`. */
    earlyCloses: z.record(date, clockTime),
    /** Orders gather for so long before the opening auction. Absent: it takes what has queued, at the open. */
    openingCallMinutes: callMinutes.optional(),
    /** The same before the close; during it nothing trades until the closing auction. */
    closingCallMinutes: callMinutes.optional(),
  }),
]);

type Hours = Extract<z.infer<typeof session>, { kind: 'hours' }>;

/** What the calls of a session leave no room for; undefined when they fit into the day and before each of its closes. */
function misplacedCall(hours: Hours): { readonly member: string; readonly message: string } | undefined {
  const { open, close, earlyCloses, openingCallMinutes = 0, closingCallMinutes = 0 } = hours;
  if (openingCallMinutes > minuteOf(open))
    return { member: 'openingCallMinutes', message: `at most ${minuteOf(open)}: the call begins on the day` };
  const earliest = [close, ...Object.values(earlyCloses)].toSorted()[0] ?? close;
  const most = minuteOf(earliest) - minuteOf(open) - 1;
  return closingCallMinutes > Math.max(0, most)
    ? {
        member: 'closingCallMinutes',
        message: `at most ${most}: the call begins after the open of every day`,
      }
    : undefined;
}

const instrumentLimits = z.strictObject({
  orderQuantityMax: limit.optional(),
  orderValueMax: limit.optional(),
  positionMax: limit.optional(),
  /** Transfers of more shares need a second person. */
  transferApprovalAbove: limit.optional(),
});

const selfTradePrevention = z.enum(['none', 'cancel_resting', 'cancel_incoming', 'cancel_both', 'decrement']);

const accountLimits = z.strictObject({
  orderQuantityMax: limit.optional(),
  orderValueMax: perCurrency.optional(),
  dayNotionalMax: perCurrency.optional(),
  openOrdersMax: z.union([z.literal('unlimited'), count]).optional(),
  permittedSymbols: z.union([z.literal('all'), z.array(symbol)]).optional(),
  restrictedSymbols: z.array(symbol).optional(),
  duplicateWindowMs: count.optional(),
  /** What happens when an order meets one of its own account in our book; the incoming order's account decides. */
  selfTradePrevention: selfTradePrevention.optional(),
});

const feeSchedule = z.strictObject({ ratePpm: ppm, perLotMicros: count, minimum: count });

/** Of one process: every process counts for itself. */
const rateLimit = z.union([
  z.literal('unlimited'),
  z.strictObject({
    requestsPerMinute: z.int().min(1).max(10_000_000),
    /** Requests that may come at once after a pause. */
    burst: z.int().min(1).max(1_000_000),
  }),
]);

const rateLimits = z.strictObject({
  default: rateLimit,
  byRole: z.partialRecord(z.literal(roles), rateLimit),
  /** By the id of an API key. */
  byKey: z.record(z.string(), rateLimit),
  /** How often an address may come without a key, or with a wrong one. */
  failedAuthentication: rateLimit,
});

const watchedMoney = z.strictObject({ soft: limit.optional(), hard: limit });
const watchedCount = z.union([z.literal('unlimited'), z.int().min(1).max(1_000_000)]);
/** How many within any so many seconds; counted in steps of a second up to a minute, of ten seconds beyond. */
const watchedRate = (secondsMin: number, secondsMax: number) =>
  z.strictObject({
    windowSeconds: z.int().min(secondsMin).max(secondsMax).multipleOf(secondsMin),
    soft: watchedCount.optional(),
    hard: watchedCount,
  });

/** What surveillance watches of an account. A member that is missing is not watched. */
const surveillanceLimits = z.strictObject({
  /** New, replace and cancel together. */
  messageRate: watchedRate(1, 60).optional(),
  /** Executions of one strategy. */
  repeatedExecutions: watchedRate(10, 600).optional(),
  /** Orders that we denied or a venue rejected. */
  repeatedRefusals: watchedRate(10, 600).optional(),
  exposure: z.partialRecord(currency, watchedMoney).optional(),
  /** The same of each instrument. */
  instrumentExposure: z.partialRecord(currency, watchedMoney).optional(),
  /** What the day has cost, fees included. */
  dayLoss: z.partialRecord(currency, watchedMoney).optional(),
});

const surveillance = z.strictObject({
  default: surveillanceLimits,
  byAccount: z.record(z.string(), surveillanceLimits),
});

const instrument = z.strictObject({
  symbol,
  name: z.string().min(1).max(200),
  exchange: z.string().min(1).max(20),
  currency,
  tickSize: step,
  lotSize: step,
  tradable: z.boolean(),
  halted: z.boolean(),
  collarPpm: ppm,
  passiveBandPpm: ppm,
  referenceAgeMaxMs: z.int().min(1),
  session: z.string().min(1),
  /** Where its orders go: `internal` is our own book; any other waits for its connector. */
  venue: z.string().min(1).max(32).optional(),
});

const port = z.int().min(1).max(65_535);
const network = z
  .string()
  .refine((text) => parseNetwork(text) !== undefined, 'a network, e.g. 10.1.0.0/16 or fd00::/8');

/** What is left out is as `webhooks/rules.ts` says. Times are milliseconds. */
const webhooks = z.strictObject({
  perAccountMax: z.int().min(0).max(100).exactOptional(),
  allowHttp: z.boolean().exactOptional(),
  /** Beyond the public internet. */
  allowedNetworks: z.array(network).max(100).exactOptional(),
  ports: z.union([z.literal('any'), z.array(port).nonempty().max(50)]).exactOptional(),
  attemptsMax: z.int().min(1).max(20).exactOptional(),
  firstRetryMs: z.int().min(1).max(3_600_000).exactOptional(),
  longestRetryMs: z.int().min(1).max(86_400_000).exactOptional(),
  /** Of one try, from the look-up of the name to the last byte of the answer. */
  timeoutMs: z.int().min(50).max(10_000).exactOptional(),
  suspendAfterParked: z.int().min(1).max(1_000).exactOptional(),
  secretOverlapMs: z.int().min(0).max(604_800_000).exactOptional(),
});

const cellEntry = z.strictObject({ address: z.url({ protocol: /^https?$/ }) });

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
    instruments: z.array(instrument).max(10_000),
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
    surveillance: surveillance.optional(),
    switches: z.strictObject({
      firm: z.boolean(),
      accounts: z.array(z.string()),
      instruments: z.array(symbol),
    }),
    /** Transfers of more cash need a second person. A currency that is missing cannot be transferred. */
    transferApprovalAbove: perCurrency,
    webhooks: webhooks.optional(),
    /** Every cell of the installation by its name: where an account is sent that came to another one. */
    cells: z.record(z.string().min(1).max(64), cellEntry).optional(),
  })
  .superRefine((config, context) => {
    if (!Object.hasOwn(config.sessions, config.clockSession)) {
      context.addIssue({ code: 'custom', path: ['clockSession'], message: 'there is no such session' });
    }
    for (const [name, hours] of Object.entries(config.sessions)) {
      const misplaced = hours.kind === 'hours' ? misplacedCall(hours) : undefined;
      if (misplaced)
        context.addIssue({
          code: 'custom',
          path: ['sessions', name, misplaced.member],
          message: misplaced.message,
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
  });

export type HotConfigDocument = z.infer<typeof hotConfigSchema>;
export type SurveillanceSection = z.infer<typeof surveillance>;
export type SurveillanceLimits = z.infer<typeof surveillanceLimits>;
export type InstrumentEntry = HotConfigDocument['instruments'][number];
export type SessionEntry = HotConfigDocument['sessions'][string];
