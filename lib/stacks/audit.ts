import { type Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { KeptBucket } from '../constructs/kept-bucket.ts';
import type { CellSettings } from '../settings.ts';
import type { DataStack } from './data.ts';

export interface AuditStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly data: DataStack;
}

const trailService = new ServicePrincipal('cloudtrail.amazonaws.com');

/**
 * Who touched what, kept where not even we can delete it: every call on the log, the accounts and the archive, every config polled, and
 * every change of the infrastructure. It proves who and when; which values is what the log proves.
 */
export class AuditStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, data }: AuditStackProps) {
    super(scope, id, {
      env,
      terminationProtection: true,
      description: `Ordercell ${settings.cell}: audit trail`,
    });
    const trailName = `ordercell-${settings.cell}`;
    const trailArn = `arn:${this.partition}:cloudtrail:${this.region}:${this.account}:trail/${trailName}`;
    const onlyThisTrail = { StringEquals: { 'aws:SourceArn': trailArn } };
    const key = this.#key(trailArn);
    const { bucket } = new KeptBucket(this, 'Trail', { key, lock: settings.archive });
    for (const statement of deliveries(bucket, this.account)) {
      statement.addConditions(onlyThisTrail);
      bucket.addToResourcePolicy(statement);
    }
    const trail = new CfnTrail(this, 'CloudTrail', {
      trailName,
      s3BucketName: bucket.bucketName,
      kmsKeyId: key.keyArn,
      isLogging: true,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      advancedEventSelectors: selectors(data),
    });
    if (bucket.policy) trail.node.addDependency(bucket.policy);
  }

  #key(trailArn: string): Key {
    const key = new Key(this, 'Key', {
      description: 'The audit trail is encrypted with it',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailEncrypts',
        principals: [trailService],
        actions: ['kms:GenerateDataKey', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
      }),
    );
    return key;
  }
}

function deliveries(bucket: Bucket, awsAccount: string): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'TrailLooks',
      principals: [trailService],
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
    }),
    new PolicyStatement({
      sid: 'TrailWrites',
      principals: [trailService],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${awsAccount}/*`)],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  ];
}

function selectors({ log, items, archive }: DataStack): CfnTrail.AdvancedEventSelectorProperty[] {
  const category = (name: string) => ({ field: 'eventCategory', equalTo: [name] });
  const type = (name: string) => ({ field: 'resources.type', equalTo: [name] });
  return [
    { name: 'Changes of the infrastructure and of AppConfig', fieldSelectors: [category('Management')] },
    {
      name: 'The log and the accounts',
      fieldSelectors: [
        category('Data'),
        type('AWS::DynamoDB::Table'),
        { field: 'resources.ARN', equalTo: [log.tableArn, items.tableArn] },
      ],
    },
    {
      name: 'The archive',
      fieldSelectors: [
        category('Data'),
        type('AWS::S3::Object'),
        { field: 'resources.ARN', startsWith: [archive.arnForObjects('')] },
      ],
    },
  ];
}
