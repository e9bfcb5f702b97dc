import type { Currency } from '../../domain/values/money.ts';
import type { SurveillanceLimits } from '../hot-config/schema.ts';
import { breachIdOf } from '../ids/derived-ids.ts';
import { formatExact, parseExact, valueScale } from '../views/exact.ts';
import { type Counts, mostIn } from './counts.ts';
import type { SurveillanceEffect } from './effect.ts';
import { type AccountFigures, type InstrumentFigures, isStopped, type StrategyFigures } from './figures.ts';
import { exposureOf } from './valuation.ts';
import { type Breach, type BreachLevel, limitsFor, type Watch } from './watch.ts';

/** What one commit made of the figures of its account. */
export interface Change {
  readonly effect: SurveillanceEffect;
  readonly accountId: string;
  /** The trading day the commit belongs to. */
  readonly day: string;
  readonly before: AccountFigures;
  readonly after: AccountFigures;
  readonly strategy?: StrategyFigures;
  readonly instrument?: { readonly before: InstrumentFigures; readonly after: InstrumentFigures };
}

/** Seconds per step: counts up to a minute are kept by the second, longer ones by ten. */
export const messageStep = 1;
export const slowStep = 10;

export function stepOf(at: number, seconds: number): number {
  return Math.floor(at / 1_000_000 / seconds);
}

/** A warning is worth repeating once an hour, however short its window. */
const warnAgainSeconds = 3_600;

type Rule = (change: Change, limits: SurveillanceLimits) => readonly Draft[];

/** `occasion`: within it, crossing the same limit again is the same breach. */
type Draft = Pick<
  Breach,
  'watched' | 'level' | 'limit' | 'observed' | 'symbol' | 'strategyId' | 'currency'
> & {
  readonly occasion: string;
};

/** In this order; an account that is halted already breaches nothing more. */
const accountRules: readonly Rule[] = [messageRate, repeatedRefusals, exposure, instrumentExposure, dayLoss];

/** The limits that a commit crossed. Pure: the same figures and the same limits, the same breaches under the same ids. */
export function breachesOf(change: Change, watch: Watch): readonly Breach[] {
  const limits = limitsFor(watch, change.accountId);
  const { effect, accountId, after } = change;
  const ofAccount = isStopped(after.standing) ? [] : accountRules.flatMap((rule) => rule(change, limits));
  return [...ofAccount, ...repeatedExecutions(change, limits)].map(({ occasion, ...draft }) => {
    const { watched, level, symbol = '', strategyId = '', currency = '' } = draft;
    return {
      ...draft,
      breachId: breachIdOf(accountId, watched, level, symbol, strategyId, currency, occasion),
      accountId,
      config: watch.version,
      stream: effect.stream,
      commitVersion: effect.version,
      at: effect.at,
    };
  });
}

interface Rate {
  readonly windowSeconds: number;
  readonly soft?: number | 'unlimited' | undefined;
  readonly hard: number | 'unlimited';
}

interface Counting {
  readonly counts: Counts;
  readonly stepSeconds: number;
  readonly freeAt: number;
  readonly at: number;
}

type RateDraft = Pick<Draft, 'level' | 'limit' | 'observed' | 'occasion'>;

/** Crossed by more than the limit says: exactly so many are allowed. */
function rateBreaches(rate: Rate, { counts, stepSeconds, freeAt, at }: Counting): readonly RateDraft[] {
  const span = { steps: rate.windowSeconds / stepSeconds, since: stepOf(freeAt, stepSeconds) };
  const observed = mostIn(counts, stepOf(at, stepSeconds), span);
  const draft = (level: BreachLevel, limit: number, seconds: number): RateDraft => ({
    level,
    limit: String(limit),
    observed: String(observed),
    occasion: `${seconds} ${stepOf(at, seconds)} ${freeAt}`,
  });
  const { soft, hard, windowSeconds } = rate;
  if (isOver(observed, hard)) return [draft('hard', hard, windowSeconds)];
  return isOver(observed, soft) ? [draft('soft', soft, Math.max(windowSeconds, warnAgainSeconds))] : [];
}

