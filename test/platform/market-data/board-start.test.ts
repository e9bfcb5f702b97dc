import { expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import { BoardStart, waitingMax } from '../../../platform/market-data/board-start.ts';
import type { BookUpdate } from '../../../platform/venue/book-observer.ts';

function update(symbol: string, version: number): BookUpdate {
  return {
    symbol,
    contract: { symbol, currency: 'USD', tickSize: '0.01', lotSize: '1' },
    version,
    at: timestamp(version),
    trades: [],
    phase: 'continuous',
    isHalted: false,
  };
}

/** A start, and what its board was shown by then. */
function started() {
  const shown: string[] = [];
  const start = new BoardStart({ follow: ({ symbol, version }) => void shown.push(`${symbol} ${version}`) });
  return { start, shown };
}

test('what books say while their streams are read is shown after it, in order, but for what was read', () => {
  const { start, shown } = started();
  for (const version of [4, 5, 6]) start.follow(update('ALFA', version));
  start.follow(update('BETA', 1));
  start.read('ALFA', 5);
  expect(shown).toEqual([]);
  start.end();
  expect(shown).toEqual(['ALFA 6', 'BETA 1']);
  start.follow(update('ALFA', 7));
  expect(shown.at(-1)).toBe('ALFA 7');
});

test('when more is said than can be kept, reading is over and nothing of it is lost', () => {
  const { start, shown } = started();
  for (let version = 1; version <= waitingMax; version += 1) start.follow(update('ALFA', version));
  expect([start.isFull, shown.length]).toEqual([true, 0]);
  start.follow(update('ALFA', waitingMax + 1));
  expect(shown).toHaveLength(waitingMax + 1);
  expect(shown.at(-1)).toBe(`ALFA ${waitingMax + 1}`);
  start.read('ALFA', waitingMax + 1);
  start.end();
  expect(shown).toHaveLength(waitingMax + 1);
});
