import type { Clock } from '../clock/clock.ts';
import { type LabelsOf, type MetricName, metricList, type NameOf } from './metric-list.ts';
import type { Counter, GaugeReader, Histogram, Metrics } from './metrics.ts';
import { type Spread, TimingSeries } from './timing-series.ts';

export type Labels = Readonly<Record<string, string>>;

/** One number, or one spread of numbers, as it is now. */
export interface Sample {
  readonly name: MetricName;
  readonly labels: Labels;
  readonly value: number | Spread;
}

/** Label values come from closed lists, so this is never met; a fault of ours must not fill the memory. */
const seriesMax = 500;

class CountSeries implements Counter {
  value = 0;
  add(amount = 1): void {
    this.value += amount;
  }
}

interface Kept<Series> {
  readonly labels: Labels;
  readonly series: Series;
}

type Family<Series> = Map<MetricName, Map<string, Kept<Series>>>;

/** The metrics of one process that is there to be asked. */
export class MetricsRegistry implements Metrics {
  readonly #clock: Clock;
  readonly #onFailure: (metric: MetricName, error: unknown) => void;
  readonly #counters: Family<CountSeries> = new Map();
  readonly #histograms: Family<TimingSeries> = new Map();
  readonly #gauges: Family<GaugeReader> = new Map();

  /** `onFailure` is told which gauge could not be read. Must not throw. */
  constructor(clock: Clock, onFailure: (metric: MetricName, error: unknown) => void = () => undefined) {
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  counter<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>): Counter {
    return kept(this.#counters, name, labels, () => new CountSeries());
  }

  histogram<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>): Histogram {
    return kept(this.#histograms, name, labels, () => new TimingSeries(this.#clock.monotonicMs()));
  }

  gauge<Name extends NameOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, read: GaugeReader): void {
    this.#gauges.get(name)?.delete(keyOf(labels));
    kept(this.#gauges, name, labels, () => read);
  }

  /** Everything there is. A gauge that cannot be read is left out and counted. */
  async collect(): Promise<readonly Sample[]> {
    const gauges = await Promise.all(all(this.#gauges).map((gauge) => this.#read(gauge)));
    const nowMs = this.#clock.monotonicMs();
    return [
      ...all(this.#counters).map(({ name, labels, series }) => ({ name, labels, value: series.value })),
      ...all(this.#histograms).map(({ name, labels, series }) => ({
        name,
        labels,
        value: series.spread(nowMs),
      })),
      ...gauges.flat(),
    ];
  }

  async #read({ name, labels, series: read }: Kept<GaugeReader> & { readonly name: MetricName }) {
    try {
      const value = await read();
      return value === undefined ? [] : [{ name, labels, value }];
    } catch (error) {
      this.counter('metric_failures', { metric: name }).add();
      this.#onFailure(name, error);
      return [];
    }
  }
}

function kept<Series>(family: Family<Series>, name: MetricName, given: Labels, make: () => Series): Series {
  const known = family.get(name) ?? new Map<string, Kept<Series>>();
  family.set(name, known);
  const found = known.get(keyOf(given));
  if (found) return found.series;
  const labels = known.size < seriesMax ? given : others(name);
  const overflow = known.get(keyOf(labels));
  if (overflow) return overflow.series;
  const series = make();
  known.set(keyOf(labels), { labels, series });
  return series;
}

function all<Series>(family: Family<Series>) {
  return [...family].flatMap(([name, series]) => [...series.values()].map((one) => ({ ...one, name })));
}

function keyOf(labels: Labels): string {
  return JSON.stringify(labels);
}

function others(name: MetricName): Labels {
  return Object.fromEntries(metricList[name].labels.map((label) => [label, 'other']));
}
