import { systemClock } from '../platform/clock/clock.ts';
import { DataFolderUnknown } from '../platform/event-store/data-folder.ts';
import { type Reconciliation, reconcile } from '../platform/ledger/reconcile.ts';
import { systemRandom } from '../platform/random/random.ts';
import { copyDataFolder, DataFolderBusy, NoDataFolder, removeCopy } from './data-folder-copy.ts';
import { UnusableOptions } from './options.ts';
import { type ReconcileOptions, readReconcileOptions, reconcileUsage } from './reconcile-options.ts';
import { reconciliationText } from './reconcile-text.ts';
import { openStore, type StoreChoice } from './stores.ts';

/** Differences found, or what was asked cannot be done. */
const exitDifferent = 1;
const exitUnusable = 2;

async function reconciled({ store }: ReconcileOptions): Promise<Reconciliation> {
  if (store.kind !== 'sqlite') return reconciledIn(store);
  const folder = await copyDataFolder(store.folder);
  try {
    return await reconciledIn({ kind: 'sqlite', folder });
  } finally {
    await removeCopy(folder);
  }
}

async function reconciledIn(choice: StoreChoice): Promise<Reconciliation> {
  const open = await openStore(choice, systemClock, systemRandom);
  try {
    return await reconcile(open.store);
  } finally {
    await open.close();
  }
}

async function main(words: readonly string[]): Promise<number> {
  const options = readReconcileOptions(words);
  if (!options) {
    console.log(reconcileUsage);
    return 0;
  }
  const result = await reconciled(options);
  console.log(reconciliationText(result));
  return result.differences > 0 ? exitDifferent : 0;
}

/** What the person at the terminal can do something about is told in a sentence, anything else with its stack. */
function isExpected(error: unknown): error is Error {
  return [UnusableOptions, NoDataFolder, DataFolderBusy, DataFolderUnknown].some(
    (kind) => error instanceof kind,
  );
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(error.message);
  process.exitCode = exitUnusable;
}
