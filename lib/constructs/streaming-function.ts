import { CfnOutput, Duration } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';

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
  }
}
