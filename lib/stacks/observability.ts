import { Duration, type Environment, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { MetricName } from '../../platform/telemetry/metric-list.ts';
import { CellDashboard } from '../constructs/cell-dashboard.ts';
import { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { countOf } from '../constructs/own-metrics.ts';
import type { CellSettings } from '../settings.ts';
import type { CellStack } from './cell.ts';

export interface ObservabilityStackProps {
  readonly env: Environment;
  readonly settings: CellSettings;
  readonly cell: CellStack;
}

/** What clients are promised: 99.5 % of requests do not fail for a reason of ours, 99 % are answered within 200 ms. */
const slowMs = 200;
const slowStatistic = `PR(${slowMs}:)`;

interface Promised {
  readonly id: string;
  /** The share of requests that may miss it, and what CloudWatch's metric has for such a share: 1, or 100 where it counts percent. */
  readonly allowed: number;
  readonly whole: number;
  readonly metric: (period: Duration) => IMetric;
  readonly impact: string;
}

/**
 * How fast a month's allowance is used up (Google's SRE workbook, chapter 5): at 14.4 times the pace it is gone in two days, at 6 times
 * in five. The long window says that it matters, the short one that it goes on: both, or nobody is woken.
 */
const burns = [
  { id: 'Fast', pace: 14.4, minutes: 60, shortMinutes: 5 },
  { id: 'Slow', pace: 6, minutes: 360, shortMinutes: 30 },
] as const;

interface Wrong {
  readonly id: string;
  readonly metric: MetricName;
  readonly impact: string;
  /** Of so many minutes, how many must be bad: where it mends itself once or twice. Else the first one rings. */
  readonly minutes?: number;
  readonly badMinutes?: number;
}

/** What should never be, however many requests are answered meanwhile. */
const wrongs: readonly Wrong[] = [
  {
    id: 'Parked',
    metric: 'commits_parked',
    impact:
      'A consumer put a commit aside: what follows in that stream does not reach its readers until somebody looks.',
  },
  {
    id: 'Gaps',
    metric: 'commits_swept',
    minutes: 60,
    badMinutes: 3,
    impact:
      'In three minutes of the last hour the sweep brought commits that no delivery had: deliveries do not work, and lists, executions and exits are a minute late. A single gap, as a bus or a dying function leaves, is closed by then and wakes nobody.',
  },
  {
    id: 'RoundsFailing',
    metric: 'schedule_failures',
    minutes: 5,
    badMinutes: 3,
    impact:
      'Scheduled functions fail at the same things again and again: gaps stay, or orders go on trading that the calendar, a disconnect, a kill switch or a breach should have ended.',
  },
  {
    id: 'Quarantined',
    metric: 'quarantines',
    impact:
      'A stream contradicts itself and is in quarantine: its order, account or transfer can be neither filled nor canceled until somebody has looked.',
  },
  {
    id: 'Differing',
    metric: 'reconcile_differences',
    impact:
      'A reconciliation found that accounts or books do not hold what the log says: somebody may trade with money or shares that are not there.',
  },
  {
    id: 'NotReconciled',
    metric: 'reconcile_unfinished',
    impact:
      'The log is longer than the daily reconciliation reads in its time: whether accounts hold what it says is not known until somebody reconciles from a machine.',
  },
];

const unusual = { deviations: 3, minutes: 5, of: 6 } as const;

/** What a person looks at, and the promises to clients as alarms. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { env, settings, cell }: ObservabilityStackProps) {
    super(scope, id, { env, description: `Ordercell ${settings.cell}: dashboard and promises` });
    this.#promises(cell);
    this.#correctness(cell);
    this.#volume(cell);
    new CellDashboard(this, 'Dashboard', { settings, cell });
  }

  #promises({ door: { api }, alarms: topic }: CellStack): void {
    const kept: readonly Promised[] = [
      {
        id: 'Burning',
        allowed: 0.005,
        whole: 1,
        metric: (period) => api.metricServerError({ period, statistic: Stats.AVERAGE }),
        impact: 'Requests fail at',
      },
      {
        id: 'TooSlow',
        allowed: 0.01,
        whole: 100,
        metric: (period) => api.metricLatency({ period, statistic: slowStatistic }),
        impact: `Requests take longer than ${slowMs} ms at`,
      },
    ];
    for (const promise of kept) for (const burn of burns) this.#burning(promise, burn, topic);
  }

  #burning(
    promise: Promised,
    { id, pace, minutes, shortMinutes }: (typeof burns)[number],
    topic: ITopic,
  ): void {
    const { allowed, whole, metric, impact } = promise;
    const windows = [minutes, shortMinutes].map(
      (window) =>
        new Alarm(this, `${promise.id}${id}${window}`, {
          metric: metric(Duration.minutes(window)),
          threshold: pace * allowed * whole,
          evaluationPeriods: 1,
          alarmDescription: `Of the last ${window} minutes; wakes nobody by itself.`,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }),
    );
    new CompositeAlarm(this, `${promise.id}${id}`, {
      alarmRule: AlarmRule.allOf(...windows),
      alarmDescription: `${impact} ${pace} times the pace that clients are promised.`,
    }).addAlarmAction(new SnsAction(topic));
  }

  /** That of the log itself, which its reader tells, is in the stack of the cell. */
  #correctness({ alarms: topic }: CellStack): void {
    for (const { id, metric, impact, ...when } of wrongs)
      new ImpactAlarm(this, id, { metric: countOf(metric), threshold: 1, impact, ...when, topic });
  }

  /** More or fewer requests than at this hour of other days: somebody floods the cell, or cannot reach it. */
  #volume({ door: { api }, alarms: topic }: CellStack): void {
    const { deviations, minutes, of } = unusual;
    new AnomalyDetectionAlarm(this, 'UnusualVolume', {
      metric: api.metricCount({ period: Duration.minutes(minutes), statistic: Stats.SUM }),
      stdDevs: deviations,
      evaluationPeriods: of,
      comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Requests have been far more or far fewer than usual for ${minutes * of} minutes: somebody floods the cell, or clients cannot reach it.`,
    }).addAlarmAction(new SnsAction(topic));
  }
}
