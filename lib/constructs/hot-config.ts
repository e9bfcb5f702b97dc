import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import {
  CfnApplication,
  CfnConfigurationProfile,
  CfnDeploymentStrategy,
  CfnEnvironment,
} from 'aws-cdk-lib/aws-appconfig';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from './allow.ts';

export interface HotConfigProps {
  readonly cell: string;
  /** While one of them rings, a config that is being rolled out is taken back. */
  readonly rollbackAlarms: readonly IAlarm[];
}

const schemaFile = join(import.meta.dirname, '..', '..', 'docs', 'config.schema.json');
/** Made of the product's own schema by `npm run docs:config`. */
const shape = { type: 'JSON_SCHEMA', content: readFileSync(schemaFile, 'utf8') };

const rolloutMinutes = 20;
const rolloutStepPercent = 10;
const bakeMinutes = 10;

/** AppConfig's side of the hot config: where it is, how a new one is rolled out, and what takes it back. */
export class HotConfig extends Construct {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
  /** For every change after the first: ten percent at a time, then watched. */
  readonly gradually: string;
  readonly #profile: CfnConfigurationProfile;

  constructor(scope: Construct, id: string, { cell, rollbackAlarms }: HotConfigProps) {
    super(scope, id);
    this.application = new CfnApplication(this, 'Application', { name: `ordercell-${cell}` }).ref;
    const { alarmRoleArn, alarmArns } = this.#watching(rollbackAlarms);
    this.environment = new CfnEnvironment(this, 'Environment', {
      applicationId: this.application,
      name: 'cell',
      monitors: alarmArns.map((alarmArn) => ({ alarmArn, alarmRoleArn })),
    }).ref;
    this.#profile = new CfnConfigurationProfile(this, 'Profile', {
      applicationId: this.application,
      name: 'trading',
      locationUri: 'hosted',
      type: 'AWS.Freeform',
      validators: [shape],
    });
    this.profile = this.#profile.ref;
    this.gradually = new CfnDeploymentStrategy(this, 'Gradually', {
      name: `ordercell-${cell}-gradually`,
      deploymentDurationInMinutes: rolloutMinutes,
      growthFactor: rolloutStepPercent,
      growthType: 'LINEAR',
      finalBakeTimeInMinutes: bakeMinutes,
      replicateTo: 'NONE',
    }).ref;
  }

  /** Asks this function as well before a config is rolled out. */
  checkWith(functionArn: string): void {
    this.#profile.validators = [shape, { type: 'LAMBDA', content: functionArn }];
  }

  /** Polling the config of this cell, and no other. */
  readStatement(): PolicyStatement {
    const { partition, region, account } = Stack.of(this);
    const place = `application/${this.application}/environment/${this.environment}/configuration/${this.profile}`;
    return allow(
      'PollConfig',
      ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
      [`arn:${partition}:appconfig:${region}:${account}:${place}`],
    );
  }

  #watching(alarms: readonly IAlarm[]) {
    const alarmArns = alarms.map(({ alarmArn }) => alarmArn);
    const role = new Role(this, 'Watching', { assumedBy: new ServicePrincipal('appconfig.amazonaws.com') });
    role.addToPolicy(allow('SeeWhatRings', ['cloudwatch:DescribeAlarms'], alarmArns));
    return { alarmRoleArn: role.roleArn, alarmArns };
  }
}
