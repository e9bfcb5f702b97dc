import { resolve } from 'node:path';
import type { DemoKey } from './demo.ts';

export interface Welcome {
  readonly address: string;
  readonly keys: readonly DemoKey[];
  readonly keysFile: string;
  /** Whether the keys were issued by this start. */
  readonly isNew: boolean;
  /** Whether simulated liquidity providers quote. */
  readonly demoMarket: boolean;
}

const market = {
  simulated: [
    'The market is simulated: made-up liquidity providers quote made-up prices. ALFA to HOTL trade around the clock, AAPL and MSFT in',
    'the hours of New York; whatever you send is filled by nobody real.',
  ],
  empty: [
    'Nobody quotes here: orders wait for another account’s. With --demo simulated liquidity providers do.',
  ],
} as const;

/** What a newcomer reads on a terminal. The secrets are shown by the start that made them; later ones say where they are. */
export function welcomeText({ address, keys, keysFile, isNew, demoMarket }: Welcome): string {
  const rows = keys.map(
    ({ name, role, keyId, secret }) =>
      `  ${name.padEnd(14)} ${role.padEnd(14)} ${keyId}  ${isNew ? secret : '(in the file)'}`,
  );
  const trader = keys.find(({ role }) => role === 'client');
  const secret = isNew ? trader?.secret : secretIn(keysFile, trader?.name);
  const order = trader
    ? [
        '',
        'A first order to try:',
        '',
        firstOrder(address, { keyId: trader.keyId, secret: secret ?? '', demoMarket }),
        '',
      ]
    : [''];
  return [
    '',
    `Ordercell is ready at ${address}`,
    '',
    `  ${'whose'.padEnd(14)} ${'role'.padEnd(14)} ${'key id'.padEnd(20)}  secret`,
    ...rows,
    '',
    `The secrets are in ${keysFile} (readable by you alone); the store has only their hashes.`,
    '',
    ...market[demoMarket ? 'simulated' : 'empty'],
    ...order,
  ].join('\n');
}

/** For the shell to fill in: what runs as it is printed, without the secret on the screen. */
function secretIn(keysFile: string, name: string | undefined): string {
  return `$(node -p "require('${resolve(keysFile)}').find((key) => key.name === '${name ?? ''}').secret")`;
}

interface FirstOrder {
  readonly keyId: string;
  readonly secret: string;
  readonly demoMarket: boolean;
}

function firstOrder(address: string, { keyId, secret, demoMarket }: FirstOrder): string {
  const terms = demoMarket ? '"type":"market"' : '"type":"limit","limit_price":"99.50"';
  return [
    `  curl -s ${address}/v2/orders \\`,
    `    -H 'APCA-API-KEY-ID: ${keyId}' \\`,
    `    -H "APCA-API-SECRET-KEY: ${secret}" \\`,
    `    -d '{"symbol":"ALFA","qty":"10","side":"buy",${terms},"time_in_force":"day"}'`,
  ].join('\n');
}
