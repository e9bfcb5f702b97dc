import { readFileSync } from 'node:fs';
import { type Environment, Stack } from 'aws-cdk-lib';
import {
  CfnDeployment,
  CfnDeploymentStrategy,
  CfnHostedConfigurationVersion,
} from 'aws-cdk-lib/aws-appconfig';
import type { Construct } from 'constructs';
import type { HotConfig } from '../constructs/hot-config.ts';
import { BadSetting, type CellSettings } from '../settings.ts';

export interface ConfigStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly hotConfig: HotConfig;
}

/**
 * The config of a file put in force. It is a stack of its own because deploying it again after the file has changed replaces what is in force
 * by then: who changes configs in AppConfig itself deploys it once.
 */
export class ConfigStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, hotConfig }: ConfigStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: the config of a file` });
    const { application: applicationId, environment: environmentId, profile } = hotConfig;
    const version = new CfnHostedConfigurationVersion(this, 'Version', {
      applicationId,
      configurationProfileId: profile,
      contentType: 'application/json',
      content: configText(settings.firstConfig),
    });
    const atOnce = new CfnDeploymentStrategy(this, 'AtOnce', {
      name: `ordercell-${settings.cell}-at-once`,
      deploymentDurationInMinutes: 0,
      growthFactor: 100,
      finalBakeTimeInMinutes: 0,
      replicateTo: 'NONE',
    });
    new CfnDeployment(this, 'Deployment', {
      applicationId,
      environmentId,
      configurationProfileId: profile,
      configurationVersion: version.ref,
      deploymentStrategyId: atOnce.ref,
    });
  }
}

function configText(place: string): string {
  const [file = '', member] = place.split('#');
  const found = documentIn(file, place);
  const config: unknown = member === undefined ? found : Object(found)[member];
  if (typeof config === 'object' && config !== null) return JSON.stringify(config);
  throw new BadSetting(`context "firstConfig" is ${place}: there is no config at ${member ?? 'the top'}`);
}

function documentIn(file: string, place: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new BadSetting(`context "firstConfig" is ${place}, which is no JSON file`, { cause });
  }
}
