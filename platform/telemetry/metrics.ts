import type { LabelsOf, NameOf } from './metric-list.ts';

export interface Counter {
  add(amount?: number): void;
}

export interface Histogram {
  /** In the unit of the metric: durations in milliseconds, fractions of them count. */
  record(value: number): void;
}

/**
 * Numbers about the running system, by the names of `metricList`. Ask for a counter or histogram once and keep it: what costs
 * is finding it, not using it. The same name and labels are the same number. Nothing here ever throws.
 */
export interface Metrics {
  counter<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>): Counter;
  histogram<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>): Histogram;
  /** `read` is called when somebody asks; undefined: there is nothing to say now. Registering again replaces. */
  gauge<Name extends NameOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, read: GaugeReader): void;
}

export type GaugeReader = () => number | undefined | Promise<number | undefined>;

const nothing = { add: () => undefined, record: () => undefined };

/** Counts nothing. */
export const noMetrics: Metrics = {
  counter: () => nothing,
  histogram: () => nothing,
  gauge: () => undefined,
};
