import { expect, test } from 'vitest';
import { run } from './run-verify.ts';

test.each([
  [[], 'name an evidence file, or a folder with --data'],
  [['no-such-file.json'], 'no-such-file.json: no such file'],
  [['--data', 'no-such-folder'], 'there is no cell in no-such-folder'],
  [['one', 'two'], 'one file at a time'],
  [['--archive', 'no-such-folder'], 'no-such-folder: no such folder'],
  [['--archive', 'docs'], 'docs is no copy of an archive'],
  [['--archive', 'docs', '--root', 'x'], '--root is NUMBER:HASH'],
  [['--archive', 'docs', '--data', 'docs'], 'either --data or --archive'],
  [['--colour'], "Unknown option '--colour'"],
])('npm run verify says what is wrong with %j and ends with 2', async (words, message) => {
  const { code, err } = await run(...words);
  expect({ code, told: err.startsWith(message) }).toEqual({ code: 2, told: true });
});
