import { MemoryEffects } from '../consumer/memory-effects.ts';
import type { Advance, Written } from '../consumer/port.ts';
import type { Clock } from '../clock/clock.ts';
import { AccountFold } from './account-fold.ts';
import type { SurveillanceEffect } from './effect.ts';
import { type Figures, nameOf } from './figures.ts';
import {
  type BreachQuery,
  type BreachRecord,
  breachesMax,
  figuresMax,
  placeOf,
  type Settlement,
  type Surveillance,
} from './port.ts';
import type { WatchInForce } from './watch.ts';

/** Figures and breaches in memory: for tests and simulation. */
export class MemorySurveillance extends MemoryEffects implements Surveillance {
  readonly #watch: WatchInForce;
  readonly #clock: Clock;
  readonly #figures = new Map<string, Map<string, Figures>>();
  readonly #breaches = new Map<string, BreachRecord>();

  constructor(watch: WatchInForce, clock: Clock) {
    super();
    this.#watch = watch;
    this.#clock = clock;
  }

  async write(advances: readonly Advance<SurveillanceEffect>[]): Promise<readonly Written[]> {
    return advances.map((advance) => this.#writeOne(structuredClone(advance)));
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async figures(accountId: string): Promise<readonly Figures[]> {
    const all = this.#figures.get(accountId)?.entries() ?? [];
    const byName = [...all].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return structuredClone(byName.slice(0, figuresMax).map(([, figures]) => figures));
  }

  async breaches({ accountId, before, limit }: BreachQuery): Promise<readonly BreachRecord[]> {
    const found = this.#inOrder().filter(
      (one) =>
        (accountId === undefined || one.accountId === accountId) &&
        (before === undefined || placeOf(one) < before),
    );
    return structuredClone(found.toReversed().slice(0, limit));
  }

  async pending(): Promise<readonly BreachRecord[]> {
    const open = this.#inOrder().filter(({ settled }) => !settled);
    return structuredClone(open.slice(0, breachesMax));
  }

  async conclude({ breachId }: BreachRecord, settled: Settlement): Promise<void> {
    const found = this.#breaches.get(breachId);
    if (found && !found.settled) this.#breaches.set(breachId, { ...found, settled });
  }

  #inOrder(): BreachRecord[] {
    return [...this.#breaches.values()].toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }

  /** Works everything out before the first change, so that what throws has changed nothing. */
  #writeOne({ stream, from, to, memory, effects }: Advance<SurveillanceEffect>): Written {
    if ((this.reached.get(stream)?.applied ?? 0) !== from) return 'conflict';
    const watching = { watch: this.#watch(), now: this.#clock.now() };
    const folds = [...Map.groupBy(effects, ({ accountId }) => accountId)].flatMap(([accountId, about]) => {
      if (accountId === undefined) return [];
      const known = this.#figures.get(accountId) ?? new Map<string, Figures>();
      const fold = new AccountFold(accountId, [...known.values()], watching);
      for (const effect of about) fold.apply(effect);
      return [{ accountId, known, fold }];
    });
    for (const { accountId, known, fold } of folds) {
      for (const figures of fold.figures) known.set(nameOf(figures), figures);
      this.#figures.set(accountId, known);
      for (const breach of fold.breaches)
        if (!this.#breaches.has(breach.breachId)) this.#breaches.set(breach.breachId, breach);
    }
    this.reached.set(stream, { applied: to, memory });
    return 'written';
  }
}
