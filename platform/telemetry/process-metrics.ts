import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Clock } from '../clock/clock.ts';
import type { Metrics } from './metrics.ts';

const probeMs = 20;

const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak-callbacks',
};

/** Watches the process itself: event loop, garbage collection, memory. Returns how to stop. */
export function watchProcess(metrics: Metrics, clock: Clock): () => void {
  const startedMs = clock.monotonicMs();
  const stops = [watchEventLoop(metrics), watchCollections(metrics)];
  metrics.gauge('heap_used_bytes', {}, () => process.memoryUsage().heapUsed);
  metrics.gauge('heap_limit_bytes', {}, () => getHeapStatistics().heap_size_limit);
  metrics.gauge('resident_bytes', {}, () => process.memoryUsage.rss());
  metrics.gauge('uptime', {}, () => (clock.monotonicMs() - startedMs) / 1000);
  return () => {
    for (const stop of stops) stop();
  };
}

/** How much later than asked a timer came, the worst of each second: Node counts all of them, outside JavaScript. */
function watchEventLoop(metrics: Metrics): () => void {
  const late = metrics.histogram('event_loop_delay', {});
  const monitor = monitorEventLoopDelay({ resolution: probeMs });
  monitor.enable();
  const timer = setInterval(() => {
    if (monitor.count > 0) late.record(Math.max(0, monitor.max / 1e6 - probeMs));
    monitor.reset();
  }, 1_000);
  timer.unref();
  return () => {
    clearInterval(timer);
    monitor.disable();
  };
}

function watchCollections(metrics: Metrics): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      metrics.histogram('gc_pause', { kind: kindOf(entry) }).record(entry.duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

function kindOf(entry: object): string {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  if (typeof detail !== 'object' || detail === null || !('kind' in detail)) return 'other';
  return (typeof detail.kind === 'number' && gcKinds[detail.kind]) || 'other';
}
