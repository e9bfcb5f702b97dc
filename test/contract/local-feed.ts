import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import { feedStart, type LocalFeed } from '../../platform/event-store/feed.ts';
import type { Commit, EventStore } from '../../platform/event-store/port.ts';
import { aCommit, anId } from '../support/commits.ts';

/** What consumers in the same process rely on. */
export function localFeedContract(name: string, open: () => Promise<EventStore & LocalFeed>): void {
  describe(`${name} as a local feed`, () => {
    let store: EventStore & LocalFeed;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const append = (...commits: readonly [Commit, ...Commit[]]): Promise<unknown> =>
      store.append(commits, [], deadlineIn(1_000, systemClock));
    const first = (): Commit => aCommit({ stream: `order-${anId()}`, commitId: anId() });

    test('hands out every commit once, in the order of writing, page by page', async () => {
      const commits = Array.from({ length: 7 }, first);
      for (const commit of commits) await append(commit);
      const seen: Commit[] = [];
      let sequence = feedStart;
      for (let page = await store.feed(sequence, 3); page.length > 0; page = await store.feed(sequence, 3)) {
        seen.push(...page.map(({ commit }) => commit));
        sequence = page.at(-1)?.sequence ?? sequence;
      }
      expect(seen).toEqual(commits);
    });

    test('hands out all commits of one append', async () => {
      const commits = [first(), first()] as const;
      await append(...commits);
      expect((await store.feed(feedStart, 10)).map(({ commit }) => commit)).toEqual(commits);
    });

    test('tells of commits once they can be read, until told to stop', async () => {
      const seen: Promise<number>[] = [];
      const stop = store.onCommits(() => seen.push(store.feed(feedStart, 10).then(({ length }) => length)));
      await append(first());
      expect(await Promise.all(seen)).toEqual([1]);
      stop();
      await append(first());
      expect(seen).toHaveLength(1);
    });

    test('remembers how far each consumer got', async () => {
      expect(await store.cursor('views')).toBe(feedStart);
      await store.saveCursor('views', '12');
      await store.saveCursor('views', '13');
      await store.saveCursor('risk', '2');
      expect(await store.cursor('views')).toBe('13');
      expect(await store.cursor('risk')).toBe('2');
    });
  });
}
