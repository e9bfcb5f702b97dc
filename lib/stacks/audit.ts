import { type Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
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
 * Who touched what, kept where not even we can delete it: every call on the log, the accounts, the archive, the record of requests and what
 * was put aside, and every change of the infrastructure and of configs. Not in it is who polled which config: each function does, all the
 * time, and each poll would be paid for. It proves who and when; which values is what the log proves.
 */
export class AuditStack extends Stack {
  readonly key: IKey;
  /** Where the trail writes. */
  readonly trail: IBucket;
  /** For the record of requests: who asked the API for what. */
  readonly requests: IBucket;

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
    const { bucket } = new KeptBucket(this, 'Trail', {
      key,
      lock: settings.archive,
      unrecorded:
        'It is the audit trail: on record in itself, each of its files would cause the next. Its lock and the digests that CloudTrail signs show what was changed or is missing; who reads it is on record only where Athena does it for them.',
    });
    this.key = key;
    this.trail = bucket;
    // Without a lock: whether Firehose sends the checksum that a locked bucket asks for is nowhere promised (docs/decisions/0023).
    this.requests = new KeptBucket(this, 'Requests', { key }).bucket;
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
      advancedEventSelectors: selectors(data, this.requests),
    });
    if (bucket.policy) trail.node.addDependency(bucket.policy);
    this.exportValue(key.keyArn);
    for (const { bucketArn, bucketName } of [this.trail, this.requests]) {
      this.exportValue(bucketArn);
      this.exportValue(bucketName);
    }
  }

  /** The name under which another stack's template has a value of this one. */
  exportedAs(value: string): string {
    return this.resolve(this.exportValue(value))['Fn::ImportValue'];
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

function selectors(
  { log, items, archive, undelivered }: DataStack,
  requests: IBucket,
): CfnTrail.AdvancedEventSelectorProperty[] {
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
      name: 'The archive, what was put aside, and the record of requests',
      fieldSelectors: [
        category('Data'),
        type('AWS::S3::Object'),
        {
          field: 'resources.ARN',
          startsWith: [archive, undelivered, requests].map((bucket) => bucket.arnForObjects('')),
        },
      ],
    },
  ];
}
