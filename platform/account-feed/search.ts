import { assert } from '../../domain/values/assert.ts';
import { entriesMax } from './port.ts';

export function checkedLimit(limit: number): number {
  assert(Number.isSafeInteger(limit) && limit >= 1 && limit <= entriesMax, `a page of ${limit} entries`);
  return limit;
}

/**
 * The greatest number whose time is before `time`, 0 where none is. Times do not go back as numbers go up, so some twenty
 * entries of a million are looked at, and no index by time has to be kept with every entry.
 */
export async function lastBefore(
  time: number,
  latest: number,
  timeOf: (number: number) => Promise<number>,
): Promise<number> {
  let [known, beyond] = [0, latest + 1];
  while (beyond - known > 1) {
    const middle = Math.floor((known + beyond) / 2);
    if ((await timeOf(middle)) < time) known = middle;
    else beyond = middle;
  }
  return known;
}
