import { statfs, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { consumerFile } from '../consumer/sqlite-file.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { databaseFiles } from './data-folder.ts';
import { StoreFull } from './errors.ts';
import type { SqliteEventStore } from './sqlite.ts';

/** What an operator sees of a data folder: its transactions, its files, its disk. */
export function watchStore(metrics: Metrics, store: SqliteEventStore): void {
  const jobs = metrics.histogram('group_commit_jobs', {});
  const duration = metrics.histogram('group_commit_duration', {});
  const full = metrics.counter('group_commit_failures', { cause: 'full' });
  const others = metrics.counter('group_commit_failures', { cause: 'other' });
  store.onGroup((report) => {
    jobs.record(report.jobs);
    duration.record(report.durationMs);
    if (report.failure) (report.failure instanceof StoreFull ? full : others).add();
  });
  metrics.gauge('store_full', {}, () => (store.hasRoom ? 0 : 1));
  for (const file of [...databaseFiles, consumerFile])
    metrics.gauge('store_bytes', { file }, () => sizeOf(join(store.folder, file)));
  metrics.gauge('store_free_bytes', {}, async () => {
    const { bavail, bsize } = await statfs(store.folder);
    return bavail * bsize;
  });
}

/** Undefined while there is no such file: SQLite makes some of them when it needs them. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
