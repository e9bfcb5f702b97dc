import { systemClock } from '../platform/clock/clock.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import { systemRandom } from '../platform/random/random.ts';
import { copyDataFolder, removeCopy } from './data-folder-copy.ts';
import { openStore, type StoreChoice } from './stores.ts';

/** Opens a store for who only reads; a folder is read from a copy of this moment, also while a cell is at work on it. */
export async function withStore<Result>(
  choice: StoreChoice,
  run: (store: EventStore) => Promise<Result>,
): Promise<Result> {
  if (choice.kind !== 'sqlite') return opened(choice, run);
  const folder = await copyDataFolder(choice.folder);
  try {
    return await opened({ kind: 'sqlite', folder }, run);
  } finally {
    await removeCopy(folder);
  }
}

async function opened<Result>(
  choice: StoreChoice,
  run: (store: EventStore) => Promise<Result>,
): Promise<Result> {
  const open = await openStore(choice, systemClock, systemRandom);
  try {
    return await run(open.store);
  } finally {
    await open.close();
  }
}
