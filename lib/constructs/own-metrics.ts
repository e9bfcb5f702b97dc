import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type metricList, type MetricName, metricsNamespace } from '../../platform/telemetry/metric-list.ts';
import { everyMinute } from './impact-alarm.ts';

/** What functions counted of it in a minute, where it has no labels. */
export function countOf(metricName: MetricName): Metric {
  return new Metric({ ...everyMinute, namespace: metricsNamespace, metricName, statistic: Stats.SUM });
}

/** Where CloudWatch finds all series of a metric. It takes those that have just these labels, so all of its labels have to be named. */
export function seriesOf<Name extends MetricName>(
  name: Name,
  ...labels: readonly (typeof metricList)[Name]['labels'][number][]
): string {
  return `{${[metricsNamespace, ...labels].join()}} MetricName="${name}"`;
}
