import type { Clock } from '../../platform/clock/clock.ts';
import { DeadlineExceeded, sooner, unhurried } from '../../platform/deadline/deadline.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import type { Finding } from '../../platform/ledger/finding.ts';
import { reconcile, type Reconciliation } from '../../platform/ledger/reconcile.ts';
import type { Telemetry } from '../../platform/telemetry/port.ts';

export interface ReconcileDependencies extends Pick<Telemetry, 'log' | 'metrics'> {
  readonly store: EventStore;
  readonly clock: Clock;
  /** When it has to give up what it has not finished. */
  readonly runMs: number;
}

/** More are counted, and found again by who looks. */
const namedMax = 10;

/**
 * Holds what accounts and books have against the whole log. Only reads, so a round that comes twice finds the same twice. Undefined: its
 * time was over first, so nothing more is ruled out than what it found, and it says so in a number of its own.
 */
export function reconcileSchedule({ store, clock, log, metrics, runMs }: ReconcileDependencies) {
  const differing = metrics.counter('reconcile_differences', {});
  const unfinished = metrics.counter('reconcile_unfinished', {});
  const sayFound = (found: readonly Finding[], about: object) => {
    if (found.length === 0) return;
    differing.add(found.length);
    // Where something differs and in what, never how much of it there is: that is somebody's money.
    const named = found.slice(0, namedMax).map(({ where, what }) => `${where}: ${what}`);
    log.error('accounts or books are not what the log says', new Error(named.join('; ')), { ...about });
  };
  return async (): Promise<Reconciliation | undefined> => {
    const found: Finding[] = [];
    const onFound = (some: readonly Finding[]) => {
      found.push(...some);
    };
    try {
      const reconciled = await reconcile(store, {
        deadline: sooner(unhurried, runMs, clock),
        clock,
        onFound,
      });
      const { streams, commits, accounts, differences, unsettled } = reconciled;
      const about = { streams, commits, accounts, differences, unsettled: unsettled.length };
      if (differences === 0) log.info('reconciled', about);
      else sayFound(found, about);
      return reconciled;
    } catch (error) {
      if (!(error instanceof DeadlineExceeded)) throw error;
      unfinished.add();
      log.error('the log was not reconciled: it is longer than there is time for', error);
      sayFound(found, { differences: found.length });
      return undefined;
    }
  };
}
