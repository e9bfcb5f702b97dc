import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { FunctionEntry } from '../../functions/manifest.ts';
import { acknowledge } from './acknowledge.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';
import { everyMinute, ImpactAlarm } from './impact-alarm.ts';
import { ParkingQueue } from './parking-queue.ts';

export interface ScheduledProps {
  readonly entry: FunctionEntry;
  readonly everyMinutes: number;
  readonly context: CellContext;
}

const silentRounds = 5;

/** A function that is woken by the clock. A round that was missed is not repeated: the next one does its work. */
export class Scheduled extends CellFunction {
  constructor(scope: Construct, id: string, { entry, everyMinutes, context }: ScheduledProps) {
    const impact = `Rounds of ${entry.name} fail: what they do is late.`;
    // Of a round in five minutes or more there are never several bad minutes among five.
    super(scope, id, { entry, context, impact, ...(everyMinutes > 1 && { ringsAtOnce: true }) });
    const parked = new ParkingQueue(this, 'Missed', {
      context,
      impact: `Rounds of ${entry.name} were never begun.`,
    });
    const age = Duration.minutes(everyMinutes);
    this.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: age });
    acknowledge(this.lambda, {
      'Serverless-LambdaAsyncFailureDestination':
        'The next round does the work of one that failed; that it failed rings by itself.',
    });
    new Rule(this, 'Rule', {
      description: `Wakes ${entry.name}`,
      schedule: Schedule.rate(age),
      targets: [
        new LambdaTarget(this.lambda, { deadLetterQueue: parked, retryAttempts: 0, maxEventAge: age }),
      ],
    });
    new ImpactAlarm(this, 'Silent', {
      metric: this.lambda.metricInvocations(everyMinute),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      minutes: silentRounds * everyMinutes,
      silenceIsBad: true,
      impact: `${entry.name} is not woken any more.`,
      topic: context.alarms,
    });
  }
}
