import type { DemoKey } from '../../../local/demo.ts';
import type { Prng } from '../../simulation/prng.ts';
import { type Gun, orderWith, shot } from '../shot.ts';
import type { World } from '../world.ts';

/** What is somebody else's is asked for as if it were one's own: answered as if it did not exist. */
export const othersIds: Gun = (random, world) => {
  const { orderId, clientOrderId } = world.theirs;
  const key = world.key('first');
  const lines = [
    `GET /v2/orders/${orderId}`,
    `GET /v2/orders/${orderId.toUpperCase()}`,
    `GET /v2/orders/${orderId}/events`,
    `DELETE /v2/orders/${orderId}`,
    `PATCH /v2/orders/${orderId}`,
    `GET /v2/orders:by_client_order_id?client_order_id=${clientOrderId}`,
    `GET /v2/orders?after_order_id=${orderId}`,
    `GET /v2/orders?before_order_id=${orderId}&status=all`,
  ];
  const line = random.any(lines) ?? '';
  return shot(line, { key, ...(line.startsWith('PATCH') && { body: '{"qty":"1"}' }) });
};

/** Trading keys knock at the firm's door, and the firm's at the traders'; and who may only read tries to write. */
export const wrongDoors: Gun = (random, world) => {
  const { accountId, orderId, transferId, approvalId } = world.theirs;
  const account = random.chance(0.5) ? accountId : (world.key('first').accountId ?? '');
  const forClients = [
    `GET /v1/accounts/${account}`,
    `GET /v1/accounts/${account}/positions`,
    `GET /v1/accounts/${account}/transfers/${transferId}`,
    `GET /v1/orders/${orderId}`,
    `GET /v1/orders/${orderId}/evidence`,
    'GET /v1/keys',
    'GET /v1/approvals',
    'GET /v1/reconcile',
    'GET /v1/parked',
    `POST /v1/approvals/${approvalId}/approve`,
    `POST /v1/accounts/${account}/halt`,
    'POST /v1/keys',
    'PUT /v1/kill-switches/firm',
    'PUT /v1/instruments/ALFA/reference-price',
    `POST /v1/orders/${orderId}/executions`,
  ];
  const forAuditors = forClients.filter((line) => !line.startsWith('GET'));
  const forOperators = [
    'GET /v2/account',
    'GET /v2/orders',
    'POST /v2/orders',
    'DELETE /v2/orders',
    `DELETE /v2/orders/${orderId}`,
  ];
  const [lines, key]: readonly [readonly string[], DemoKey] = random.any([
    [forClients, world.key('first')],
    [forAuditors, world.key('auditor')],
    [forOperators, world.key('administrator')],
    [forOperators, world.key('venue')],
  ] as const) ?? [forClients, world.key('first')];
  const line = random.any(lines) ?? '';
  const body =
    line.startsWith('GET') || line.startsWith('DELETE')
      ? ''
      : orderWith({ reason: 'x', role: 'administrator' });
  return shot(line, { key, headers: [['idempotency-key', random.id()]], body });
};

export const wrongKeys: Gun = (random, world) => {
  const line = random.pick(['GET /v2/account', 'POST /v2/orders', 'GET /v1/keys', 'DELETE /v2/orders']);
  const headers = random.chance(0.4) ? basicNonsense(random) : headersOf(wrongKey(random, world), random);
  return shot(line, { headers, body: line.startsWith('POST') ? orderWith({}) : '' });
};

function wrongKey(random: Prng, world: World): Pick<DemoKey, 'keyId' | 'secret'> {
  const right = world.key(random.pick(['first', 'administrator']));
  const { keyId, secret } = right;
  const last = secret.endsWith('A') ? 'B' : 'A';
  const wrong = [
    { keyId, secret: secret.slice(0, -1) + last },
    { keyId, secret: 'x'.repeat(secret.length) },
    { keyId, secret: secret.slice(0, -1) },
    { keyId, secret: `${secret}A` },
    { keyId, secret: '' },
    { keyId, secret: 'x'.repeat(10_000) },
    { keyId, secret: secret.toUpperCase() },
    { keyId, secret: world.key('second').secret },
    { keyId: keyId.toLowerCase(), secret },
    { keyId: `${keyId} `.padEnd(25, '\u00a0'), secret },
    { keyId: 'OC000000000000000000', secret },
    { keyId: "OC' OR '1'='1", secret },
    { keyId: '__proto__', secret },
    { keyId: 'x'.repeat(5_000), secret },
    { keyId: '', secret: '' },
    world.key('revoked'),
  ];
  return random.any(wrong) ?? right;
}

/** At times only half of it, or each of two. */
function headersOf({ keyId, secret }: Pick<DemoKey, 'keyId' | 'secret'>, random: Prng) {
  const both = [
    ['apca-api-key-id', keyId],
    ['apca-api-secret-key', secret],
  ] as const;
  if (random.chance(0.1)) return both.slice(0, 1);
  if (random.chance(0.1)) return [...both, ['apca-api-secret-key', secret] as const];
  return both;
}

function basicNonsense(random: Prng): readonly (readonly [string, string])[] {
  const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const values = [
    'Basic',
    'Basic ',
    'Basic %%%',
    'Bearer abc',
    'Digest username="x"',
    encoded(''),
    encoded(':'),
    encoded('a'),
    encoded(':b'),
    encoded('a:b:c:d'),
    encoded(`OC000000000000000000:${'x'.repeat(43)}`),
    encoded('\u0000:\u0000'),
    `Basic ${'A'.repeat(5_000)}`,
    'basic a:b',
  ];
  return [['authorization', random.any(values) ?? '']];
}

/** Whoever can forge a signature of what the cell sends out: nothing here takes one in, so nothing of it means anything. */
export const forgedSignatures: Gun = (random, world) =>
  shot('POST /v2/orders', {
    headers: [
      ['ordercell-signature', `t=${random.between(0, 2 ** 31)},v1=${'0'.repeat(64)}`],
      ['ordercell-webhook-id', '8dab87c1-0e2e-5bd7-8ad7-01d7d3972620'],
      ['apca-api-key-id', world.key('first').keyId],
    ],
    body: orderWith({}),
  });
