import type { Sweeper, SweptConsumerReport } from '../../platform/consumer/sweeper.ts';
import type { Telemetry } from '../../platform/telemetry/port.ts';

export interface SweepDependencies extends Pick<Telemetry, 'log' | 'metrics'> {
  readonly sweeper: Pick<Sweeper, 'run'>;
}

/** Brings home what no delivery brought: the last event of a stream leaves no gap to notice, and a change feed forgets. */
export function sweepSchedule({ sweeper, log, metrics }: SweepDependencies) {
  const swept = metrics.counter('commits_swept', {});
  return async (): Promise<readonly SweptConsumerReport[]> => {
    const reports = await sweeper.run();
    for (const { consumer, streams, behind, applied, parked } of reports) {
      if (behind === 0) continue;
      swept.add(applied);
      log.warn('deliveries were lost or late: the sweep brought what was missing', {
        consumer,
        streams,
        behind,
        applied,
        parked,
      });
    }
    return reports;
  };
}

/** Says which consumer could not be swept. The round goes on with the others, and so has not failed itself. */
export function notSwept({ log, metrics }: Pick<Telemetry, 'log' | 'metrics'>) {
  const failures = metrics.counter('schedule_failures', {});
  return (consumer: string, error: unknown): void => {
    failures.add();
    log.error('not swept, trying again', error, { consumer });
  };
}
