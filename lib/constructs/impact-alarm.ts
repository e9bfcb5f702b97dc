import { Duration } from 'aws-cdk-lib';
import { Alarm, type ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface ImpactAlarmProps {
  readonly metric: IMetric;
  readonly threshold: number;
  /** Who suffers what, in a sentence: it is what a person reads at three in the morning. */
  readonly impact: string;
  readonly minutes?: number;
  /** Instead of minutes: of a metric that is counted by the hour. */
  readonly hours?: number;
  /** Of those minutes, how many must be bad. All, unless said. */
  readonly badMinutes?: number;
  readonly comparison?: ComparisonOperator;
  /** Where silence itself is the fault. */
  readonly silenceIsBad?: boolean;
  readonly topic: ITopic;
}

/** What does not come by the day is looked at once a minute. No data is no trouble, unless silence is. */
export const everyMinute = { period: Duration.minutes(1) } as const;

export class ImpactAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: ImpactAlarmProps) {
    const { metric, threshold, impact, hours, minutes = 1, badMinutes = minutes, comparison, topic } = props;
    super(scope, id, {
      metric,
      threshold,
      alarmDescription: impact,
      evaluationPeriods: hours ?? minutes,
      datapointsToAlarm: hours ?? badMinutes,
      treatMissingData: props.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      ...(comparison && { comparisonOperator: comparison }),
    });
    this.addAlarmAction(new SnsAction(topic));
  }
}
