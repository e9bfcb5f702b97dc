import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';
import { everyMinute, ImpactAlarm } from './impact-alarm.ts';

export interface StreamingFunctionProps {
  readonly entry: FunctionEntry;
  readonly context: CellContext;
}

/** Lambda's longest. A reader that is cut off goes on where it was: every update has a number. */
const streamedFor = Duration.minutes(15);

/**
 * A function whose answers go on, which the HTTP API cannot hand on: it has an address of its own. Each reader takes one of the region's
 * concurrent executions, so there are at most so many, and orders keep the rest.
 */
export class StreamingFunction extends CellFunction {
  constructor(scope: Construct, id: string, { entry, context }: StreamingFunctionProps) {
    super(scope, id, {
      entry,
      context,
      impact: 'Clients who follow their orders are cut off, and hear of them by asking only.',
      lifetime: streamedFor,
      concurrencyMax: context.settings.streamReadersMax,
    });
    const { url } = this.lambda.addFunctionUrl({
      // The function checks keys itself, as all others do.
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    new CfnOutput(this, 'Address', { value: url, description: 'Where clients follow their orders' });
    // An answer of 5xx is no error of the function, and the API, which counts its own, does not see it.
    new ImpactAlarm(this, 'Refusing', {
      metric: this.lambda.metric('Url5xxCount', { ...everyMinute, statistic: Stats.SUM }),
      threshold: 1,
      minutes: 5,
      badMinutes: 3,
      impact:
        'Clients who want to follow their orders are answered that we cannot, and hear of them by asking only.',
      topic: context.alarms,
    });
  }
}
