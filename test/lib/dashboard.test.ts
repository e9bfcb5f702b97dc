import { expect, test } from 'vitest';
import { type FunctionEntry, manifest } from '../../functions/manifest.ts';
import { type MetricEntry, metricList } from '../../platform/telemetry/metric-list.ts';
import { standingCell } from './support/standing-cell.ts';
import { resourcesOf } from './support/templates.ts';

const { observability } = standingCell();
const entries: readonly FunctionEntry[] = manifest;
const known: Readonly<Record<string, MetricEntry>> = metricList;

interface Widget {
  readonly title: string;
  readonly metrics: readonly (readonly unknown[])[];
}

/** With the values of other stacks by name: what is asked here is which metrics are shown. */
function widgets(): readonly Widget[] {
  const [dashboard] = resourcesOf(observability, 'AWS::CloudWatch::Dashboard');
  const pieces: readonly unknown[] = dashboard?.Properties['DashboardBody']['Fn::Join'][1];
  const body = JSON.parse(pieces.map((piece) => (typeof piece === 'string' ? piece : 'elsewhere')).join(''));
  return body.widgets
    .map(({ properties }: { readonly properties: Widget }) => properties)
    .filter(({ metrics }: Partial<Widget>) => metrics !== undefined);
}

const shown = widgets();
const metricsOf = (title: string) => shown.find((widget) => widget.title === title)?.metrics ?? [];
const searchesOf = (title: string) =>
  metricsOf(title).flatMap(([one]) => String(Object(one).expression ?? []));
const labelsOf = (title: string, metric: string) =>
  metricsOf(title)
    .filter(([, name]) => name === metric)
    .map((parts) => Object(parts.at(-1)).label);

test('the dashboard is few graphs, each with a title and something in it', () => {
  expect(shown).toHaveLength(12);
  for (const { title, metrics } of shown) expect([title, metrics.length > 0]).toEqual([title, true]);
});

test('it shows for each route how much is asked, what fails, and how long answers take', () => {
  expect(searchesOf('Requests a minute: the busiest routes')).toEqual([
    `SORT(SEARCH('{Ordercell,route,outcome} MetricName="requests"', 'Sum'), MAX, DESC, 10)`,
  ]);
  expect(searchesOf('Failed or busy: which routes')).toEqual([
    `SORT(SEARCH('{Ordercell,route,outcome} MetricName="requests" outcome=("failed" OR "busy")', 'Sum'), MAX, DESC, 10)`,
  ]);
  expect(searchesOf('99 of 100 answered within, ms: the slowest routes')).toEqual([
    `SORT(SEARCH('{Ordercell,route} MetricName="request_duration"', 'p99'), MAX, DESC, 10)`,
  ]);
});

test('a search for numbers of ours names all their labels: with fewer it would find nothing', () => {
  const searches = shown
    .flatMap(({ title }) => searchesOf(title))
    .filter((one) => one.includes('{Ordercell'));
  expect(searches).toHaveLength(4);
  for (const search of searches) {
    const [, labels = '', name = ''] = search.match(/\{Ordercell,([\w,]+)\} MetricName="(\w+)"/) ?? [];
    expect([name, labels.split(',')]).toEqual([name, known[name]?.labels]);
  }
});

test('it shows what there may soon be no room for: calls at once, calls turned away, messages that wait', () => {
  const [functions = ''] = searchesOf('Calls at once: the busiest functions, and all there are');
  expect(functions).toContain('{AWS/Lambda,FunctionName} MetricName="ConcurrentExecutions"');
  const turnedAway = searchesOf('Turned away for want of room: functions and tables').join();
  expect(turnedAway).toContain('{AWS/Lambda,FunctionName} MetricName="Throttles"');
  expect(turnedAway).toContain('{AWS/DynamoDB,TableName,Operation} MetricName="ThrottledRequests"');
  const subscribers = entries.filter(({ trigger }) => trigger.kind === 'bus').map(({ name }) => name);
  const waiting = 'Oldest message that waits for each subscriber, seconds';
  expect(labelsOf(waiting, 'ApproximateAgeOfOldestMessage')).toEqual(subscribers);
});

test('it shows how late every reader of a change feed is', () => {
  const readers = entries.filter(({ trigger }) => ['feed', 'account-feed'].includes(trigger.kind));
  expect(readers.length).toBeGreaterThan(1);
  expect(new Set(labelsOf('How late readers of change feeds are, ms', 'IteratorAge'))).toEqual(
    new Set(readers.map(({ name }) => name)),
  );
});

test('it shows every number that rings', () => {
  const rung = resourcesOf(observability, 'AWS::CloudWatch::Alarm').filter(
    ({ Properties }) => Properties['Namespace'] === 'Ordercell',
  );
  const names = shown.flatMap(({ metrics }) => metrics.map(([, name]) => name));
  for (const { Properties } of rung) expect(names).toContain(Properties['MetricName']);
});
