import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import { entriesPrefix } from '../../platform/account-feed/names.ts';
import { viewsKey } from '../../platform/views/tables.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './allow.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';
import { everyMinute, ImpactAlarm } from './impact-alarm.ts';
import { feedStatements } from './rights.ts';

export interface AccountFeedConsumerProps {
  readonly entry: FunctionEntry;
  readonly recordsMax: number;
  readonly context: CellContext;
}

/** News of orders is worth telling for a while; who missed it asks by number. */
const recordAgeMax = Duration.hours(1);
const lateMs = 60_000;

/** A function that is woken by new entries of accounts' feeds, in the order of each, and by whoever begins to listen to one. */
export class AccountFeedConsumer extends CellFunction {
  constructor(scope: Construct, id: string, { entry, recordsMax, context }: AccountFeedConsumerProps) {
    super(scope, id, {
      entry,
      context,
      impact: 'Clients who follow their orders by WebSocket hear nothing until it works again.',
    });
    const { views } = context.data;
    this.may(...feedStatements(views, 'Views'), allow('ListFeeds', ['dynamodb:ListStreams'], ['*']));
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: this.lambda,
      eventSourceArn: views.tableStreamArn,
      // What was before somebody listened is not told.
      startingPosition: StartingPosition.LATEST,
      batchSize: recordsMax,
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      maxRecordAge: recordAgeMax,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { [viewsKey.partition]: { S: FilterRule.beginsWith(entriesPrefix) } } },
        }),
      ],
    });
    mapping.node.addDependency(this.role);
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'A record only says that there is something to tell: the next one makes up for it, and nothing is kept of one that is too old.',
    });
    new ImpactAlarm(this, 'Late', {
      metric: this.lambda.metric('IteratorAge', { ...everyMinute, statistic: Stats.MAXIMUM }),
      threshold: lateMs,
      minutes: 3,
      impact: 'Clients who follow their orders by WebSocket hear of them more than a minute late.',
      topic: context.alarms,
    });
  }
}
