import { Duration, type Environment, Stack } from 'aws-cdk-lib';
import { Archive, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { busSource } from '../../platform/event-bus/names.ts';
import type { CellSettings } from '../settings.ts';

export interface BusArchiveStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly bus: IEventBus;
}

/** Everything is in the log for ever; this is for subscribers who have no right to read it. */
const keptFor = Duration.days(30);

/** What outside subscribers can have replayed. A stack of its own: emulators do not know it, and a cell works without it. */
export class BusArchiveStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, bus }: BusArchiveStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: the bus, for replays` });
    new Archive(this, 'Archive', {
      archiveName: `ordercell-${settings.cell}`,
      sourceEventBus: bus,
      eventPattern: { source: [busSource] },
      retention: keptFor,
    });
  }
}
