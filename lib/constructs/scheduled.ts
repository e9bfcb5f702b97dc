import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { FunctionEntry, Trigger } from '../../functions/manifest.ts';
import { acknowledge } from './acknowledge.ts';
import type { CellContext } from './cell-context.ts';
import { CellFunction } from './cell-function.ts';
import { ImpactAlarm } from './impact-alarm.ts';
import { ParkingQueue } from './parking-queue.ts';

type ByTheClock = Extract<Trigger, { readonly kind: 'schedule' }>;

export interface ScheduledProps {
  readonly entry: FunctionEntry;
  readonly trigger: ByTheClock;
  readonly context: CellContext;
}

const silentRounds = 5;
const dayMinutes = 24 * 60;
/** A round of the day that comes later than this is left to the next one, or to somebody. */
const lateMinutesMax = 60;
/** CloudWatch looks back over more than a day only by the hour: two beyond the day, so that a late round is none that is missing. */
const silentHours = 26;

/** A function that is woken by the clock. A round that was missed is not repeated: the next one does its work. */
export class Scheduled extends CellFunction {
  constructor(scope: Construct, id: string, { entry, trigger, context }: ScheduledProps) {
    const { everyMinutes } = trigger;
    const isDaily = everyMinutes === dayMinutes;
    const impact = `Rounds of ${entry.name} fail: what they do is late.`;
    super(scope, id, {
      entry,
      context,
      impact,
      // Of a round in five minutes or more there are never several bad minutes among five.
      ...(everyMinutes > 1 && { ringsAtOnce: true }),
      // It is long, and AWS may wake it twice: the second waits until the first is over.
      ...(isDaily && { concurrencyMax: 1 }),
    });
    const parked = new ParkingQueue(this, 'Missed', {
      context,
      impact: `Rounds of ${entry.name} were never begun.`,
    });
    const maxEventAge = Duration.minutes(Math.min(everyMinutes, lateMinutesMax));
    this.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
    acknowledge(this.lambda, {
      'Serverless-LambdaAsyncFailureDestination':
        'The next round does the work of one that failed; that it failed rings by itself.',
    });
    new Rule(this, 'Rule', {
      description: `Wakes ${entry.name}`,
      schedule: scheduleOf(trigger),
      targets: [new LambdaTarget(this.lambda, { deadLetterQueue: parked, retryAttempts: 0, maxEventAge })],
    });
    new ImpactAlarm(this, 'Silent', {
      metric: this.lambda.metricInvocations({ period: isDaily ? Duration.hours(1) : Duration.minutes(1) }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      ...(isDaily ? { hours: silentHours } : { minutes: silentRounds * everyMinutes }),
      silenceIsBad: true,
      impact: `${entry.name} is not woken any more.`,
      topic: context.alarms,
    });
  }
}

function scheduleOf({ everyMinutes, atHour }: ByTheClock): Schedule {
  return atHour === undefined
    ? Schedule.rate(Duration.minutes(everyMinutes))
    : Schedule.cron({ hour: String(atHour), minute: '0' });
}
