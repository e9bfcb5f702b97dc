import type { Clock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { EnforcementReport, KillSwitchEnforcement } from '../../platform/kill-switch/enforcement.ts';
import type { Metrics } from '../../platform/telemetry/metrics.ts';
import type { Log } from '../../platform/telemetry/port.ts';

export interface EnforceKillSwitchDependencies {
  readonly enforcement: Pick<KillSwitchEnforcement, 'pass'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const passMs = 10_000;

/** Cancels what still works although a kill switch is thrown. */
export function enforceKillSwitch({ enforcement, clock, log, metrics }: EnforceKillSwitchDependencies) {
  const failures = metrics.counter('schedule_failures', {});
  return async (): Promise<EnforcementReport> => {
    const report = await enforcement.pass(deadlineIn(passMs, clock));
    const { asked, failed, isComplete, behindMs } = report;
    if (behindMs !== undefined || failed.length > 0) failures.add();
    if (behindMs !== undefined)
      log.error(
        'a kill switch is thrown and orders that work may not be in the lists yet; trying again',
        new Error(`the lists are ${Math.round(behindMs / 1_000)} seconds behind`),
      );
    if (asked > 0) log.warn('a kill switch is thrown: working orders were canceled', { asked, isComplete });
    const [first] = failed;
    if (first)
      log.error('orders could not be canceled for a kill switch; trying again', first.error, {
        orders: failed.length,
        orderId: first.orderId,
      });
    return report;
  };
}
