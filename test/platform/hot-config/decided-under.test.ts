import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decidedUnderText, readDecidedUnder } from '../../../platform/hot-config/decided-under.ts';

test('a commit from before there were kill switches reads as its config alone', () => {
  expect(readDecidedUnder('fzQ-_9aLk2Pq')).toEqual({ config: 'fzQ-_9aLk2Pq' });
  expect(decidedUnderText({ config: 'abc', killSwitches: 0 })).toBe('abc');
  expect(decidedUnderText({ config: 'abc', killSwitches: 7 })).toBe('abc+k7');
});

test('what is written is read back', () => {
  const config = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
  fc.assert(
    fc.property(config, fc.integer({ min: 1 }), (version, killSwitches) => {
      const under = { config: version, killSwitches };
      expect(readDecidedUnder(decidedUnderText(under))).toEqual(under);
    }),
  );
});
