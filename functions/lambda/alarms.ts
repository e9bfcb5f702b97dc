import type { Telemetry } from '../../platform/telemetry/port.ts';
import type { ViewAlarms } from '../compose-views.ts';
import type { Tampering } from '../consumers/views.ts';

export interface DeliveryAlarms extends ViewAlarms {
  readonly onTampering: (tampering: Tampering) => void;
}

/** What a function says of what it meets, in the words alarms are made from. */
export function alarmsOf({ log, metrics }: Telemetry, consumer: string): DeliveryAlarms {
  const failures = metrics.counter('consumer_failures', { consumer });
  const parked = metrics.counter('commits_parked', {});
  const changed = metrics.counter('log_tampering', {});
  return {
    onFailure: (error) => {
      failures.add();
      log.error('not done yet, trying again', error, { consumer });
    },
    onParked: (name, { stream, version, error }) => {
      parked.add();
      log.error('a commit was parked: somebody has to look', new Error(error), {
        consumer: name,
        stream,
        version,
      });
    },
    onTampering: (tampering) => {
      changed.add();
      log.error('the log was tampered with', new Error(tampering.operation), { ...tampering });
    },
  };
}
