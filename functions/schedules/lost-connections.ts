import type { LostConnections, LostConnectionsReport } from '../../platform/cancelling/lost-connections.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { Metrics } from '../../platform/telemetry/metrics.ts';
import type { Log } from '../../platform/telemetry/port.ts';

export interface LostConnectionsDependencies {
  readonly lost: Pick<LostConnections, 'pass'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const passMs = 15_000;

/** Deals with the ends of connections that nobody told of. On one machine there are none: the process itself holds its connections. */
export function lostConnections({ lost, clock, log, metrics }: LostConnectionsDependencies) {
  const unresolved = metrics.counter('schedule_failures', {});
  return async (): Promise<LostConnectionsReport> => {
    const report = await lost.pass(deadlineIn(passMs, clock));
    const { looked, ended, failures } = report;
    if (failures.length > 0) unresolved.add();
    for (const { failed, ...about } of failures)
      log.error('a lost connection could not be dealt with; trying again', failed, about);
    if (ended > 0) log.warn('connections had ended without anybody having dealt with it', { looked, ended });
    return report;
  };
}
