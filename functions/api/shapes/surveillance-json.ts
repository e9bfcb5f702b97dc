import * as z from 'zod/mini';
import { currencies } from '../../../domain/values/money.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import {
  breachesMax,
  breachPlace,
  breachOutcomes,
  type BreachRecord,
  placeOf,
} from '../../../platform/surveillance/port.ts';
import { kindsWatched } from '../../../platform/surveillance/watch.ts';
import { amountOrNull, decimalText, idOrNull, momentOrNull, momentText, opaqueId } from './values.ts';

const limitOrNull = z.nullable(z.union([z.literal('unlimited'), decimalText]));

/** What is observed against its limits; a limit that is `null` is not configured, and not watched. */
export const watchedSchema = z
  .strictObject({ observed: decimalText, soft: limitOrNull, hard: limitOrNull })
  .register(z.globalRegistry, { id: 'WatchedAmount' });
export const watchedRateSchema = z
  .strictObject({
    window_seconds: z.nullable(z.int()),
    observed: decimalText,
    soft: limitOrNull,
    hard: limitOrNull,
  })
  .register(z.globalRegistry, { id: 'WatchedRate' });

export const watchedAccountSchema = z
  .strictObject({
    account_id: opaqueId,
    config_version: opaqueId,
    day: z.string(),
    message_rate: watchedRateSchema,
    repeated_refusals: watchedRateSchema,
    money: z.array(
      z.strictObject({
        currency: z.literal(currencies),
        exposure: watchedSchema,
        day_loss: watchedSchema,
      }),
    ),
    instruments: z.array(
      z.strictObject({
        symbol: z.string(),
        currency: z.literal(currencies),
        quantity: decimalText,
        last_price: amountOrNull,
        working: decimalText,
        exposure: watchedSchema,
        day_profit: decimalText,
      }),
    ),
    strategies: z.array(
      z.strictObject({
        strategy_id: z.string(),
        stopped: z.boolean(),
        executions: watchedRateSchema,
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'WatchedAccount' });

export type WatchedAccountJson = z.infer<typeof watchedAccountSchema>;

const breachSchema = z
  .strictObject({
    id: opaqueId,
    account_id: opaqueId,
    watched: z.enum(kindsWatched),
    level: z.enum(['soft', 'hard']),
    symbol: z.nullable(z.string()),
    strategy_id: z.nullable(z.string()),
    currency: z.nullable(z.literal(currencies)),
    limit: decimalText,
    observed: decimalText,
    config_version: opaqueId,
    stream: opaqueId,
    version: z.int(),
    at: momentText,
    outcome: z.nullable(z.enum(breachOutcomes)),
    settled_at: momentOrNull,
  })
  .register(z.globalRegistry, { id: 'SurveillanceBreach' });

export const breachListSchema = z.strictObject({
  breaches: z.array(breachSchema),
  next_page_token: idOrNull,
});

/** The query of `GET /v1/surveillance/breaches`. */
export const breachListQuery = z.strictObject({
  account_id: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
  page_token: z.optional(z.string().check(z.regex(breachPlace, 'the next_page_token of the page before'))),
});

/** A page that is full may be the last one; the next is then empty. */
export function breachListJson(breaches: readonly BreachRecord[]): z.infer<typeof breachListSchema> {
  const last = breaches.length === breachesMax ? breaches.at(-1) : undefined;
  return { breaches: breaches.map(breachJson), next_page_token: last ? placeOf(last) : null };
}

function breachJson(breach: BreachRecord): z.infer<typeof breachSchema> {
  return {
    id: breach.breachId,
    account_id: breach.accountId,
    watched: breach.watched,
    level: breach.level,
    symbol: breach.symbol ?? null,
    strategy_id: breach.strategyId ?? null,
    currency: breach.currency ?? null,
    limit: breach.limit,
    observed: breach.observed,
    config_version: breach.config,
    stream: breach.stream,
    version: breach.commitVersion,
    at: formatTimestamp(breach.at),
    outcome: breach.settled?.outcome ?? null,
    settled_at: breach.settled ? formatTimestamp(breach.settled.at) : null,
  };
}

/** The body of `POST /v1/surveillance/strategies/{account_id}/{strategy_id}/re-enable`. */
export const reEnableBody = z.strictObject({ reason: z.string().check(z.minLength(1), z.maxLength(200)) });
