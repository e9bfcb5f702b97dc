import type { MemoryEventStore } from '../../platform/event-store/memory.ts';
import { derivedItems, itemDifference } from '../../platform/ledger/derived-items.ts';
import { demand } from './law.ts';

/** At the end: what is kept beside the log follows from it, which is what a restore to a moment stands on. */
export async function checkKeptItems(store: MemoryEventStore, accounts: readonly string[]): Promise<void> {
  const entries = await store.feed('0', Number.MAX_SAFE_INTEGER);
  const places = new Map(
    entries.map(({ commit }, place) => [`${commit.stream}@${commit.version}`, place + 1]),
  );
  const derived = await derivedItems(store, ({ stream, version }) => places.get(`${stream}@${version}`) ?? 0);
  const owners = new Set([...accounts, ...derived.map(({ key }) => key.owner)]);
  const kept = await Promise.all(
    [...owners].map(async (owner) => {
      const items = await store.readItems(owner);
      return [...items].map(([name, item]) => ({ key: { owner, name }, item }));
    }),
  );
  const difference = itemDifference(derived, kept.flat());
  demand(difference === undefined, 'what is kept beside the log follows from it', () => String(difference));
}
