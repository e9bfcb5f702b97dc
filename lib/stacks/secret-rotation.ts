import { type Environment, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { CellSettings } from '../settings.ts';
import type { DataStack } from './data.ts';

export interface SecretRotationStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly data: DataStack;
  readonly rotator: IFunction;
}

/**
 * When the master secret is rotated: as soon as this is deployed, and then again and again. A stack of its own: it knows a function, which
 * what keeps the secret must not, emulators do not know it, and it is there only after every function that has to read a ring of
 * more than one key. CDK's own construct would change the key's policy, which stands with the data.
 */
export class SecretRotationStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, data, rotator }: SecretRotationStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: rotation of the master secret` });
    new CfnRotationSchedule(this, 'Schedule', {
      secretId: data.masterSecret.secretArn,
      rotationLambdaArn: rotator.functionArn,
      rotationRules: { automaticallyAfterDays: settings.secretRotationDays },
    });
  }
}
