import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { CellContext } from './cell-context.ts';
import { everyMinute, ImpactAlarm } from './impact-alarm.ts';

export interface ParkingQueueProps {
  readonly context: CellContext;
  /** What is not done as long as something lies in it. */
  readonly impact: string;
}

/** Where messages go that nobody could take: as long as SQS keeps anything, with an alarm from the first one. */
export class ParkingQueue extends Queue {
  constructor(scope: Construct, id: string, { context, impact }: ParkingQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const reason = 'It is itself where messages go that nobody could take.';
    acknowledge(this, { 'AwsSolutions-SQS3': reason, 'Serverless-SQSRedrivePolicy': reason });
    new ImpactAlarm(this, 'Parked', {
      metric: this.metricApproximateNumberOfMessagesVisible({ ...everyMinute, statistic: 'Maximum' }),
      threshold: 1,
      impact,
      topic: context.alarms,
    });
  }
}
