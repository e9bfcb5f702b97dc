import { config } from '../platform/aggregates/config.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { CommandHandler } from '../platform/command-handler/command-handler.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import { ConfigRecord } from '../platform/hot-config/record.ts';
import type { Random } from '../platform/random/random.ts';
import type { Log } from '../platform/telemetry/port.ts';

export interface ConfigRecordParts {
  readonly cell: string;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What every source of configs writes its changes to. It stands before everything that needs a config. */
export function composeConfigRecord({ log, cell, ...parts }: ConfigRecordParts): ConfigRecord {
  const onQuarantine = (stream: string, error: Error) =>
    log.error('the record of configs is quarantined: the last good config stays in force', error, { stream });
  return new ConfigRecord(new CommandHandler({ aggregate: config, cell, ...parts, onQuarantine }), cell);
}
