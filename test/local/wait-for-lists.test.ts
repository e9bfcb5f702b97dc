import { expect, test } from 'vitest';
import { listsMs, waitForLists } from '../../local/wait-for-lists.ts';
import { VirtualClock } from '../platform/command-handler/virtual-clock.ts';

/** What a start comes to that finds lists which are done so, and when. */
async function start(drained: (clock: VirtualClock) => Promise<void>) {
  const clock = new VirtualClock();
  const warned: unknown[] = [];
  const log = { warn: (...words: unknown[]) => void warned.push(words) };
  const views = { drained: () => drained(clock), lag: async () => ({ ageMs: 90_000, commits: 700 }) };
  const ended = await Promise.allSettled([waitForLists(views, { clock, log })]);
  return { ended, warned, waitedMs: clock.monotonicMs() };
}

test('a start waits for lists that are nearly there', async () => {
  const { ended, warned } = await start((clock) => clock.sleep(listsMs - 1));
  expect(ended).toMatchObject([{ status: 'fulfilled' }]);
  expect(warned).toEqual([]);
});

test('a start does not wait for lists that are far behind, and says so', async () => {
  const { ended, warned, waitedMs } = await start(() => new Promise(() => undefined));
  expect(ended).toMatchObject([{ status: 'fulfilled' }]);
  expect(waitedMs).toBe(listsMs);
  expect(warned).toEqual([
    ['the lists are behind and catch up while orders are taken', { ageMs: 90_000, commits: 700 }],
  ]);
});

test('a start fails with lists that cannot be kept', async () => {
  const { ended } = await start(() => Promise.reject(new TypeError('damaged')));
  expect(ended).toMatchObject([{ status: 'rejected', reason: new TypeError('damaged') }]);
});
