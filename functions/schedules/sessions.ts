import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { SessionPass, SessionReport } from '../../platform/sessions/session-pass.ts';
import type { Metrics } from '../../platform/telemetry/metrics.ts';
import type { Log } from '../../platform/telemetry/port.ts';

export interface SessionsDependencies {
  readonly sessions: Pick<SessionPass, 'run'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const passMs = 15_000;

/** Leads our own books through their day, ends orders whose time is over, and lets queued ones enter where the market takes them. */
export function sessionsSchedule({ sessions, clock, log, metrics }: SessionsDependencies) {
  const failures = metrics.counter('schedule_failures', {});
  return async (): Promise<SessionReport> => {
    const report = await sessions.run(deadlineIn(passMs, clock));
    const { expired, asked, released, failed, stalled, isComplete } = report;
    if (failed.length + stalled.length > 0) failures.add();
    if (expired + asked + released > 0)
      log.info('the calendar moved orders', { expired, asked, released, isComplete });
    const [first] = failed;
    if (first)
      log.error('orders could not follow the calendar; trying again', first.error, {
        orders: failed.length,
        orderId: first.orderId,
      });
    if (stalled.length > 0)
      log.error('our own books could not follow the calendar; trying again', stalled[0], {
        books: stalled.length,
      });
    return report;
  };
}
