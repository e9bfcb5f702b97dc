import { type ConfigRecordParts, composeConfigRecord } from '../functions/compose-hot-config.ts';
import { deadlineIn, defaultCallMs } from '../platform/deadline/deadline.ts';
import { ConfigFile } from '../platform/hot-config/config-file.ts';
import { FileConfig } from '../platform/hot-config/file-config.ts';
import { LogConfig } from '../platform/hot-config/log-config.ts';
import { refuseBadConfigFile } from './config-file-unusable.ts';
import type { StoreChoice } from './stores.ts';

/**
 * The embedded cell's own source of configs: a file where there is a data folder, its record where there is none. Throws
 * `ConfigFileUnusable`.
 */
export async function openHotConfig(choice: StoreChoice, seed: unknown, parts: ConfigRecordParts) {
  const record = composeConfigRecord(parts);
  const options = {
    record,
    clock: parts.clock,
    seed,
    onFailure: (error: unknown) => parts.log.error('the config is the last good one', error),
  };
  if (choice.kind !== 'sqlite') return new LogConfig(options);
  const { kind } = await record.head(deadlineIn(defaultCallMs, parts.clock));
  if (kind === 'none') await refuseBadConfigFile(choice.folder);
  return new FileConfig({ ...options, file: new ConfigFile(choice.folder) });
}
