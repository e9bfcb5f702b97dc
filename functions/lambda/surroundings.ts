import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '../../platform/clock/clock.ts';
import { createDynamoDbClient } from '../../platform/event-store/dynamodb-client.ts';
import { type Random, systemRandom } from '../../platform/random/random.ts';
import { EmbeddedMetrics } from '../../platform/telemetry/embedded-metrics.ts';
import type { Telemetry } from '../../platform/telemetry/port.ts';
import { PowertoolsLog } from '../../platform/telemetry/powertools-log.ts';
import { type EnvironmentName, environmentNames } from '../environment.ts';
import { tracerOf } from './tracing.ts';

export class SettingMissing extends Error {
  override readonly name = 'SettingMissing';

  constructor(setting: string) {
    super(`the function needs ${setting} in its environment: see functions/environment.ts`);
  }
}

/** What a function finds where it runs, and what every part of it shares. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  /** One per process: its connections outlive a call. */
  readonly client: DynamoDBClient;
  readonly telemetry: Telemetry & { readonly metrics: EmbeddedMetrics };
  /** Throws `SettingMissing`. Asked only by who needs it: a function is told no more than it may reach. */
  readonly setting: (name: EnvironmentName) => string;
}

/** Powertools' own name for it, beside `POWERTOOLS_LOG_LEVEL`. */
const metricsSwitch = 'POWERTOOLS_METRICS_DISABLED';
/** CloudWatch takes a line for metrics only when it is nothing but that. */
const said = (line: string) => process.stdout.write(`${line}\n`);
const unsaid = () => undefined;

export async function surroundingsOf(environment: NodeJS.ProcessEnv): Promise<Surroundings> {
  const clock = systemClock;
  return {
    clock,
    random: systemRandom,
    client: createDynamoDbClient(),
    telemetry: {
      log: new PowertoolsLog(),
      tracer: await tracerOf(environment),
      metrics: new EmbeddedMetrics(environment[metricsSwitch] === 'true' ? unsaid : said, clock),
    },
    setting: (name) => {
      const value = environment[name];
      if (value === undefined || value === '') throw new SettingMissing(name);
      return value;
    },
  };
}

export function cellOf({ setting }: Surroundings): string {
  return setting(environmentNames.cell);
}
