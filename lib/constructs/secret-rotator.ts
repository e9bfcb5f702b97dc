import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';

export interface SecretRotatorProps {
  readonly entry: FunctionEntry;
  readonly context: CellContext;
}

/** The function that Secrets Manager asks, step by step, for a new master secret. How often is said in `SecretRotationStack`. */
export class SecretRotator extends CellFunction {
  constructor(scope: Construct, id: string, { entry, context }: SecretRotatorProps) {
    super(scope, id, {
      entry,
      context,
      impact:
        'The master secret was not rotated: everything goes on being signed as before, and the old key derives what is new.',
      // Nobody calls it for months after.
      ringsAtOnce: true,
    });
    this.lambda.addPermission('AskedBySecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: context.data.masterSecret.secretArn,
    });
  }
}
