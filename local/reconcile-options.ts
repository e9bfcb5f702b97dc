import { parseArgs } from 'node:util';
import { UnusableOptions } from './options.ts';
import type { StoreChoice } from './stores.ts';

export interface ReconcileOptions {
  readonly store: StoreChoice;
}

export const reconcileUsage = `Replays every stream and compares what accounts hold with what the log says they must.

  npm run reconcile -- [options]

  --data FOLDER         the cell's folder (default ./data); a running cell is read from a copy of this moment
  --store KIND          sqlite (default) or dynamodb
  --endpoint URL        with --store dynamodb: where it is, e.g. http://127.0.0.1:8000
  --help                this text

Ends with 0 when nothing differs, 1 when something does, 2 when it could not be done.
`;

/** Undefined: help was asked for. Throws `UnusableOptions`. */
export function readReconcileOptions(words: readonly string[]): ReconcileOptions | undefined {
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
  try {
    return parseArgs({
      args: [...words],
      options: {
        data: { type: 'string', default: './data' },
        store: { type: 'string', default: 'sqlite' },
        endpoint: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [message = ''] = error.message.split('. ');
    throw new UnusableOptions(`${message}; --help lists what there is`, { cause: error });
  }
}
