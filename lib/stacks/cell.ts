import { Duration, type Environment, Stack } from 'aws-cdk-lib';
import { EventBus, IncludeDetail, Level } from 'aws-cdk-lib/aws-events';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type FunctionEntry, type FunctionName, manifest } from '../../functions/manifest.ts';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { BusSubscriber } from '../constructs/bus-subscriber.ts';
import type { CellContext } from '../constructs/cell-context.ts';
import type { CellFunction } from '../constructs/cell-function.ts';
import { ChangeFeedConsumer } from '../constructs/change-feed-consumer.ts';
import { CommandFunction } from '../constructs/command-function.ts';
import { ConfigCheck } from '../constructs/config-check.ts';
import { FrontDoor } from '../constructs/front-door.ts';
import { HotConfig } from '../constructs/hot-config.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { SecretRotator } from '../constructs/secret-rotator.ts';
import { Scheduled } from '../constructs/scheduled.ts';
import { AccountFeedConsumer } from '../constructs/account-feed-consumer.ts';
import { SocketFunction } from '../constructs/socket-function.ts';
import { StreamDoor } from '../constructs/stream-door.ts';
import { StreamingFunction } from '../constructs/streaming-function.ts';
import type { CellSettings } from '../settings.ts';
import type { DataStack } from './data.ts';

export interface CellStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly data: DataStack;
  readonly codeOf: (name: string) => Code;
}

const failedRequestsMax = 0.05;

/** The cell itself: everything that can be thrown away and made again, one function for each entry of the manifest. */
export class CellStack extends Stack {
  readonly door: FrontDoor;
  readonly hotConfig: HotConfig;
  readonly alarms: AlarmTopic;
  readonly bus: EventBus;
  readonly functions: ReadonlyMap<string, CellFunction>;

  constructor(scope: Construct, id: string, { env, settings, data, codeOf }: CellStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: the cell` });
    this.alarms = new AlarmTopic(this, 'Alarms', settings);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: `ordercell-${settings.cell}`,
      // Where the lines go is said beside it: see BusLog.
      logConfig: { level: Level.ERROR, includeDetail: IncludeDetail.NONE },
    });
    this.door = new FrontDoor(this, 'Door', settings);
    this.hotConfig = new HotConfig(this, 'Config', {
      cell: settings.cell,
      rollbackAlarms: [this.#failingRequests()],
    });
    const streamDoor = new StreamDoor(this, 'StreamDoor', settings);
    const { hotConfig, bus, alarms } = this;
    const context = { settings, data, bus, hotConfig, streamDoor, alarms, codeOf };
    const entries: readonly FunctionEntry[] = manifest;
    this.functions = new Map(entries.map((entry) => [entry.name, this.#made(entry, context)]));
  }

  #made(entry: FunctionEntry, context: CellContext): CellFunction {
    const { name, trigger } = entry;
    switch (trigger.kind) {
      case 'http':
        if (trigger.streams) return new StreamingFunction(this, name, { entry, context });
        return new CommandFunction(this, name, {
          entry,
          routes: trigger.routes,
          api: this.door.api,
          context,
        });
      case 'bus':
        return new BusSubscriber(this, name, { entry, streams: trigger.streams, context });
      case 'feed':
        return new ChangeFeedConsumer(this, name, { entry, trigger, context });
      case 'schedule':
        return new Scheduled(this, name, { entry, trigger, context });
      case 'websocket':
        return new SocketFunction(this, name, { entry, context });
      case 'account-feed':
        return new AccountFeedConsumer(this, name, { entry, recordsMax: trigger.recordsMax, context });
      case 'config':
        return new ConfigCheck(this, name, { entry, context });
      case 'rotation':
        return new SecretRotator(this, name, { entry, context });
      case 'queue':
        throw new Error(`${name}: no queue "${trigger.queue}" is made yet; nothing feeds it`);
    }
  }

  /** The one of the manifest that is called so. */
  functionNamed(name: FunctionName): CellFunction {
    const found = this.functions.get(name);
    if (!found) throw new Error(`the cell has no function ${name}`);
    return found;
  }

  /** What takes a config back: it has to be fast and sure rather than fine. */
  #failingRequests(): ImpactAlarm {
    const { api } = this.door;
    return new ImpactAlarm(this, 'FailingRequests', {
      metric: api.metricServerError({ period: Duration.minutes(1), statistic: Stats.AVERAGE }),
      threshold: failedRequestsMax,
      minutes: 3,
      badMinutes: 2,
      impact:
        'More than one request in twenty fails for a reason of ours; a config being rolled out is taken back.',
      topic: this.alarms,
    });
  }
}
