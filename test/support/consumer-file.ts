import { SqliteConsumerFile } from '../../platform/consumer/sqlite-file.ts';
import { SqliteLog } from '../../platform/event-store/sqlite-log.ts';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';

export interface OpenFolder {
  readonly store: SqliteEventStore;
  readonly log: SqliteLog;
  readonly file: SqliteConsumerFile;
  readonly close: () => Promise<void>;
}

/** A data folder with its log and the consumers' file, each on a connection of its own. */
export function openFolder(folder: string): OpenFolder {
  const store = new SqliteEventStore(folder);
  const log = new SqliteLog(folder);
  const file = SqliteConsumerFile.open(folder, log);
  const close = async () => {
    file.close();
    log.close();
    await store.close();
  };
  return { store, log, file, close };
}
