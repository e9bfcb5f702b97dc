import { startCell } from '../../local/cell.ts';
import type { DemoKey } from '../../local/demo.ts';
import { configWith } from './cell.ts';

/**
 * A cell on the folder named first that tells the address named second of its orders, and is asked for them without a pause until it is
 * killed.
 */
const [folder = '', url = ''] = process.argv.slice(2);
const webhooks = { allowHttp: true, allowedNetworks: ['127.0.0.0/8'], ports: 'any' };
const cell = await startCell({
  store: { kind: 'sqlite', folder },
  port: 0,
  venue: 'off',
  config: configWith({ webhooks, 'rateLimits.default': 'unlimited' }),
});

const key = cell.newKeys?.find(({ name }) => name === 'first');
if (!key) throw new TypeError('the folder is not new');

async function ask({ keyId, secret }: DemoKey, path: string, body: object): Promise<void> {
  const answer = await fetch(cell.address + path, {
    method: 'POST',
    headers: { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret },
    body: JSON.stringify(body),
  });
  await answer.text();
}

const order = {
  symbol: 'ALFA',
  qty: '1',
  side: 'buy',
  type: 'limit',
  limit_price: '100',
  time_in_force: 'gtc',
};

await ask(key, '/v2/webhooks', { url });
for (;;) await ask(key, '/v2/orders', order);
