import { writeFileSync } from 'node:fs';
import { GCProfiler, getHeapStatistics } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import type { Collections } from './collections.ts';

/**
 * Loaded into a cell with `--import`: at each SIGUSR2 it writes to `ORDERCELL_GC_FILE` what was collected in the thread that takes
 * orders since the one before. The heap grows between two collections by what was allocated.
 */
const file = process.env['ORDERCELL_GC_FILE'];
if (isMainThread && file !== undefined) record(file);

function record(to: string): void {
  let [profiler, usedBytes] = started();
  process.on('SIGUSR2', () => {
    const { statistics } = profiler.stop();
    let allocatedBytes = 0;
    let after = usedBytes;
    for (const { beforeGC, afterGC } of statistics) {
      allocatedBytes += beforeGC.heapStatistics.usedHeapSize - after;
      after = afterGC.heapStatistics.usedHeapSize;
    }
    allocatedBytes += getHeapStatistics().used_heap_size - after;
    const collections: Collections = {
      pauses: statistics.map(({ gcType, cost }) => ({ isMajor: gcType !== 'Scavenge', ms: cost / 1_000 })),
      allocatedBytes,
    };
    writeFileSync(to, JSON.stringify(collections));
    [profiler, usedBytes] = started();
  });
}

function started(): [GCProfiler, number] {
  const profiler = new GCProfiler();
  profiler.start();
  return [profiler, getHeapStatistics().used_heap_size];
}
