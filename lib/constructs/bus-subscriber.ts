import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import { busSource } from '../../platform/event-bus/names.ts';
import { acknowledge } from './acknowledge.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction, lifetimeOf } from './cell-function.ts';
import { everyMinute, ImpactAlarm } from './impact-alarm.ts';
import { ParkingQueue } from './parking-queue.ts';
import { allow } from './allow.ts';

export interface BusSubscriberProps {
  readonly entry: FunctionEntry;
  /** Entries of streams of these kinds. */
  readonly streams: readonly string[];
  readonly context: CellContext;
}

const batchSize = 10;
/** AWS asks for six times the function's life, so that a message is not given out twice while it waits for a free one. */
const visibilityLives = 6;
const deliveriesMax = 5;
const lateSeconds = 60;

/**
 * A function behind the bus: a rule, a queue of its own, and a queue for what neither could deliver. A message that fails is given
 * back alone; the sweep brings home what is parked here, so nothing stands still behind it.
 */
export class BusSubscriber extends CellFunction {
  constructor(scope: Construct, id: string, { entry, streams, context }: BusSubscriberProps) {
    const what = `commits of ${streams.join(' and ')} streams`;
    super(scope, id, {
      entry,
      context,
      impact: `${entry.name} fails on ${what}: they wait for its next try.`,
    });
    const impact = `${entry.name} never took some ${what}: they wait for the sweep, and for somebody to look why.`;
    const parked = new ParkingQueue(this, 'Parked', { context, impact });
    const queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.millis(lifetimeOf(entry).toMilliseconds() * visibilityLives),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: parked, maxReceiveCount: deliveriesMax },
    });
    new Rule(this, 'Rule', {
      eventBus: context.bus,
      description: `${what} for ${entry.name}`,
      eventPattern: {
        source: [busSource],
        detailType: [...streams],
        detail: { cell: [context.settings.cell] },
      },
      targets: [
        new SqsQueue(queue, { deadLetterQueue: parked, maxEventAge: Duration.hours(24), retryAttempts: 185 }),
      ],
    });
    this.#follow(queue);
    new ImpactAlarm(this, 'Late', {
      metric: queue.metricApproximateAgeOfOldestMessage(everyMinute),
      threshold: lateSeconds,
      minutes: 3,
      impact: `${entry.name} is more than ${lateSeconds} seconds behind ${what}.`,
      topic: context.alarms,
    });
  }

  #follow(queue: Queue): void {
    this.may(
      allow(
        'TakeFromOwnQueue',
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
        [queue.queueArn],
      ),
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: this.lambda,
      eventSourceArn: queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
    });
    mapping.node.addDependency(this.role);
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination': 'For a queue it is the queue that gives messages up.',
    });
  }
}
