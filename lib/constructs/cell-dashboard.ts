import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type FunctionEntry, manifest } from '../../functions/manifest.ts';
import type { CellSettings } from '../settings.ts';
import type { CellStack } from '../stacks/cell.ts';
import { everyMinute } from './impact-alarm.ts';
import { countOf, seriesOf } from './own-metrics.ts';

export interface CellDashboardProps {
  readonly settings: CellSettings;
  readonly cell: CellStack;
}

/** Lines of a graph that has one for each route, or for each function. */
const linesMax = 10;

/** What a person looks at first: the whole door, then which route, then what there is no room for, then who is behind. */
export class CellDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { settings, cell }: CellDashboardProps) {
    super(scope, id, { dashboardName: `ordercell-${settings.cell}`, defaultInterval: Duration.hours(3) });
    this.addWidgets(new TextWidget({ markdown: `# Ordercell ${settings.cell}`, width: 24, height: 1 }));
    this.addWidgets(...requestWidgets(cell));
    this.addWidgets(...routeWidgets());
    this.addWidgets(...saturationWidgets(cell));
    this.addWidgets(...deliveryWidgets(cell));
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

/** As functions count them, so also of what has an address beside the API. */
function routeWidgets(): readonly GraphWidget[] {
  const answers = seriesOf('requests', 'route', 'outcome');
  return [
    graph('Requests a minute: the busiest routes', [most(answers, Stats.SUM)]),
    graph('Failed or busy: which routes', [most(`${answers} outcome=("failed" OR "busy")`, Stats.SUM)]),
    graph('99 of 100 answered within, ms: the slowest routes', [
      most(seriesOf('request_duration', 'route'), 'p99'),
    ]),
  ];
}

/** What there may soon be no room for. */
function saturationWidgets({ functions }: CellStack): readonly GraphWidget[] {
  const ofFunctions = (metric: string) => `{AWS/Lambda,FunctionName} MetricName="${metric}" ordercell`;
  const waiting = [...functions].flatMap(([label, { node }]) => {
    const queue = node.tryFindChild('Queue');
    return queue instanceof Queue
      ? [queue.metricApproximateAgeOfOldestMessage({ ...everyMinute, label })]
      : [];
  });
  return [
    graph('Calls at once: the busiest functions, and all there are', [
      most(ofFunctions('ConcurrentExecutions'), Stats.MAXIMUM),
      LambdaFunction.metricAllConcurrentExecutions({ ...everyMinute, label: 'all of the region' }),
    ]),
    graph('Turned away for want of room: functions and tables', [
      most(ofFunctions('Throttles'), Stats.SUM),
      most('{AWS/DynamoDB,TableName,Operation} MetricName="ThrottledRequests" ordercell', Stats.SUM),
    ]),
    graph('Oldest message that waits for each subscriber, seconds', waiting),
  ];
}

function deliveryWidgets({ functions }: CellStack): readonly GraphWidget[] {
  const entries: readonly FunctionEntry[] = manifest;
  const readers = entries.filter(({ trigger }) => trigger.kind === 'feed' || trigger.kind === 'account-feed');
  const ages = readers.flatMap(({ name: label }) => {
    const lambda = functions.get(label)?.lambda;
    return lambda ? [lambda.metric('IteratorAge', { ...everyMinute, statistic: Stats.MAXIMUM, label })] : [];
  });
  return [
    graph('How late readers of change feeds are, ms', ages),
    graph('Failed batches of consumers, failed rounds, gaps that were swept', [
      searched(seriesOf('consumer_failures', 'consumer'), Stats.SUM),
      countOf('schedule_failures'),
      countOf('commits_swept'),
    ]),
    graph('What must not be: changes of the log, commits put aside, quarantine, differences', [
      countOf('log_tampering'),
      countOf('commits_parked'),
      countOf('quarantines'),
      countOf('reconcile_differences'),
      countOf('reconcile_unfinished'),
    ]),
  ];
}

function searched(what: string, statistic: string): IMetric {
  return expressed(`SEARCH('${what}', '${statistic}')`);
}

/** Only the largest: of more lines nobody reads one. */
function most(what: string, statistic: string): IMetric {
  return expressed(`SORT(SEARCH('${what}', '${statistic}'), MAX, DESC, ${linesMax})`);
}

function expressed(expression: string): IMetric {
  return new MathExpression({ ...everyMinute, expression, usingMetrics: {}, label: '' });
}

function graph(title: string, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: 8, height: 6 });
}
