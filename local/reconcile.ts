import { DataFolderDamaged, DataFolderUnknown } from '../platform/event-store/data-folder.ts';
import { StoreUnavailable } from '../platform/event-store/errors.ts';
import { reconcile } from '../platform/ledger/reconcile.ts';
import { runCommand } from './command-line.ts';
import { DataFolderBusy, NoDataFolder } from './data-folder-copy.ts';
import { withStore } from './opened-store.ts';
import { reconciliationText } from './reconcile-text.ts';
import { readStoreOptions } from './store-options.ts';

const usage = `Replays every stream and compares what accounts hold with what the log says they must.

  npm run reconcile -- [options]

  --data FOLDER         the cell's folder (default ./data); a running cell is read from a copy of this moment
  --store KIND          sqlite (default) or dynamodb
  --endpoint URL        with --store dynamodb: where it is, e.g. http://127.0.0.1:8000
  --help                this text

Ends with 0 when nothing differs, 1 when something does, 2 when it could not be done.
`;

const exitDifferent = 1;

async function main(words: readonly string[]): Promise<number> {
  const options = readStoreOptions(words);
  if (!options) {
    console.log(usage);
    return 0;
  }
  const result = await withStore(options.store, (store) => reconcile(store));
  console.log(reconciliationText(result));
  return result.differences > 0 ? exitDifferent : 0;
}

await runCommand(main, [
  NoDataFolder,
  DataFolderBusy,
  DataFolderUnknown,
  DataFolderDamaged,
  StoreUnavailable,
]);
