import { systemClock } from '../platform/clock/clock.ts';
import { DataFolderDamaged } from '../platform/event-store/data-folder.ts';
import { FolderInUse } from './backup/new-folder.ts';
import { backupUsage, readBackupOptions } from './backup/options.ts';
import { takeBackup } from './backup/take.ts';
import { runCommand } from './command-line.ts';
import { NoDataFolder } from './data-folder-copy.ts';

async function main(words: readonly string[]): Promise<number> {
  const options = readBackupOptions(words);
  if (!options) {
    console.log(backupUsage);
    return 0;
  }
  const { head, files } = await takeBackup(options.folder, options.to, systemClock.now());
  for (const { name, bytes, sha256 } of files) console.log(`${name}  ${bytes} bytes  sha256 ${sha256}`);
  console.log(`${options.to}: everything up to sequence ${head.sequence}, written ${head.at}`);
  return 0;
}

await runCommand(main, [NoDataFolder, FolderInUse, DataFolderDamaged]);
