import { type MetricEntry, type MetricName, metricList } from './metric-list.ts';
import type { Labels, Sample } from './metrics-registry.ts';

export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** The text format 0.0.4 of Prometheus. Durations are in seconds there, and names end in their unit. */
export function prometheusText(samples: readonly Sample[]): string {
  const byName = Map.groupBy(samples, ({ name }) => name);
  const families = [...byName].map(([name, family]) => familyText(name, family));
  return `${families.join('\n')}\n`;
}

function familyText(name: MetricName, samples: readonly Sample[]): string {
  const entry: MetricEntry = metricList[name];
  const full = prometheusName(name);
  const type = entry.kind === 'histogram' ? 'summary' : entry.kind;
  const lines = samples.flatMap((sample) => sampleLines(full, entry, sample));
  return [`# HELP ${full} ${entry.help}`, `# TYPE ${full} ${type}`, ...lines].join('\n');
}

/** `ordercell_request_duration_seconds` for `request_duration`. */
export function prometheusName(name: MetricName): string {
  const { kind, unit }: MetricEntry = metricList[name];
  const isTime = unit === 'milliseconds' || unit === 'seconds';
  return `ordercell_${name}${isTime ? '_seconds' : ''}${kind === 'counter' ? '_total' : ''}`;
}

function sampleLines(full: string, { unit }: MetricEntry, { labels, value }: Sample): readonly string[] {
  const shown = (number: number) => String(unit === 'milliseconds' ? number / 1000 : number);
  if (typeof value === 'number') return [`${full}${labelText(labels)} ${shown(value)}`];
  return [
    ...value.quantiles.map(
      ([quantile, at]) => `${full}${labelText({ ...labels, quantile: String(quantile) })} ${shown(at)}`,
    ),
    `${full}_sum${labelText(labels)} ${shown(value.sum)}`,
    `${full}_count${labelText(labels)} ${value.count}`,
  ];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
