import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';

export interface ConfigCheckProps {
  readonly entry: FunctionEntry;
  readonly context: CellContext;
}

/** A function that AppConfig asks before a config is rolled out. */
export class ConfigCheck extends CellFunction {
  constructor(scope: Construct, id: string, { entry, context }: ConfigCheckProps) {
    const impact = `Configs are refused, or ${entry.name} itself fails: none can be put in force.`;
    // Where the config is follows from what checks it, so it cannot be told.
    super(scope, id, { entry, context, impact, standsAlone: true });
    this.lambda.addPermission('AskedByAppConfig', {
      principal: new ServicePrincipal('appconfig.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
    });
    context.hotConfig.checkWith(this.lambda.functionArn);
  }
}
