import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscriptionFilter, LogGroup, LogStream, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type FunctionEntry, manifest } from '../../functions/manifest.ts';
import { requestsPrefix } from '../audit/tables.ts';
import type { CellSettings } from '../settings.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { allow } from './allow.ts';

export interface RequestRecordProps {
  readonly settings: CellSettings;
  readonly bucket: IBucket;
  /** The name under which the stack has the bucket's ARN. */
  readonly bucketAs: string;
  readonly key: IKey;
}

/** What Firehose cannot make lines of. */
const failedPrefix = 'failed/';
/** The line that each request ends as: see functions/api/door/observed.ts. */
const requestLines = '{ $.message = "request" }';

/**
 * Brings the line of every request that a function answers from its log to a bucket that is kept: who asked for what, about which order
 * and account. The gateway's own log has requests that came to no function; those read nothing.
 */
export class RequestRecord extends Construct {
  constructor(scope: Construct, id: string, props: RequestRecordProps) {
    super(scope, id);
    const stream = this.#stream(props);
    const logs = new Role(this, 'LogsRole', { assumedBy: new ServicePrincipal('logs.amazonaws.com') });
    logs.addToPolicy(
      allow('BringLines', ['firehose:PutRecord', 'firehose:PutRecordBatch'], [stream.attrArn]),
    );
    const entries: readonly FunctionEntry[] = manifest;
    for (const { name, trigger } of entries) {
      if (trigger.kind !== 'http') continue;
      const filter = new CfnSubscriptionFilter(this, `Lines-${name}`, {
        logGroupName: `/ordercell/${props.settings.cell}/${name}`,
        filterPattern: requestLines,
        destinationArn: stream.attrArn,
        roleArn: logs.roleArn,
      });
      filter.node.addDependency(logs);
    }
  }

  #stream({ settings, bucket, bucketAs, key }: RequestRecordProps): CfnDeliveryStream {
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/ordercell/${settings.cell}/request-record`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const lines = new LogStream(this, 'LogLines', { logGroup: log, removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'StreamRole', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
    for (const statement of this.#rights(bucket, key, `${log.logGroupArn}:log-stream:${lines.logStreamName}`))
      role.addToPolicy(statement);
    for (const prefix of [requestsPrefix, failedPrefix])
      acknowledgeWildcard(role, `${bucketAs}/${prefix}*`, 'Firehose names its objects.');
    const stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: `ordercell-${settings.cell}-requests`,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${requestsPrefix}!{timestamp:yyyy/MM/dd}/`,
        errorOutputPrefix: `${failedPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        compressionFormat: 'GZIP',
        bufferingHints: { intervalInSeconds: 300, sizeInMBs: 64 },
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: key.keyArn } },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: log.logGroupName,
          logStreamName: lines.logStreamName,
        },
        // What comes from a log comes packed and in an envelope: here it becomes lines again.
        processingConfiguration: {
          enabled: true,
          processors: [
            processor('Decompression', 'CompressionFormat', 'GZIP'),
            processor('CloudWatchLogProcessing', 'DataMessageExtraction', 'true'),
            { type: 'AppendDelimiterToRecord' },
          ],
        },
      },
    });
    stream.node.addDependency(role);
    return stream;
  }

  #rights(bucket: IBucket, key: IKey, logStream: string): readonly PolicyStatement[] {
    const { region } = Stack.of(this);
    const objects = [requestsPrefix, failedPrefix].map((prefix) => bucket.arnForObjects(`${prefix}*`));
    return [
      allow('PutLines', ['s3:PutObject', 's3:AbortMultipartUpload'], objects),
      allow(
        'FindBucket',
        ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        [bucket.bucketArn],
      ),
      new PolicyStatement({
        sid: 'EncryptLines',
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
      }),
      allow('TellFaults', ['logs:PutLogEvents'], [logStream]),
    ];
  }
}

function processor(type: string, parameterName: string, parameterValue: string) {
  return { type, parameters: [{ parameterName, parameterValue }] };
}
