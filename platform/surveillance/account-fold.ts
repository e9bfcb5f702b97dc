import type { Timestamp } from '../../domain/values/time.ts';
import { localTime } from '../hot-config/local-time.ts';
import { formatExact, parseExact, valueScale } from '../views/exact.ts';
import { breachesOf, type Change, messageStep, slowStep, stepOf } from './breach-rules.ts';
import { counted } from './counts.ts';
import type { HoldingChange, SurveillanceEffect } from './effect.ts';
import {
  type AccountFigures,
  accountName,
  type Figures,
  instrumentName,
  type InstrumentFigures,
  nameOf,
  noAccountFigures,
  noInstrumentFigures,
  noStrategyFigures,
  type Standing,
  strategyName,
  type StrategyFigures,
} from './figures.ts';
import { changed, exposureOf, profitOf } from './valuation.ts';
import type { Breach, Watch } from './watch.ts';

/**
 * What happened longer ago breaches nothing any more: where the log is gone through again, what was a breach then is on record, and
 * what is none by today's limits must not become one.
 */
export const breachAgeMaxMs = 3_600_000;

export interface Watching {
  readonly watch: Watch;
  readonly now: Timestamp;
}

/** The names of the figures that these commits of one account touch. */
export function namesIn(effects: readonly SurveillanceEffect[]): readonly string[] {
  const names = effects.flatMap((effect) => {
    const { holding } = effect;
    const strategyId = strategyIn(effect);
    return [
      accountName,
      ...(holding ? [instrumentName(holding.symbol, holding.currency)] : []),
      ...(strategyId === undefined ? [] : [strategyName(strategyId)]),
    ];
  });
  return [...new Set(names)];
}

function strategyIn({ strategy, standing }: SurveillanceEffect): string | undefined {
  return strategy?.strategyId ?? standing?.strategyId;
}

/** The figures of one account as commits of its change them, one after the other, and the limits these cross. */
export class AccountFold {
  readonly #accountId: string;
  readonly #figures: Map<string, Figures>;
  readonly #watching: Watching;
  readonly #touched = new Set<string>();
  readonly #breaches: Breach[] = [];

  /** `figures`: those of `namesIn` that there are. */
  constructor(accountId: string, figures: readonly Figures[], watching: Watching) {
    this.#accountId = accountId;
    this.#figures = new Map(figures.map((one) => [nameOf(one), one]));
    this.#watching = watching;
  }

  get figures(): readonly Figures[] {
    return [...this.#touched].flatMap((name) => this.#figures.get(name) ?? []);
  }

  get breaches(): readonly Breach[] {
    return this.#breaches;
  }

  apply(effect: SurveillanceEffect): void {
    const { watch, now } = this.#watching;
    const day = localTime(effect.at, watch.dayTimeZone).date;
    const instrument = effect.holding && this.#hold(effect.holding, effect, day);
    const strategy = this.#strategyAfter(effect);
    const before = this.#account();
    const after = accountAfter(before, effect, day, instrument);
    this.#put(after);
    const change: Change = {
      effect,
      accountId: this.#accountId,
      day,
      before,
      after,
      ...(strategy && { strategy }),
      ...(instrument && { instrument }),
    };
    if (now - effect.at <= breachAgeMaxMs * 1_000) this.#breaches.push(...breachesOf(change, watch));
  }

  #hold(holding: HoldingChange, { at, stream, version }: SurveillanceEffect, day: string) {
    const { symbol, currency } = holding;
    const known = this.#figures.get(instrumentName(symbol, currency));
    const before = known?.kind === 'instrument' ? known : noInstrumentFigures(symbol, currency);
    const after = changed(before, holding, { day, at, place: `${stream}@${version}` });
    this.#put(after);
    return { before, after };
  }

  #strategyAfter(effect: SurveillanceEffect): StrategyFigures | undefined {
    const strategyId = strategyIn(effect);
    if (strategyId === undefined) return undefined;
    const known = this.#figures.get(strategyName(strategyId));
    const before = known?.kind === 'strategy' ? known : noStrategyFigures(strategyId);
    const { strategy, at } = effect;
    const executions = counted(before.executions, stepOf(at, slowStep), strategy?.executions ?? 0);
    const after = { ...before, executions, standing: standingAfter(before.standing, effect) };
    this.#put(after);
    return after;
  }

  #account(): AccountFigures {
    const known = this.#figures.get(accountName);
    return known?.kind === 'account' ? known : noAccountFigures;
  }

  #put(figures: Figures): void {
    const name = nameOf(figures);
    this.#figures.set(name, figures);
    this.#touched.add(name);
  }
}

function standingAfter({ stoppedAt, freeAt }: Standing, { standing, at }: SurveillanceEffect): Standing {
  return {
    stoppedAt: standing?.became === 'stopped' ? Math.max(stoppedAt, at) : stoppedAt,
    freeAt: standing?.became === 'free' ? Math.max(freeAt, at) : freeAt,
  };
}

interface Held {
  readonly before: InstrumentFigures;
  readonly after: InstrumentFigures;
}

function accountAfter(
  before: AccountFigures,
  effect: SurveillanceEffect,
  day: string,
  held: Held | undefined,
): AccountFigures {
  const { at, messages = 0, refusals = 0 } = effect;
  const isOwn = effect.standing && effect.standing.strategyId === undefined;
  const figures: AccountFigures = {
    ...(day > before.day ? { ...before, day, money: begun(before.money) } : before),
    messages: counted(before.messages, stepOf(at, messageStep), messages),
    refusals: counted(before.refusals, stepOf(at, slowStep), refusals),
    standing: isOwn ? standingAfter(before.standing, effect) : before.standing,
  };
  return held ? { ...figures, money: moneyAfter(figures, held) } : figures;
}

/** A new day has brought nothing yet. */
function begun(money: AccountFigures['money']): AccountFigures['money'] {
  return Object.fromEntries(Object.entries(money).map(([name, one]) => [name, { ...one, profit: '0' }]));
}

/** The difference that one instrument makes; it has a profit of the account's day only if anything happened to it on that day. */
function moneyAfter({ money, day }: AccountFigures, { before, after }: Held): AccountFigures['money'] {
  const { currency } = after;
  const { exposure = '0', profit = '0' } = money[currency] ?? {};
  const ofDay = (one: InstrumentFigures) => (one.day === day ? profitOf(one) : 0n);
  return {
    ...money,
    [currency]: {
      exposure: plus(exposure, exposureOf(after) - exposureOf(before)),
      profit: plus(profit, ofDay(after) - ofDay(before)),
    },
  };
}

function plus(amount: string, more: bigint): string {
  if (more === 0n) return amount;
  return formatExact(parseExact(amount, valueScale) + more, valueScale);
}
