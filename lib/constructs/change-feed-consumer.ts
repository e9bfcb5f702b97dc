import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  type IEventSourceDlq,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import { metricsNamespace } from '../../platform/telemetry/metric-list.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';
import { everyMinute, ImpactAlarm } from './impact-alarm.ts';
import { allow } from './allow.ts';
import { feedStatements } from './rights.ts';

export interface ChangeFeedConsumerProps {
  readonly entry: FunctionEntry;
  readonly trigger: Extract<FunctionEntry['trigger'], { readonly kind: 'feed' }>;
  readonly context: CellContext;
}

/** Who suffers what, for each reader of the feed. */
interface Impacts {
  readonly failing: string;
  readonly late: string;
  readonly putAside: string;
  readonly dropped: string;
}

const ofRelay: Impacts = {
  failing: 'Commits do not reach the bus: views, venue and subscribers fall behind until the sweep.',
  late: 'Commits reach the bus more than a minute late: lists, executions and webhooks are as late.',
  putAside:
    'Records of the change feed were put aside: subscribers never hear of those commits by themselves.',
  dropped: 'Records of the change feed were neither relayed nor put aside: only the sweep knows of them.',
};

const ofArchive: Impacts = {
  failing: 'Commits do not reach the archive: what an auditor reads there ends before now.',
  late: 'Commits reach the archive late: after twelve hours they are put aside, after a day the feed forgets them.',
  putAside:
    'Records of the change feed were put aside and are missing in the archive until somebody puts them there.',
  dropped: 'Records of the change feed are missing in the archive: only the log has them.',
};

/** The feed forgets after 24 hours; what is older than this is put aside while it can still be read. */
const recordAgeMax = Duration.hours(12);
/** Lambda waits longer between tries the more there were; the function parks by itself what the bus does not take. */
const retriesMax = 100;
/** Where Lambda writes. */
const putAsideUnder = 'aws/lambda/*';
/** How old a record may be beyond the time that batches are gathered. */
const lateSeconds = 60;

/**
 * A function that reads the log's change feed, from its beginning and in order. What it cannot take is halved until the bad record
 * stands alone, tried within bounds, and put aside as it came, so that it never blocks the shard.
 */
export class ChangeFeedConsumer extends CellFunction {
  constructor(scope: Construct, id: string, { entry, trigger, context }: ChangeFeedConsumerProps) {
    const impacts = entry.rights.archive ? ofArchive : ofRelay;
    super(scope, id, { entry, context, impact: impacts.failing });
    const { recordsMax, gatheredSeconds } = trigger;
    const { log, undelivered } = context.data;
    // Lambda lists streams before it takes one, and a list has no resource to name.
    this.may(
      ...feedStatements(log),
      allow('ListFeeds', ['dynamodb:ListStreams'], ['*']),
      ...this.#putAside(undelivered, context),
    );
    acknowledgeWildcard(
      this.role,
      `${context.data.exportedAs(undelivered.bucketArn)}/${putAsideUnder}`,
      'What is put aside is named by Lambda.',
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: this.lambda,
      eventSourceArn: log.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: recordsMax,
      ...(gatheredSeconds > 0 && { maxBatchingWindow: Duration.seconds(gatheredSeconds) }),
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      maxRecordAge: recordAgeMax,
      retryAttempts: retriesMax,
      onFailure: whole(undelivered),
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    mapping.node.addDependency(this.role);
    this.#alarm(mapping, impacts, lateSeconds + 2 * gatheredSeconds, context);
    // Every record goes by both readers, and one of them tells.
    if (entry.rights.bus) this.#alarmOfTampering(context);
  }

  #putAside(bucket: IBucket, { data }: CellContext): readonly PolicyStatement[] {
    const { region } = Stack.of(this);
    return [
      allow('PutAside', ['s3:PutObject'], [bucket.arnForObjects(putAsideUnder)]),
      allow('FindWhereToPutAside', ['s3:ListBucket'], [bucket.bucketArn]),
      new PolicyStatement({
        sid: 'EncryptWhatIsPutAside',
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [data.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
      }),
    ];
  }

  #alarm(
    mapping: EventSourceMapping,
    impacts: Impacts,
    lateAfterSeconds: number,
    { alarms: topic }: CellContext,
  ): void {
    new ImpactAlarm(this, 'Late', {
      metric: this.lambda.metric('IteratorAge', { ...everyMinute, statistic: Stats.MAXIMUM }),
      threshold: lateAfterSeconds * 1_000,
      minutes: 3,
      impact: impacts.late,
      topic,
    });
    new ImpactAlarm(this, 'PutAside', {
      metric: countOf(mapping, 'OnFailureDestinationDeliveredEventCount'),
      threshold: 1,
      impact: impacts.putAside,
      topic,
    });
    new ImpactAlarm(this, 'Dropped', {
      metric: countOf(mapping, 'DroppedEventCount'),
      threshold: 1,
      impact: impacts.dropped,
      topic,
    });
  }

  #alarmOfTampering({ alarms: topic }: CellContext): void {
    new ImpactAlarm(this, 'Tampered', {
      metric: new Metric({
        ...everyMinute,
        namespace: metricsNamespace,
        metricName: 'log_tampering',
        statistic: Stats.SUM,
      }),
      threshold: 1,
      impact: 'Somebody changed or deleted a commit of the log: treat it as a break-in.',
      topic,
    });
  }
}

function countOf({ eventSourceMappingId }: EventSourceMapping, metricName: string): Metric {
  return new Metric({
    ...everyMinute,
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { EventSourceMappingUUID: eventSourceMappingId },
    statistic: Stats.SUM,
  });
}

/** S3 gets the records themselves; queues and topics would get only where they were. */
function whole(bucket: IBucket): IEventSourceDlq {
  return { bind: () => ({ destination: bucket.bucketArn }) };
}
