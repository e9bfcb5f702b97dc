import { Duration, type Environment, Stack } from 'aws-cdk-lib';
import { Archive, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { busSource } from '../../platform/event-bus/names.ts';
import { BusLog } from '../constructs/bus-log.ts';
import type { CellSettings } from '../settings.ts';

export interface BusArchiveStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly bus: IEventBus;
}

/** Everything is in the log for ever; this is for subscribers who have no right to read it. */
const keptFor = Duration.days(30);

/**
 * What outside subscribers can have replayed, and what the bus says of entries that it could not deliver. A stack of its own: emulators do not
 * know these, and a cell works without them.
 */
export class BusArchiveStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, bus }: BusArchiveStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: the bus, its log and replays` });
    new Archive(this, 'Archive', {
      archiveName: `ordercell-${settings.cell}`,
      sourceEventBus: bus,
      eventPattern: { source: [busSource] },
      retention: keptFor,
    });
    new BusLog(this, 'BusLog', { cell: settings.cell, bus });
  }
}
