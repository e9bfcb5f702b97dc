import { parseArgs } from 'node:util';
import { parseTimestamp } from '../../domain/values/time.ts';
import { UnusableOptions, usable } from '../options.ts';
import type { Until } from './cut.ts';

export const backupUsage = `Copies a cell's folder as it is at this moment, also while the cell is at work on it.

  npm run backup -- --to FOLDER [--data FOLDER]

  --to FOLDER           a folder that is not there yet; it gets the log, the record of webhooks' deliveries, both secrets, and backup.json
  --data FOLDER         the cell's folder (default ./data)

Whoever has a backup has the cell's secrets: keep it as you keep the folder. Ends with 0 when everything is copied and on the disk, 2 when
not. It is a copy as it is: what was altered in the log is altered in it too. What looks into it is npm run verify -- --data BACKUP, and npm run
restore, which makes no folder of a log that is not whole.
`;

export const restoreUsage = `Makes a cell's folder of a backup, follows every hash chain in it and works every total out again.

  npm run restore -- --from FOLDER --data FOLDER [--until MOMENT]

  --from FOLDER         what npm run backup made
  --data FOLDER         a folder that is not there yet, or is empty
  --until MOMENT        a time (2026-11-26T12:00:00Z) or the sequence of a commit: nothing after it is restored

Ends with 0 when the folder is there and whole, 2 when there is none; nothing is ever overwritten.
`;

export interface BackupOptions {
  readonly to: string;
  readonly folder: string;
}

/** Undefined: help was asked for. Throws `UnusableOptions`. */
export function readBackupOptions(words: readonly string[]): BackupOptions | undefined {
  const { help, to, data } = usable(
    () =>
      parseArgs({
        args: [...words],
        options: {
          to: { type: 'string' },
          data: { type: 'string', default: './data' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );
  if (help) return undefined;
  return { to: named('--to', to), folder: named('--data', data) };
}

export interface RestoreOptions {
  readonly from: string;
  readonly folder: string;
  readonly until: Until | undefined;
}

/** Undefined: help was asked for. Throws `UnusableOptions`. */
export function readRestoreOptions(words: readonly string[]): RestoreOptions | undefined {
  const { help, from, data, until } = usable(
    () =>
      parseArgs({
        args: [...words],
        options: {
          from: { type: 'string' },
          data: { type: 'string' },
          until: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );
  if (help) return undefined;
  return {
    from: named('--from', from),
    folder: named('--data', data),
    until: until === undefined ? undefined : momentOf(until),
  };
}

function named(option: string, folder: string | undefined): string {
  if (folder === undefined || folder === '') throw new UnusableOptions(`${option} needs a folder`);
  return folder;
}

function momentOf(text: string): Until {
  if (/^\d{1,15}$/.test(text)) return { kind: 'sequence', sequence: Number(text) };
  const at = parseTimestamp(text);
  if (at === undefined)
    throw new UnusableOptions(`--until is a time like 2026-11-26T12:00:00Z or a sequence, not "${text}"`);
  return { kind: 'time', at };
}
