import { expect, test } from 'vitest';
import { type Timestamp, timestamp } from '../../../domain/values/time.ts';
import { checkedConfig } from '../../../platform/hot-config/check.ts';
import { Looking } from '../../../platform/sessions/looking.ts';
import { readSeed } from '../../../local/seed.ts';

const { config: document } = readSeed();
const config = checkedConfig(document);
const minute = 60_000_000;
/** A Tuesday in New York, its session two hours old, and its close. */
const eleven = at('2026-11-24T16:30:00Z');
const close = at('2026-11-24T21:00:00Z');

function at(text: string): Timestamp {
  return timestamp(Date.parse(text) * 1_000);
}

/** What each pass looked at, all of which come to their end. */
function passes(looking: Looking, moments: readonly number[], inForce = config) {
  return moments.map((moment) => {
    const now = timestamp(moment);
    const which = looking.at(now, inForce);
    if (which === 'all') looking.sawAll(now);
    return which;
  });
}

/** Two hours after a start. */
function settled(): Looking {
  const looking = new Looking();
  passes(looking, [eleven - 120 * minute, eleven - 10 * minute]);
  return looking;
}

test('a start is followed by twenty minutes of looking at every open order, then only those that the clock may move', () => {
  const moments = [eleven, eleven + 19 * minute, eleven + 21 * minute, eleven + 22 * minute];
  expect(passes(new Looking(), moments)).toEqual(['all', 'all', 'timed', 'timed']);
});

test('a look at all that did not come to its end is taken again', () => {
  const looking = new Looking();
  expect(looking.at(eleven, config)).toBe('all');
  expect(looking.at(timestamp(eleven + minute), config)).toBe('all');
});

test('the close of a session is followed by twenty minutes of looking at all of them', () => {
  const looking = settled();
  const before = close - minute;
  expect(passes(looking, [before, close - 1, close, close + 19 * minute])).toEqual([
    'all',
    'timed',
    'all',
    'all',
  ]);
  expect(passes(looking, [close + 22 * minute])).toEqual(['timed']);
});

test('so is another config, whose sessions may be others', () => {
  const looking = settled();
  expect(passes(looking, [eleven])).toEqual(['timed']);
  const other = checkedConfig({ ...Object(document), dayTimeZone: 'Asia/Tokyo' });
  expect(passes(looking, [eleven + minute, eleven + 2 * minute], other)).toEqual(['all', 'all']);
});

test('a clock that was set back, and a quarter of an hour, bring all of them again', () => {
  const looking = settled();
  expect(passes(looking, [eleven + 4 * minute, eleven + 5 * minute])).toEqual(['timed', 'all']);
  expect(passes(looking, [eleven - 60 * minute])).toEqual(['all']);
});
