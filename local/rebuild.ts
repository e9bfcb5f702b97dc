import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../platform/clock/clock.ts';
import { ListsHeld } from '../platform/consumer/writer-lock.ts';
import {
  DataFolderDamaged,
  DataFolderLocked,
  DataFolderUnknown,
} from '../platform/event-store/data-folder.ts';
import { systemRandom } from '../platform/random/random.ts';
import { jsonLine, LineLog } from '../platform/telemetry/line-log.ts';
import { silent } from '../platform/telemetry/silent.ts';
import type { Rebuilt } from '../platform/views/rebuild.ts';
import { runCommand } from './command-line.ts';
import { NoDataFolder } from './data-folder-copy.ts';
import { readStoreOptions } from './store-options.ts';
import { openStore, type StoreChoice } from './stores.ts';
import { openViews } from './views.ts';

const usage = `Deletes the lists of orders, positions and activities and builds them again from the log.

  npm run rebuild -- [options]

  --data FOLDER         the cell's folder (default ./data); the cell has to be stopped
  --store KIND          sqlite (default) or dynamodb
  --endpoint URL        with --store dynamodb: where it is, e.g. http://127.0.0.1:8000; the cell may go on

The numbers of the accounts' feeds stay what they are. Ends with 0 when all of the log is in the views, 1 when something had to be
left out because it cannot be applied, 2 when it could not be done.
`;

const exitParked = 1;

async function main(words: readonly string[]): Promise<number> {
  const options = readStoreOptions(words);
  if (!options) {
    console.log(usage);
    return 0;
  }
  const { commits, parked, milliseconds } = await rebuilt(options.store);
  const rate = Math.round((commits * 1_000) / Math.max(milliseconds, 1)).toLocaleString('en-US');
  console.log(`${commits} commits in ${milliseconds} ms: ${rate} a second`);
  console.log(`streams that stand still: ${parked}`);
  return parked > 0 ? exitParked : 0;
}

async function rebuilt(choice: StoreChoice): Promise<Rebuilt> {
  if (choice.kind === 'sqlite' && !existsSync(join(choice.folder, 'ordercell.db')))
    throw new NoDataFolder(`there is no cell in ${choice.folder}`);
  const log = new LineLog((text) => process.stderr.write(text), jsonLine('ordercell'));
  await using running = new AsyncDisposableStack();
  running.defer(() => log.flush());
  const around = { clock: systemClock, random: systemRandom, telemetry: { ...silent, log } };
  const open = await openStore(choice, systemClock, systemRandom);
  running.defer(() => open.close());
  const views = await openViews(open, around);
  running.defer(() => views.stop());
  await views.start();
  return await views.rebuild();
}

await runCommand(main, [NoDataFolder, DataFolderLocked, DataFolderUnknown, DataFolderDamaged, ListsHeld]);
