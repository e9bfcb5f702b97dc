import { Duration, type Environment, Stack } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metricsNamespace } from '../../platform/telemetry/metric-list.ts';
import { everyMinute, ImpactAlarm } from '../constructs/impact-alarm.ts';
import type { CellSettings } from '../settings.ts';
import type { CellStack } from './cell.ts';

export interface ObservabilityStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly cell: CellStack;
}

/** What clients are promised: 99.5 % of requests do not fail for a reason of ours, 99 % are answered within 200 ms. */
const failedAllowed = 0.005;
const slowMs = 200;

/**
 * How fast a month's allowance is used up (Google's SRE workbook, chapter 5): at 14.4 times the pace it is gone in two days, at 6 times
 * in five.
 */
const burns = [
  { id: 'Fast', pace: 14.4, minutes: 60 },
  { id: 'Slow', pace: 6, minutes: 360 },
] as const;

/** What a person looks at, and the promises to clients as alarms. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, cell }: ObservabilityStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: dashboard and promises` });
    this.#promises(cell);
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: `ordercell-${settings.cell}`,
      defaultInterval: Duration.hours(3),
    });
    dashboard.addWidgets(new TextWidget({ markdown: `# Ordercell ${settings.cell}`, width: 24, height: 1 }));
    dashboard.addWidgets(...requestWidgets(cell));
    dashboard.addWidgets(...deliveryWidgets(cell));
  }

  #promises({ door, alarms: topic }: CellStack): void {
    for (const { id, pace, minutes } of burns) {
      const period = Duration.minutes(minutes);
      new ImpactAlarm(this, `Burning${id}`, {
        metric: door.api.metricServerError({ period, statistic: Stats.AVERAGE }),
        threshold: pace * failedAllowed,
        impact: `Requests fail at ${pace} times the pace that clients are promised.`,
        topic,
      });
    }
    new ImpactAlarm(this, 'Slow', {
      metric: door.api.metricLatency({ period: Duration.minutes(5), statistic: Stats.percentile(99) }),
      threshold: slowMs,
      minutes: 3,
      impact: `One request in a hundred takes longer than the ${slowMs} ms that clients are promised.`,
      topic,
    });
  }
}

function requestWidgets({ door }: CellStack): readonly GraphWidget[] {
  const { api } = door;
  const latency = ['p50', 'p99'].map((statistic) => api.metricLatency({ ...everyMinute, statistic }));
  return [
    graph('Requests a minute', [api.metricCount(everyMinute)]),
    graph('Refused and failed', [
      api.metricClientError({ ...everyMinute, statistic: Stats.SUM }),
      api.metricServerError({ ...everyMinute, statistic: Stats.SUM }),
    ]),
    graph('From the door to the answer, ms', latency),
  ];
}

function deliveryWidgets({ functions }: CellStack): readonly GraphWidget[] {
  const relay = functions.get('relay')?.lambda;
  const age = relay ? [relay.metric('IteratorAge', { ...everyMinute, statistic: Stats.MAXIMUM })] : [];
  const tampering = new Metric({
    ...everyMinute,
    namespace: metricsNamespace,
    metricName: 'log_tampering',
    statistic: Stats.SUM,
  });
  return [
    graph('How late commits reach the bus, ms', age),
    graph('Failed batches of consumers', [search('consumer_failures', 'consumer')]),
    graph('Changes of the log that must not be', [tampering]),
  ];
}

function search(name: string, label: string): IMetric {
  return new MathExpression({
    ...everyMinute,
    expression: `SEARCH('{${metricsNamespace},${label}} MetricName="${name}"', 'Sum')`,
    usingMetrics: {},
    label: '',
  });
}

function graph(title: string, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: 8, height: 6 });
}
