import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { CellSettings } from '../settings.ts';
import type { DataStack } from '../stacks/data.ts';
import type { HotConfig } from './hot-config.ts';
import type { StreamDoor } from './stream-door.ts';

/** What every function of a cell stands in. */
export interface CellContext {
  readonly settings: CellSettings;
  readonly data: DataStack;
  readonly bus: IEventBus;
  readonly hotConfig: HotConfig;
  readonly streamDoor: StreamDoor;
  /** Where somebody is woken. */
  readonly alarms: ITopic;
  /** The bundle of a function of the manifest: `index.mjs`, which exports `handler`. */
  readonly codeOf: (name: string) => Code;
}
