import { DataFolderUnknown } from '../platform/event-store/data-folder.ts';
import { reconcile } from '../platform/ledger/reconcile.ts';
import { DataFolderBusy, NoDataFolder } from './data-folder-copy.ts';
import { withStore } from './opened-store.ts';
import { UnusableOptions } from './options.ts';
import { readReconcileOptions, reconcileUsage } from './reconcile-options.ts';
import { reconciliationText } from './reconcile-text.ts';

/** Differences found, or what was asked cannot be done. */
const exitDifferent = 1;
const exitUnusable = 2;

async function main(words: readonly string[]): Promise<number> {
  const options = readReconcileOptions(words);
  if (!options) {
    console.log(reconcileUsage);
    return 0;
  }
  const result = await withStore(options.store, (store) => reconcile(store));
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
