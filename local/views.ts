import type { DynamoDbViewsOptions } from '../functions/compose-dynamodb-views.ts';
import { keepViewsInMemory, type KeptViews } from '../functions/compose-views.ts';
import { SqliteParking } from '../platform/consumer/sqlite-parking.ts';
import type { Parking } from '../platform/consumer/port.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { HotConfig } from '../platform/hot-config/port.ts';
import type { Random } from '../platform/random/random.ts';
import { watchOf } from '../platform/surveillance/watch.ts';
import type { Telemetry } from '../platform/telemetry/port.ts';
import type { OpenStore } from './stores.ts';
import { keepViewsBeside } from './views-process/kept-beside.ts';

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** Absent: nobody knows what surveillance is to watch, and it stays behind. */
  readonly config?: Pick<HotConfig, 'current'>;
}

/** What is made of the log for readers; `parking` is for consumers that keep nothing beside it. */
export type CellViews = KeptViews & { readonly parking: Parking };

/** The lists, kept by their consumers where the log is: in this very process, or in one beside it that is its own. */
export async function openViews(open: OpenStore, around: Surroundings): Promise<CellViews> {
  const { clock, random, telemetry, config } = around;
  const watch = config && (() => watchOf(config.current()));
  const alarms = alarmsOf(telemetry);
  switch (open.kind) {
    case 'memory':
      return keepViewsInMemory(open.store, clock, alarms, watch);
    case 'sqlite':
      return {
        ...keepViewsBeside(open.store, clock, alarms, watch),
        parking: await SqliteParking.open(open.store),
      };
    case 'dynamodb': {
      const { keepViewsInDynamoDb } = await import('../functions/compose-dynamodb-views.ts');
      return keepViewsInDynamoDb({ ...open, clock, random, alarms, ...(watch && { watch }) });
    }
  }
}

function alarmsOf({ log, metrics }: Telemetry): DynamoDbViewsOptions['alarms'] {
  const failures = metrics.counter('consumer_failures', { consumer: 'views' });
  const parked = metrics.counter('commits_parked', {});
  const tamperings = metrics.counter('log_tampering', {});
  return {
    onFailure: (error) => {
      failures.add();
      log.error('views not updated, trying again', error);
    },
    onParked: (consumer, { stream, version, error }) => {
      parked.add();
      log.error('a commit was parked: its order stands still in the views', new Error(error), {
        consumer,
        stream,
        version,
      });
    },
    onTampering: (tampering) => {
      tamperings.add();
      log.error('the log was tampered with', new Error(tampering.operation), { ...tampering });
    },
  };
}
