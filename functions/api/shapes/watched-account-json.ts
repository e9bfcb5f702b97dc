import { currencies } from '../../../domain/values/money.ts';
import type { Timestamp } from '../../../domain/values/time.ts';
import { messageStep, slowStep, stepOf } from '../../../platform/surveillance/breach-rules.ts';
import { type Counts, latestIn } from '../../../platform/surveillance/counts.ts';
import {
  type AccountFigures,
  type Figures,
  type InstrumentFigures,
  isStopped,
  noAccountFigures,
  type Standing,
  type StrategyFigures,
} from '../../../platform/surveillance/figures.ts';
import { exposureOf, held, profitOf } from '../../../platform/surveillance/valuation.ts';
import { limitsFor, type Watch } from '../../../platform/surveillance/watch.ts';
import { formatExact, parseExact, unitScale, valueScale } from '../../../platform/views/exact.ts';
import type { WatchedAccountJson } from './surveillance-json.ts';

interface Around {
  readonly limits: ReturnType<typeof limitsFor>;
  readonly now: Timestamp;
  readonly day: string;
}

/** What an account comes to now, beside what it may. */
export function watchedAccountJson(
  accountId: string,
  figures: readonly Figures[],
  watch: Watch,
  { now, day }: Omit<Around, 'limits'>,
): WatchedAccountJson {
  const around = { limits: limitsFor(watch, accountId), now, day };
  const own = figures.find((one) => one.kind === 'account') ?? noAccountFigures;
  const { messages, refusals, standing } = own;
  const { messageRate, repeatedRefusals } = around.limits;
  return {
    account_id: accountId,
    config_version: watch.version,
    day,
    message_rate: rateJson(messageRate, messages, standing, { now, step: messageStep }),
    repeated_refusals: rateJson(repeatedRefusals, refusals, standing, { now, step: slowStep }),
    money: moneyJson(own, around),
    instruments: figures.flatMap((one) => (one.kind === 'instrument' ? [instrumentJson(one, around)] : [])),
    strategies: figures.flatMap((one) => (one.kind === 'strategy' ? [strategyJson(one, around)] : [])),
  };
}

interface Rate {
  readonly windowSeconds: number;
  readonly soft?: number | 'unlimited' | undefined;
  readonly hard: number | 'unlimited';
}

/** Without a limit, of a minute. */
const shownSeconds = 60;

function rateJson(
  rate: Rate | undefined,
  counts: Counts,
  { freeAt }: Standing,
  { now, step }: { readonly now: Timestamp; readonly step: number },
): WatchedAccountJson['message_rate'] {
  const steps = (rate?.windowSeconds ?? shownSeconds) / step;
  const observed = latestIn(counts, stepOf(now, step), { steps, since: stepOf(freeAt, step) });
  return {
    window_seconds: rate?.windowSeconds ?? null,
    observed: String(observed),
    ...limitsJson(rate),
  };
}

function limitsJson(
  limits: { readonly soft?: string | number | undefined; readonly hard: string | number } | undefined,
) {
  const text = (limit: string | number | undefined) => (limit === undefined ? null : String(limit));
  return { soft: text(limits?.soft), hard: text(limits?.hard) };
}

/** What is left of a loss from a day that is over counts no more. */
function moneyJson(own: AccountFigures, { limits, day }: Around): WatchedAccountJson['money'] {
  return currencies.flatMap((currency) => {
    const money = own.money[currency];
    if (!money) return [];
    const loss = own.day === day ? -parseExact(money.profit, valueScale) : 0n;
    const exposure = { observed: money.exposure, ...limitsJson(limits.exposure?.[currency]) };
    const dayLoss = { observed: formatExact(loss, valueScale), ...limitsJson(limits.dayLoss?.[currency]) };
    return [{ currency, exposure, day_loss: dayLoss }];
  });
}

function instrumentJson(
  one: InstrumentFigures,
  { limits, day }: Around,
): WatchedAccountJson['instruments'][number] {
  const { symbol, currency, working, mark, reference } = one;
  const profit = one.day === day ? profitOf(one) : 0n;
  const watched = limits.instrumentExposure?.[currency];
  return {
    symbol,
    currency,
    quantity: formatExact(held(one), unitScale),
    last_price: (mark ?? reference)?.price ?? null,
    working,
    exposure: { observed: formatExact(exposureOf(one), valueScale), ...limitsJson(watched) },
    day_profit: formatExact(profit, valueScale),
  };
}

function strategyJson(
  { strategyId, executions, standing }: StrategyFigures,
  { limits, now }: Around,
): WatchedAccountJson['strategies'][number] {
  return {
    strategy_id: strategyId,
    stopped: isStopped(standing),
    executions: rateJson(limits.repeatedExecutions, executions, standing, { now, step: slowStep }),
  };
}
