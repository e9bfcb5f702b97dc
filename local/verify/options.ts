import { parseArgs } from 'node:util';
import { UnusableOptions, usable } from '../options.ts';

export interface VerifyOptions {
  /** An evidence file. */
  readonly file?: string;
  /** A cell's folder: all of it is checked, or, beside a file, whether the file is what its log says. */
  readonly folder?: string;
}

export const verifyUsage = `Checks evidence offline: nothing was altered, left out, added or moved.

  npm run verify -- FILE                  an evidence file, by itself (docs/evidence.md)
  npm run verify -- --data FOLDER         every stream of a cell's folder, and every total that follows from them
  npm run verify -- FILE --data FOLDER    both, and that the file is what the log of the folder says

  --help                                  this text

Ends with 0 when all is as it must be, 1 when something is not, with the exact place, 2 when it could not be done.
`;

/** Undefined: help was asked for. Throws `UnusableOptions`. */
export function readVerifyOptions(words: readonly string[]): VerifyOptions | undefined {
  const { values, positionals } = parsed(words);
  if (values.help) return undefined;
  const [file, ...more] = positionals;
  const { data: folder } = values;
  if (more.length > 0) throw new UnusableOptions('one file at a time');
  if (folder === '') throw new UnusableOptions('--data needs a folder');
  if (file === undefined && folder === undefined)
    throw new UnusableOptions('name an evidence file, or a folder with --data; --help says more');
  return { ...(file !== undefined && { file }), ...(folder !== undefined && { folder }) };
}

function parsed(words: readonly string[]) {
  return usable(() =>
    parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { data: { type: 'string' }, help: { type: 'boolean', default: false } },
    }),
  );
}
