import { describe, expect, test } from 'vitest';
import { measuredDelivery, watchConsumer } from '../../../platform/telemetry/consumer-metrics.ts';
import { EmbeddedMetrics } from '../../../platform/telemetry/embedded-metrics.ts';
import { metricList } from '../../../platform/telemetry/metric-list.ts';
import { MetricsRegistry } from '../../../platform/telemetry/metrics-registry.ts';
import { watchProcess } from '../../../platform/telemetry/process-metrics.ts';
import { prometheusText } from '../../../platform/telemetry/prometheus-text.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { SettableClock } from '../../support/settable-clock.ts';

const clock = new SettableClock('2026-11-23T15:00:00Z');

describe('the text that Prometheus reads', () => {
  test('has counters as totals and durations in seconds, with help and type once for each name', async () => {
    const metrics = new MetricsRegistry(clock);
    metrics.counter('requests', { route: 'GET /v2/orders', outcome: 'ok' }).add();
    metrics.counter('requests', { route: 'GET /v2/orders', outcome: 'ok' }).add(2);
    metrics.counter('requests', { route: 'GET /v2/orders', outcome: 'busy' }).add();
    metrics.histogram('request_duration', { route: 'GET /v2/orders' }).record(1.5);
    metrics.gauge('store_full', {}, () => 0);
    const text = prometheusText(await metrics.collect());
    expect(text.match(/^# TYPE ordercell_requests_total counter$/gm)).toHaveLength(1);
    expect(text).toContain('ordercell_requests_total{route="GET /v2/orders",outcome="ok"} 3\n');
    expect(text).toContain('ordercell_requests_total{route="GET /v2/orders",outcome="busy"} 1\n');
    expect(text).toContain('# TYPE ordercell_request_duration_seconds summary\n');
    expect(text).toContain('ordercell_request_duration_seconds_sum{route="GET /v2/orders"} 0.0015\n');
    expect(text).toContain('ordercell_request_duration_seconds_count{route="GET /v2/orders"} 1\n');
    expect(text).toContain('ordercell_store_full 0\n');
    expect(text.endsWith('\n')).toBe(true);
  });

  test('escapes what would end a label', async () => {
    const metrics = new MetricsRegistry(clock);
    metrics.counter('refusals', { reason: 'a"b\\c\nd' }).add();
    expect(prometheusText(await metrics.collect())).toContain('{reason="a\\"b\\\\c\\nd"} 1');
  });
});

describe('the metrics of a process', () => {
  test('have quantiles within a hundredth, of the last two minutes at most', async () => {
    let nowMs = 0;
    const metrics = new MetricsRegistry({ ...systemClock, monotonicMs: () => nowMs });
    const histogram = metrics.histogram('request_duration', { route: 'one' });
    const shown = async (quantile: string) => {
      const text = prometheusText(await metrics.collect());
      const [, value = 'absent'] = text.match(new RegExp(`quantile="${quantile}"} (\\S+)`)) ?? [];
      return Number(value);
    };
    for (let ms = 1; ms <= 1_000; ms++) histogram.record(ms);
    expect(Math.abs((await shown('0.5')) - 0.5)).toBeLessThan(0.005);
    expect(Math.abs((await shown('0.99')) - 0.99)).toBeLessThan(0.01);
    nowMs += 60_000;
    await metrics.collect();
    nowMs += 60_000;
    await metrics.collect();
    histogram.record(5);
    expect(Math.abs((await shown('0.99')) - 0.005)).toBeLessThan(0.0001);
    expect(prometheusText(await metrics.collect())).toContain('_count{route="one"} 1001');
  });

  test('leave out and count a gauge that cannot be read, and show the others', async () => {
    const metrics = new MetricsRegistry(clock);
    metrics.gauge('connections', {}, () => Promise.reject(new Error('down')));
    metrics.gauge('requests_in_work', {}, () => 7);
    await metrics.collect();
    const text = prometheusText(await metrics.collect());
    expect(text).not.toContain('ordercell_connections');
    expect(text).toContain('ordercell_requests_in_work 7');
    expect(text).toContain('ordercell_metric_failures_total{metric="connections"} 2');
  });

  test('stay bounded when a label is not', async () => {
    const metrics = new MetricsRegistry(clock);
    for (let n = 0; n < 2_000; n++) metrics.counter('refusals', { reason: `reason-${n}` }).add();
    const samples = await metrics.collect();
    expect(samples.length).toBeLessThan(510);
    expect(samples.reduce((sum, { value }) => sum + Number(value), 0)).toBe(2_000);
  });

  test('say how the event loop, the heap and the process are', async () => {
    const metrics = new MetricsRegistry(clock);
    const stop = watchProcess(metrics, clock);
    const text = prometheusText(await metrics.collect());
    stop();
    for (const name of ['heap_used_bytes', 'heap_limit_bytes', 'resident_bytes', 'uptime_seconds'])
      expect(text).toMatch(new RegExp(`^ordercell_${name} \\d`, 'm'));
  });

  test('of a consumer need one call for how far it is, and one for its batches', async () => {
    const metrics = new MetricsRegistry(clock);
    watchConsumer(metrics, 'views', { lag: async () => ({ commits: 3, ageMs: 1500 }), parked: () => 1 });
    const deliver = measuredDelivery(metrics, clock, 'views', async (applied: number) => {
      if (applied < 0) throw new Error('down');
      return { applied };
    });
    await deliver(4);
    await expect(deliver(-1)).rejects.toThrow('down');
    const text = prometheusText(await metrics.collect());
    expect(text).toContain('ordercell_consumer_behind{consumer="views"} 3');
    expect(text).toContain('ordercell_consumer_behind_age_seconds{consumer="views"} 1.5');
    expect(text).toContain('ordercell_consumer_parked{consumer="views"} 1');
    expect(text).toContain('ordercell_consumer_applied_total{consumer="views"} 4');
    expect(text).toContain('ordercell_consumer_failures_total{consumer="views"} 1');
    expect(text).toContain('ordercell_consumer_batch_duration_seconds_count{consumer="views"} 2');
  });
});

describe('the lines that CloudWatch reads', () => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);

  test('hold name, unit, dimensions and values of what was counted since the last flush', () => {
    const metrics = new EmbeddedMetrics(write, clock);
    const requests = metrics.counter('requests', { route: 'GET /v2/orders', outcome: 'ok' });
    const duration = metrics.histogram('request_duration', { route: 'GET /v2/orders' });
    requests.add();
    requests.add();
    duration.record(1.5);
    duration.record(2.5);
    metrics.flush();
    expect(lines.splice(0)).toEqual([
      {
        _aws: {
          Timestamp: Math.floor(clock.now() / 1000),
          CloudWatchMetrics: [
            {
              Namespace: 'Ordercell',
              Dimensions: [['route', 'outcome']],
              Metrics: [{ Name: 'requests', Unit: 'Count' }],
            },
          ],
        },
        route: 'GET /v2/orders',
        outcome: 'ok',
        requests: 2,
      },
      {
        _aws: {
          Timestamp: Math.floor(clock.now() / 1000),
          CloudWatchMetrics: [
            {
              Namespace: 'Ordercell',
              Dimensions: [['route']],
              Metrics: [{ Name: 'request_duration', Unit: 'Milliseconds' }],
            },
          ],
        },
        route: 'GET /v2/orders',
        request_duration: [1.5, 2.5],
      },
    ]);
    metrics.flush();
    expect(lines).toEqual([]);
  });

  test('never hold more than a hundred values', () => {
    const metrics = new EmbeddedMetrics(write, clock);
    const duration = metrics.histogram('request_duration', { route: 'one' });
    for (let n = 0; n < 250; n++) duration.record(n);
    metrics.flush();
    expect(lines.splice(0).map((line) => (line['request_duration'] as number[]).length)).toEqual([
      100, 100, 50,
    ]);
  });
});

test('no label of the list is a name for one order, account, key or client', () => {
  const labels = new Set<string>(Object.values(metricList).flatMap(({ labels: names }) => [...names]));
  expect([...labels].filter((label) => /id$|account|order|symbol|key|client|stream/i.test(label))).toEqual(
    [],
  );
});
