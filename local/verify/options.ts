import { parseArgs } from 'node:util';
import { UnusableOptions, usable } from '../options.ts';
import type { RootName } from './archive/roots.ts';

export interface VerifyOptions {
  /** An evidence file. */
  readonly file?: string;
  /** A cell's folder: all of it is checked, or, beside a file, whether the file is what its log says. */
  readonly folder?: string;
  /** A copy of an archive: all of it is checked, or, beside a file, also whether the file is what the archive says. */
  readonly archive?: string;
  /** A root of the archive whose hash somebody kept. */
  readonly root?: RootName;
}

export const verifyUsage = `Checks evidence offline: nothing was altered, left out, added or moved.

  npm run verify -- FILE                  an evidence file, by itself (docs/evidence.md)
  npm run verify -- --data FOLDER         every stream of a cell's folder, and every total that follows from them
  npm run verify -- FILE --data FOLDER    both, and that the file is what the log of the folder says
  npm run verify -- --archive FOLDER      every object of a copy of the archive, every stream in it and every root (docs/runbook.md)
  npm run verify -- FILE --archive FOLDER both, and that the file is what the archive says

  --root NUMBER:HASH                      with --archive: that this root, as somebody kept it elsewhere, is there
  --help                                  this text

Ends with 0 when all is as it must be, 1 when something is not, with the exact place, 2 when it could not be done.
`;

/** Undefined: help was asked for. Throws `UnusableOptions`. */
export function readVerifyOptions(words: readonly string[]): VerifyOptions | undefined {
  const { values, positionals } = parsed(words);
  if (values.help) return undefined;
  const [file, ...more] = positionals;
  const { data: folder, archive, root } = values;
  if (more.length > 0) throw new UnusableOptions('one file at a time');
  if (folder === '') throw new UnusableOptions('--data needs a folder');
  if (archive === '') throw new UnusableOptions('--archive needs a folder');
  if (folder !== undefined && archive !== undefined)
    throw new UnusableOptions('either --data or --archive: a cell on one machine has no archive');
  if (root !== undefined && archive === undefined) throw new UnusableOptions('--root goes with --archive');
  if (file === undefined && folder === undefined && archive === undefined)
    throw new UnusableOptions(
      'name an evidence file, or a folder with --data or --archive; --help says more',
    );
  return {
    ...(file !== undefined && { file }),
    ...(folder !== undefined && { folder }),
    ...(archive !== undefined && { archive }),
    ...(root !== undefined && { root: rootNamed(root) }),
  };
}

function rootNamed(text: string): RootName {
  const [, number, hash] = /^([1-9]\d{0,9}):([\w-]{43})$/.exec(text) ?? [];
  if (number === undefined || hash === undefined)
    throw new UnusableOptions(
      `--root is NUMBER:HASH as this command and the line "roots kept" say it, not "${text}"`,
    );
  return { number: Number(number), hash };
}

function parsed(words: readonly string[]) {
  return usable(() =>
    parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        archive: { type: 'string' },
        root: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }),
  );
}
