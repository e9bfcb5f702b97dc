import { type ConfigRecordParts, composeConfigRecord } from '../functions/compose-hot-config.ts';
import { ConfigFile } from '../platform/hot-config/config-file.ts';
import { FileConfig } from '../platform/hot-config/file-config.ts';
import { LogConfig } from '../platform/hot-config/log-config.ts';
import type { StoreChoice } from './stores.ts';

/** The embedded cell's own source of configs: a file where there is a data folder, its record where there is none. */
export function openHotConfig(choice: StoreChoice, seed: unknown, parts: ConfigRecordParts) {
  const options = {
    record: composeConfigRecord(parts),
    clock: parts.clock,
    seed,
    onFailure: (error: unknown) => parts.log.error('the config is the last good one', error),
  };
  if (choice.kind !== 'sqlite') return new LogConfig(options);
  return new FileConfig({ ...options, file: new ConfigFile(choice.folder) });
}
