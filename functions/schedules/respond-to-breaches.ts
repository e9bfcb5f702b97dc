import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { BreachReport, BreachResponse } from '../../platform/surveillance/response.ts';
import type { Log } from '../../platform/telemetry/port.ts';
import type { Metrics } from '../../platform/telemetry/metrics.ts';

export interface RespondToBreachesDependencies {
  readonly response: Pick<BreachResponse, 'pass'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const passMs = 10_000;

/** Warns, stops strategies and halts accounts for the limits that were crossed, and says so. */
export function respondToBreaches({ response, clock, log, metrics }: RespondToBreachesDependencies) {
  const failures = metrics.counter('schedule_failures', {});
  return async (): Promise<readonly BreachReport[]> => {
    const reports = await response.pass(deadlineIn(passMs, clock));
    if (reports.some(({ failed }) => failed !== undefined)) failures.add();
    for (const { breach, isNew, outcome, failed } of reports) {
      const { breachId, accountId, watched, level, symbol, strategyId, limit, observed } = breach;
      const about = {
        breach: breachId,
        account: accountId,
        watched,
        limit,
        observed,
        ...(symbol !== undefined && { symbol }),
        ...(strategyId !== undefined && { strategy: strategyId }),
      };
      if (isNew) metrics.counter('surveillance_breaches', { watched, level }).add();
      if (isNew && level === 'soft') log.warn('an account is near a limit that surveillance watches', about);
      if (isNew && level === 'hard')
        log.warn('an account crossed a limit: surveillance stops what crossed it', about);
      if (outcome && level === 'hard') log.info('a breach was acted on', { ...about, outcome });
      if (failed !== undefined) log.error('a breach could not be acted on yet; trying again', failed, about);
    }
    return reports;
  };
}
