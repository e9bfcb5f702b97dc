import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { timestamp } from '../../domain/values/time.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { Commit, EventStore, StreamHead } from '../../platform/event-store/port.ts';
import { writtenPageMax, type WrittenStreams } from '../../platform/event-store/written-streams.ts';
import { aCommit, anId } from '../support/commits.ts';

export interface WrittenBench {
  readonly store: Pick<EventStore, 'append'>;
  readonly written: WrittenStreams;
  close(): Promise<void>;
}

const now = timestamp(1_763_856_000_000_000);
const soon = () => deadlineIn(10_000, systemClock);
const atOnce = 20;
const byName = (heads: readonly StreamHead[]) => heads.toSorted((a, b) => (a.stream < b.stream ? -1 : 1));

/** What a sweep relies on to find streams. */
export function writtenStreamsContract(name: string, open: () => Promise<WrittenBench>): void {
  describe(`${name} as what a sweep finds streams in`, () => {
    let bench: WrittenBench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    async function stream(count: number, at = now): Promise<string> {
      const of = `order-${anId()}`;
      await grow(of, count, at);
      return of;
    }

    async function grow(of: string, count: number, at = now): Promise<void> {
      for (let version = 1; version <= count; version++) await append({ stream: of, version, at });
    }

    async function append(change: Partial<Commit>): Promise<void> {
      await bench.store.append([aCommit({ commitId: anId(), ...change })], [], soon());
    }

    /** One look from `place` to the end; what it found, and where it ended. */
    async function look(place?: string, until = now) {
      const heads = new Map<string, number>();
      for (let from = place; ; ) {
        const page = await bench.written.written(from, until, soon());
        expect(new Set(page.heads.map(({ stream: one }) => one)).size).toBe(page.heads.length);
        for (const { stream: one, version } of page.heads)
          heads.set(one, Math.max(version, heads.get(one) ?? 0));
        from = page.place;
        if (page.isLast)
          return { place: from, heads: [...heads].map(([of, version]) => ({ stream: of, version })) };
      }
    }

    test('finds each stream with its head', async () => {
      const [one, two] = [await stream(3), await stream(1)];
      const { heads } = await look();
      expect(byName(heads)).toEqual(
        byName([
          { stream: one, version: 3 },
          { stream: two, version: 1 },
        ]),
      );
    });

    test('finds nothing in an empty log', async () => {
      expect((await look()).heads).toEqual([]);
    });

    test('finds what was written since, from where it stopped', async () => {
      const one = await stream(2);
      const { place } = await look();
      await append({ stream: one, version: 3, at: now });
      const two = await stream(1);
      const { heads } = await look(place);
      const since = [
        { stream: one, version: 3 },
        { stream: two, version: 1 },
      ];
      expect(byName(heads)).toEqual(byName(since));
    });

    test('leaves what is too young, and finds it later', async () => {
      const later = timestamp(now + 1);
      const old = await stream(1);
      const young = await stream(1, later);
      const behind = await stream(1);
      const first = await look();
      expect(first.heads.map(({ stream: of }) => of)).toContain(old);
      expect(first.heads.map(({ stream: of }) => of)).not.toContain(young);
      const second = await look(first.place, later);
      expect(second.heads.map(({ stream: of }) => of)).toEqual(expect.arrayContaining([young, behind]));
    });

    test('pages, however many there are', async () => {
      const streams = Array.from({ length: writtenPageMax / 4 + 1 }, () => `order-${anId()}`);
      for (let from = 0; from < streams.length; from += atOnce)
        await Promise.all(streams.slice(from, from + atOnce).map((of) => grow(of, 4)));
      const first = await bench.written.written(undefined, now, soon());
      expect(first.isLast).toBe(false);
      const { heads } = await look();
      expect(byName(heads)).toEqual(byName(streams.map((of) => ({ stream: of, version: 4 }))));
    });
  });
}
