import { expect, test } from 'vitest';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { everyStream } from '../../../platform/ledger/read-ahead.ts';
import { readsAtOnce } from '../../../platform/ledger/reads-at-once.ts';
import { FaultyStore } from '../command-handler/faulty-store.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { systemClock } from '../../../platform/clock/clock.ts';

async function storeOf(streams: number): Promise<FaultyStore> {
  const store = new MemoryEventStore();
  for (let stream = 0; stream < streams; stream += 1) {
    const commit = aCommit({ stream: `other-${stream}`, commitId: anId() });
    await store.append([commit], []);
  }
  return new FaultyStore(store);
}

test('streams come in the order of their heads, each with its own commits, and only so many are asked for at once', async () => {
  const store = await storeOf(50);
  let [waiting, most] = [0, 0];
  store.before = async () => {
    waiting += 1;
    most = Math.max(most, waiting);
    await new Promise(setImmediate);
    waiting -= 1;
  };
  const seen: string[] = [];
  for await (const { head, commits } of everyStream(store)) {
    expect((await commits()).map(({ stream }) => stream)).toEqual([head.stream]);
    seen.push(head.stream);
  }
  const heads = [];
  for await (const { stream } of store.heads(() => deadlineIn(1_000, systemClock))) heads.push(stream);
  expect(seen).toEqual(heads);
  expect(most).toBe(readsAtOnce);
});

test('who stops at one that cannot be read is not troubled by those behind it', async () => {
  const store = await storeOf(5);
  store.before = () => Promise.reject(new Error('away'));
  const first = async () => {
    for await (const { commits } of everyStream(store)) await commits();
  };
  await expect(first()).rejects.toThrow('away');
  expect(store.calls).toHaveLength(5);
});
