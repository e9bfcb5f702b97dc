import type { Clock } from '../clock/clock.ts';
import {
  type LabelsOf,
  type MetricEntry,
  type MetricName,
  metricList,
  metricsNamespace,
  type NameOf,
} from './metric-list.ts';
import type { Counter, Histogram, Metrics } from './metrics.ts';
import type { Labels } from './metrics-registry.ts';

/** CloudWatch takes at most so many values of one metric in one line. */
const valuesMax = 100;
/** Series of one invocation; what is more is not said. */
const seriesMax = 200;

const units: Readonly<Record<MetricEntry['unit'], string>> = {
  count: 'Count',
  milliseconds: 'Milliseconds',
  seconds: 'Seconds',
  bytes: 'Bytes',
};

interface Series {
  readonly name: MetricName;
  readonly labels: Labels;
  readonly values: number[];
}

/**
 * The metrics of a Lambda function as lines of its log in CloudWatch's embedded metric format: no call, no agent. `flush` after
 * every invocation, before the process is frozen. Gauges are of processes that are there to be asked; here they are not kept.
 */
export class EmbeddedMetrics implements Metrics {
  readonly #write: (line: string) => void;
  readonly #clock: Clock;
  readonly #series = new Map<string, Series>();

  constructor(write: (line: string) => void, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  counter<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>): Counter {
    return {
      add: (amount = 1) => {
        const values = this.#valuesOf(name, labels);
        values[0] = (values[0] ?? 0) + amount;
      },
    };
  }

  histogram<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>): Histogram {
    return {
      record: (value) => {
        const values = this.#valuesOf(name, labels);
        if (values.push(value) >= valuesMax) this.flush();
      },
    };
  }

  gauge(): void {
    // Nobody asks a function that is frozen between two calls.
  }

  /** One line for each name and labels that something was counted of. */
  flush(): void {
    const timestamp = Math.floor(this.#clock.now() / 1000);
    const lines = [...this.#series.values()].map((series) => lineOf(series, timestamp));
    this.#series.clear();
    for (const line of lines) this.#write(line);
  }

  #valuesOf(name: MetricName, labels: Labels): number[] {
    const key = name + JSON.stringify(labels);
    const found = this.#series.get(key);
    if (found) return found.values;
    const series = { name, labels, values: [] };
    if (this.#series.size < seriesMax) this.#series.set(key, series);
    return series.values;
  }
}

function lineOf({ name, labels, values }: Series, timestamp: number): string {
  const [first = 0] = values;
  const unit = units[metricList[name].unit];
  return JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [Object.keys(labels)],
          Metrics: [{ Name: name, Unit: unit }],
        },
      ],
    },
    ...labels,
    [name]: values.length > 1 ? values : first,
  });
}
