import { parseArgs } from 'node:util';
import type { VenueChoice } from './cell.ts';
import type { StoreChoice } from './stores.ts';

export interface Options {
  readonly port: number;
  readonly host: string;
  /** Where the demo's keys are kept, and, with SQLite, the log. */
  readonly folder: string;
  readonly store: StoreChoice;
  readonly newKeys: boolean;
  readonly venue: VenueChoice;
  readonly demoMarket: boolean;
  readonly requestLogEvery: number;
}

/** What was typed is not an option, or not a value of one. The message says what would be. */
export class UnusableOptions extends Error {
  override readonly name = 'UnusableOptions';
}

/** What `parse` makes of the words typed; throws `UnusableOptions` where they are none. */
export function usable<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [message = ''] = error.message.split('. ');
    throw new UnusableOptions(`${message}; --help lists what there is`, { cause: error });
  }
}

export const usage = `Ordercell on one machine.

  npm start -- [options]

  --port NUMBER         where to listen (default 4510; 0: any free port)
  --host ADDRESS        the address to listen on (default 127.0.0.1: this machine only)
  --data FOLDER         where the log and the demo's keys are kept (default ./data)
  --store KIND          sqlite (default) or dynamodb
  --endpoint URL        with --store dynamodb: where it is, e.g. http://127.0.0.1:8000
  --venue KIND          internal (default: instruments trade where the config says) or off (every order waits for a connector)
  --demo                simulated liquidity providers quote every instrument, so that a first order finds somebody
  --new-keys            issue new demo keys, when the old ones are lost; those stay valid until revoked
  --log-every NUMBER    log one in so many requests (default 1); refusals and failures are always logged
  --help                this text
`;

/** Undefined: help was asked for. Throws `UnusableOptions`. */
export function readOptions(words: readonly string[]): Options | undefined {
  const values = parsed(words);
  if (values.help) return undefined;
  const folder = values.data;
  if (folder === '') throw new UnusableOptions('--data needs a folder');
  if (values.host === '') throw new UnusableOptions('--host needs an address');
  return {
    port: wholeNumber('--port', values.port, 0, 65_535),
    host: values.host,
    folder,
    store: storeOf(values.store, values.endpoint, folder),
    newKeys: values['new-keys'],
    venue: venueOf(values.venue),
    demoMarket: demoMarketOf(values.demo, values.venue),
    requestLogEvery: wholeNumber('--log-every', values['log-every'], 1, 1_000_000),
  };
}

function venueOf(venue: string): VenueChoice {
  if (venue === 'internal' || venue === 'off') return venue;
  throw new UnusableOptions(`--venue is internal or off, not "${venue}"`);
}

function demoMarketOf(isAsked: boolean, venue: string): boolean {
  if (isAsked && venue === 'off')
    throw new UnusableOptions('--demo needs the market that --venue off turns off');
  return isAsked;
}

function parsed(words: readonly string[]) {
  return usable(
    () =>
      parseArgs({
        args: [...words],
        options: {
          port: { type: 'string', default: '4510' },
          host: { type: 'string', default: '127.0.0.1' },
          data: { type: 'string', default: './data' },
          store: { type: 'string', default: 'sqlite' },
          endpoint: { type: 'string' },
          venue: { type: 'string', default: 'internal' },
          demo: { type: 'boolean', default: false },
          'new-keys': { type: 'boolean', default: false },
          'log-every': { type: 'string', default: '1' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  );
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UnusableOptions(`${option} is a whole number from ${least} to ${most}, not "${text}"`);
}

function storeOf(kind: string, endpoint: string | undefined, folder: string): StoreChoice {
  if (kind === 'sqlite') {
    if (endpoint !== undefined) throw new UnusableOptions('--endpoint goes with --store dynamodb');
    return { kind, folder };
  }
  if (kind !== 'dynamodb') throw new UnusableOptions(`--store is sqlite or dynamodb, not "${kind}"`);
  if (endpoint === undefined || !URL.canParse(endpoint))
    throw new UnusableOptions('--store dynamodb needs --endpoint URL, e.g. http://127.0.0.1:8000');
  return { kind, endpoint };
}
