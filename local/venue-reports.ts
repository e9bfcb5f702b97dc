import {
  followReportsInMemory,
  followReportsInSqlite,
  type FollowerParts,
  type ReportFollower,
} from '../functions/compose-venue-reports.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import type { Parking } from '../platform/consumer/port.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import type { OpenStore } from './stores.ts';

/** What a crash left between recording a report and applying it is finished in this very process. */
export async function openReportFollower(
  open: OpenStore,
  dependencies: Dependencies,
  parking: Parking,
): Promise<ReportFollower> {
  const { random, telemetry } = dependencies;
  const parts: FollowerParts = { dependencies, parking, alarms: alarmsOf(telemetry) };
  switch (open.kind) {
    case 'memory':
      return followReportsInMemory(open.store, parts);
    case 'sqlite':
      return followReportsInSqlite(open.store, parts);
    case 'dynamodb': {
      const { followReportsInDynamoDb } = await import('../functions/compose-dynamodb-venue-reports.ts');
      return followReportsInDynamoDb({ ...open, random }, parts);
    }
  }
}

function alarmsOf({ log, metrics }: Telemetry): FollowerParts['alarms'] {
  const parked = metrics.counter('commits_parked', {});
  return {
    onFailure: (error) => log.error('recorded reports not looked at, trying again', error),
    onParked: (consumer, { stream, version, error }) => {
      parked.add();
      log.error('a report was parked: it is recorded and its order does not have it', new Error(error), {
        consumer,
        stream,
        version,
      });
    },
  };
}
