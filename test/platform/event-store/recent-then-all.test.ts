import { expect, test } from 'vitest';
import { type Timestamp, timestamp } from '../../../domain/values/time.ts';
import { unhurried } from '../../../platform/deadline/deadline.ts';
import { RecentThenAll } from '../../../platform/event-store/recent-then-all.ts';
import type { WrittenStreams } from '../../../platform/event-store/written-streams.ts';

const minute = 60_000_000;

/** Pages of one stream each, named after where they are; the last of `pages` is the last one. */
function paged(name: string, pages: number): WrittenStreams {
  return {
    written: async (place) => {
      const page = place === undefined || place === '' ? 1 : Number(place) + 1;
      const isLast = page >= pages;
      return {
        heads: [{ stream: `${name}-${page}`, version: 1 }],
        place: isLast ? '' : String(page),
        isLast,
      };
    },
  };
}

test('everything recent is found with each look, and of all the rest a page every few minutes', async () => {
  const source = new RecentThenAll(paged('recent', 1), paged('old', 3), 5 * 60_000);
  const seen: string[][] = [];
  let place: string | undefined;
  for (let minutes = 0; minutes <= 15; minutes += 1) {
    const until: Timestamp = timestamp(minutes * minute);
    const page = await source.written(place, until, unhurried);
    expect(page.isLast).toBe(true);
    place = page.place;
    seen.push(page.heads.map(({ stream }) => stream));
  }
  expect(seen.every((streams) => streams.includes('recent-1'))).toBe(true);
  const withOld = seen.map((streams) => streams.find((stream) => stream.startsWith('old')));
  expect([0, 5, 10, 15].map((at) => withOld[at])).toEqual(['old-1', 'old-2', 'old-3', 'old-1']);
  expect(withOld.filter((stream) => stream !== undefined)).toHaveLength(4);
});

test('a place of before is gone on from', async () => {
  const source = new RecentThenAll(paged('recent', 1), paged('old', 3), 5 * 60_000);
  const { heads } = await source.written(JSON.stringify({ all: '2' }), timestamp(minute), unhurried);
  expect(heads.map(({ stream }) => stream)).toEqual(['recent-1', 'old-3']);
});

test('a clock that was far ahead and is set back does not put off the next page for as long', async () => {
  const source = new RecentThenAll(paged('recent', 1), paged('old', 3), 5 * 60_000);
  const ahead = await source.written(undefined, timestamp(600 * minute), unhurried);
  const { heads } = await source.written(ahead.place, timestamp(minute), unhurried);
  expect(heads.map(({ stream }) => stream)).toEqual(['recent-1', 'old-2']);
});
