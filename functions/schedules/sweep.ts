import type { Sweeper, SweptConsumerReport } from '../../platform/consumer/sweeper.ts';
import type { Log } from '../../platform/telemetry/port.ts';

export interface SweepDependencies {
  readonly sweeper: Pick<Sweeper, 'run'>;
  readonly log: Log;
}

/** Brings home what no delivery brought: the last event of a stream leaves no gap to notice, and a change feed forgets. */
export function sweepSchedule({ sweeper, log }: SweepDependencies) {
  return async (): Promise<readonly SweptConsumerReport[]> => {
    const reports = await sweeper.run();
    for (const { consumer, streams, behind, applied, parked } of reports)
      if (behind > 0)
        log.warn('deliveries were lost or late: the sweep brought what was missing', {
          consumer,
          streams,
          behind,
          applied,
          parked,
        });
    return reports;
  };
}
