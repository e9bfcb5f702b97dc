import { parseArgs } from 'node:util';
import { DataFolderDamaged, DataFolderUnknown } from '../platform/event-store/data-folder.ts';
import { StoreUnavailable } from '../platform/event-store/errors.ts';
import { reconcile, type Reconciliation } from '../platform/ledger/reconcile.ts';
import { CellOutOfReach, withCellInCloud } from './cell-in-cloud.ts';
import { runCommand } from './command-line.ts';
import { DataFolderBusy, NoDataFolder } from './data-folder-copy.ts';
import { withStore } from './opened-store.ts';
import { UnusableOptions, usable } from './options.ts';
import { reconciliationText } from './reconcile-text.ts';
import { readStoreOptions } from './store-options.ts';

const usage = `Replays every stream and compares what accounts hold with what the log says they must.

  npm run reconcile -- [options]

  --data FOLDER         the cell's folder (default ./data); a running cell is read from a copy of this moment
  --store KIND          sqlite (default) or dynamodb
  --endpoint URL        with --store dynamodb: where it is, e.g. http://127.0.0.1:8000
  --cell REGION         instead: a cell in the cloud, by the name of its region, with the AWS credentials of whoever calls;
                        those need Scan and Query on the log, and Query on the items
  --help                this text

Ends with 0 when nothing differs, 1 when something does, 2 when it could not be done.
`;

const exitDifferent = 1;

async function main(words: readonly string[]): Promise<number> {
  const result = isAboutCloud(words) ? await reconcileCloud(words) : await reconcileHere(words);
  if (!result) {
    console.log(usage);
    return 0;
  }
  console.log(reconciliationText(result));
  return result.differences > 0 ? exitDifferent : 0;
}

/** Undefined: help was asked for. */
async function reconcileHere(words: readonly string[]): Promise<Reconciliation | undefined> {
  const options = readStoreOptions(words);
  return options && withStore(options.store, (store) => reconcile(store));
}

function isAboutCloud(words: readonly string[]): boolean {
  return words.some((word) => word === '--cell' || word.startsWith('--cell='));
}

/** Undefined: help was asked for. */
async function reconcileCloud(words: readonly string[]): Promise<Reconciliation | undefined> {
  const { cell, endpoint, help } = usable(
    () =>
      parseArgs({
        args: [...words],
        options: {
          cell: { type: 'string' },
          endpoint: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );
  if (help) return undefined;
  if (!cell) throw new UnusableOptions('--cell is the name of a region, e.g. --cell eu-central-1');
  return withCellInCloud({ cell, endpoint, needs: 'Scan and Query' }, (store) => reconcile(store));
}

await runCommand(main, [
  NoDataFolder,
  DataFolderBusy,
  DataFolderUnknown,
  DataFolderDamaged,
  StoreUnavailable,
  CellOutOfReach,
]);
