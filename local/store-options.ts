import { parseArgs } from 'node:util';
import { UnusableOptions, usable } from './options.ts';
import type { StoreChoice } from './stores.ts';

/** Where a command finds the cell it is about. */
export interface StoreOptions {
  readonly store: StoreChoice;
}

/** Undefined: help was asked for. Throws `UnusableOptions`. */
export function readStoreOptions(words: readonly string[]): StoreOptions | undefined {
  const { help, data, store, endpoint } = parsed(words);
  if (help) return undefined;
  if (data === '') throw new UnusableOptions('--data needs a folder');
  if (store === 'dynamodb') {
    if (endpoint === undefined || !URL.canParse(endpoint))
      throw new UnusableOptions('--store dynamodb needs --endpoint URL, e.g. http://127.0.0.1:8000');
    return { store: { kind: 'dynamodb', endpoint } };
  }
  if (store !== 'sqlite') throw new UnusableOptions(`--store is sqlite or dynamodb, not "${store}"`);
  if (endpoint !== undefined) throw new UnusableOptions('--endpoint goes with --store dynamodb');
  return { store: { kind: 'sqlite', folder: data } };
}

function parsed(words: readonly string[]) {
  return usable(
    () =>
      parseArgs({
        args: [...words],
        options: {
          data: { type: 'string', default: './data' },
          store: { type: 'string', default: 'sqlite' },
          endpoint: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );
}
