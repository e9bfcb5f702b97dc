import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../platform/clock/clock.ts';
import { unhurried } from '../platform/deadline/deadline.ts';
import {
  DataFolderDamaged,
  DataFolderLocked,
  DataFolderUnknown,
} from '../platform/event-store/data-folder.ts';
import { SqliteEventStore } from '../platform/event-store/sqlite.ts';
import { SecretRingFull } from '../platform/secrets/ring.ts';
import { rotateSecretFile, SecretUnreadable } from '../platform/secrets/secret-file.ts';
import { secretsNeeded } from '../platform/webhooks/secrets-needed.ts';
import { runCommand } from './command-line.ts';
import { NoDataFolder } from './data-folder-copy.ts';
import { UnusableOptions } from './options.ts';
import { readStoreOptions } from './store-options.ts';

const usage = `Adds a new master secret to a cell's: what is derived from now on is derived from it.

  npm run secret:rotate -- [options]

  --data FOLDER         the cell's folder (default ./data); the cell has to be stopped
  --help                this text

Webhooks go on being signed with the secrets they have; each gets one of the new master secret when its owner rotates it. A cell in the
cloud rotates by itself: docs/deploy.md. Ends with 2 when it could not be done, and then nothing was changed.
`;

async function main(words: readonly string[]): Promise<number> {
  const options = readStoreOptions(words);
  if (!options) {
    console.log(usage);
    return 0;
  }
  const { store } = options;
  if (store.kind !== 'sqlite')
    throw new UnusableOptions('only a data folder has a file of master secrets: --store sqlite');
  const [newest, ...others] = await rotated(store.folder);
  console.log(`new master secret, known by its fingerprint: ${newest?.fingerprint}`);
  console.log(`kept for what was derived from them: ${others.length}`);
  return 0;
}

/** With the folder to itself: a cell that runs would go on deriving from the one it knows. */
async function rotated(folder: string) {
  if (!existsSync(join(folder, 'ordercell.db'))) throw new NoDataFolder(`there is no cell in ${folder}`);
  const store = new SqliteEventStore(folder);
  try {
    return await rotateSecretFile(folder, () => secretsNeeded(store, systemClock.now(), unhurried));
  } finally {
    await store.close();
  }
}

await runCommand(main, [
  NoDataFolder,
  DataFolderLocked,
  DataFolderUnknown,
  DataFolderDamaged,
  SecretUnreadable,
  SecretRingFull,
]);
