import { DataFolderDamaged, DataFolderUnknown } from '../platform/event-store/data-folder.ts';
import { NoSuchMoment } from './backup/cut.ts';
import { BackupDamaged } from './backup/manifest.ts';
import { FolderInUse } from './backup/new-folder.ts';
import { readRestoreOptions, restoreUsage } from './backup/options.ts';
import { restoreBackup } from './backup/restored.ts';
import { runCommand } from './command-line.ts';
import { reconciliationText } from './reconcile-text.ts';

async function main(words: readonly string[]): Promise<number> {
  const options = readRestoreOptions(words);
  if (!options) {
    console.log(restoreUsage);
    return 0;
  }
  const { from, folder, until } = options;
  const { manifest, cut, checked, reconciled } = await restoreBackup(from, folder, until);
  const { head, files } = manifest;
  console.log(
    `${from}: ${files.length} files are what was written, up to sequence ${head.sequence}, ${head.at}`,
  );
  if (cut) console.log(`kept up to sequence ${cut.sequence}; ${cut.leftOut} commits after it left out`);
  if (cut && cut.leftOutEarlier > 0)
    console.log(
      `${cut.leftOutEarlier} of them were asked for before the moment, and written behind one that was not`,
    );
  console.log(`${checked.commits} commits in ${checked.streams} streams, 0 findings\n`);
  console.log(reconciliationText(reconciled));
  console.log(`\n${folder}: restored. The lists are built again at the first start.`);
  return 0;
}

await runCommand(main, [BackupDamaged, FolderInUse, NoSuchMoment, DataFolderDamaged, DataFolderUnknown]);
