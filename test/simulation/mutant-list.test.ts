import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutants } from './mutant-list.ts';

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  'the fault "%s" can be put into the code as it is now',
  (_name, { edits }) => {
    for (const { file, find } of edits) {
      const times = readFileSync(file, 'utf8').split(find).length - 1;
      expect([file, find, times]).toEqual([file, find, 1]);
    }
  },
);