function isOver(observed: number, limit: number | 'unlimited' | undefined): limit is number {
  return typeof limit === 'number' && observed > limit;
}

function messageRate({ effect, after }: Change, { messageRate: rate }: SurveillanceLimits) {
  if (!rate || !effect.messages) return [];
  const { messages: counts, standing } = after;
  const counting = { counts, stepSeconds: messageStep, freeAt: standing.freeAt, at: effect.at };
  return rateBreaches(rate, counting).map((one) => ({ ...one, watched: 'message_rate' as const }));
}

function repeatedRefusals({ effect, after }: Change, { repeatedRefusals: rate }: SurveillanceLimits) {
  if (!rate || !effect.refusals) return [];
  const { refusals: counts, standing } = after;
  const counting = { counts, stepSeconds: slowStep, freeAt: standing.freeAt, at: effect.at };
  return rateBreaches(rate, counting).map((one) => ({ ...one, watched: 'repeated_refusals' as const }));
}

function repeatedExecutions(
  { effect, strategy }: Change,
  { repeatedExecutions: rate }: SurveillanceLimits,
): readonly Draft[] {
  if (!rate || !strategy || !effect.strategy || isStopped(strategy.standing)) return [];
  const { executions: counts, standing, strategyId } = strategy;
  const counting = { counts, stepSeconds: slowStep, freeAt: standing.freeAt, at: effect.at };
  return rateBreaches(rate, counting).map((one) => ({
    ...one,
    watched: 'repeated_executions' as const,
    strategyId,
  }));
}

interface Level {
  readonly soft?: string | undefined;
  readonly hard: string;
}

/** Once a day, and again after a lift: but only by what makes it worse. */
function levelBreach({ soft, hard }: Level, was: bigint, is: bigint, occasion: string) {
  const level = [
    { name: 'hard' as const, limit: hard },
    { name: 'soft' as const, limit: soft },
  ].find(({ limit }) => limit !== undefined && limit !== 'unlimited' && is > parseExact(limit, valueScale));
  if (!level?.limit || is <= was) return [];
  return [{ level: level.name, limit: level.limit, observed: formatExact(is, valueScale), occasion }];
}

function exposure({ before, after, day, instrument }: Change, { exposure: limits }: SurveillanceLimits) {
  const currency = instrument?.after.currency;
  const level = currency && limits?.[currency];
  if (!level) return [];
  const [was, is] = [before, after].map((one) => amountIn(one, currency, 'exposure'));
  const occasion = `${day} ${after.standing.freeAt}`;
  const found = levelBreach(level, was ?? 0n, is ?? 0n, occasion);
  return found.map((one) => ({ ...one, watched: 'exposure' as const, currency }));
}

function instrumentExposure(
  { after, day, instrument }: Change,
  { instrumentExposure: limits }: SurveillanceLimits,
): readonly Draft[] {
  if (!instrument) return [];
  const { symbol, currency } = instrument.after;
  const level = limits?.[currency];
  if (!level) return [];
  const occasion = `${day} ${after.standing.freeAt}`;
  const found = levelBreach(level, exposureOf(instrument.before), exposureOf(instrument.after), occasion);
  return found.map((one) => ({ ...one, watched: 'instrument_exposure' as const, symbol, currency }));
}

/** Once a day for each whole multiple of the limit: who lets an account go on that has lost it allows it to lose so much again. */
function dayLoss({ before, after, instrument }: Change, { dayLoss: limits }: SurveillanceLimits) {
  const currency = instrument?.after.currency;
  const level = currency && limits?.[currency];
  if (!level) return [];
  const is = -amountIn(after, currency, 'profit');
  const was = before.day === after.day ? -amountIn(before, currency, 'profit') : 0n;
  return levelBreach(level, was, is, after.day).map((one) => ({
    ...one,
    watched: 'day_loss' as const,
    currency,
    occasion: `${one.occasion} ${is / (parseExact(one.limit, valueScale) || 1n)}`,
  }));
}

function amountIn({ money }: AccountFigures, currency: Currency, what: 'exposure' | 'profit'): bigint {
  return parseExact(money[currency]?.[what] ?? '0', valueScale);
}
