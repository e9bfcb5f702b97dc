import { bytesOf, type Gun, orderWith, type Shot, shot } from '../shot.ts';
import type { World } from '../world.ts';

/** A client order id that only a smuggled request would use: afterwards there must be no such order. */
export const smuggledId = 'smuggled';

function raw(what: string, text: string | Buffer, world: World, endings: Partial<Shot> = {}): Shot {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  return { ...shot(what, { key: world.key('first') }), bytes, mayClose: true, ...endings };
}

const head = (world: World, lines: readonly string[], line = 'POST /v2/orders HTTP/1.1') => {
  const { keyId, secret } = world.key('first');
  const own = ['host: cell', `apca-api-key-id: ${keyId}`, `apca-api-secret-key: ${secret}`];
  return `${[line, ...own, ...lines].join('\r\n')}\r\n\r\n`;
};

/** Line breaks, control characters and colons where a header ends up in an answer or a log. */
export const headerInjection: Gun = (random, world) => {
  const poison = random.pick([
    'x\r\nx-injected: 1',
    'x\nx-injected: 1',
    'x\rx-injected: 1',
    'x%0d%0ax-injected: 1',
    'x\u0000y',
    'x"}\n{"level":"ERROR"',
    '\u001b[31m',
    'a'.repeat(65),
    '<script>',
    '${jndi:ldap://x}',
    'ä',
    ' ',
    '',
  ]);
  const name = random.pick([
    'x-request-id',
    'x-correlation-id',
    'traceparent',
    'user-agent',
    'idempotency-key',
    'referer',
  ]);
  const isBroken = /[\r\n\0]/.test(poison);
  const request = { key: world.key('first'), headers: [[name, poison]] as const };
  return shot('GET /v2/clock', request, { mayPass: true, mayClose: isBroken });
};

export const oversizedHeaders: Gun = (random, world) => {
  const key = world.key('first');
  const many = Array.from(
    { length: random.between(100, 3_000) },
    (_, index) => [`x-h${index}`, '1'] as const,
  );
  const long = [['x-long', 'x'.repeat(random.between(1_000, 40_000))]] as const;
  const twice = ['host', 'content-type', 'idempotency-key', 'authorization', 'content-length'] as const;
  switch (random.pick(['many', 'long', 'twice', 'path', 'name'])) {
    case 'many':
      return shot('GET /v2/clock', { key, headers: many }, { mayPass: true, mayClose: true });
    case 'long':
      return shot('GET /v2/clock', { key, headers: long }, { mayPass: true, mayClose: true });
    case 'twice': {
      const name = random.pick(twice);
      return shot(
        'GET /v2/clock',
        {
          key,
          headers: [
            [name, '0'],
            [name, '1'],
          ],
        },
        { mayPass: true, mayClose: true },
      );
    }
    case 'path':
      return shot(`GET /v2/orders/${'x'.repeat(random.between(100, 30_000))}`, { key }, { mayClose: true });
    default:
      return shot('GET /v2/clock', { key, headers: [['x'.repeat(20_000), '1']] }, { mayClose: true });
  }
};

export const brokenHeads: Gun = (random, world) => {
  const { keyId } = world.key('first');
  const heads = [
    'GET /v2/clock\r\n\r\n',
    'GET  /v2/clock HTTP/1.1\r\n\r\n',
    'GET /v2/clock HTTP/9.9\r\n\r\n',
    'GET /v2/clock HTTP/1.1\nhost: x\n\n',
    'GET /v2/clock HTTP/1.1\r\nno-colon\r\n\r\n',
    'GET /v2/clock HTTP/1.1\r\nhost : x\r\n\r\n',
    'GET /v2/clock HTTP/1.1\r\n host: x\r\n\r\n',
    'GET /v2/clock HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n',
    'GET /v2/clock HTTP/1.1\r\n: empty\r\n\r\n',
    'GET /v2/clock HTTP/1.1\r\nh\u00e9: x\r\n\r\n',
    'GET /v2/clock HTTP/1.1\r\n\r\n',
    '\r\n\r\n\r\nX\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'SSH-2.0-x\r\n\r\n',
    `GET /v2/clock HTTP/1.1\r\napca-api-key-id: ${keyId}\u0000\r\n\r\n`,
    'get /v2/clock HTTP/1.1\r\nhost: x\r\n\r\n',
  ];
  return raw('a head that is none', random.any(heads) ?? '', world);
};

/** Two readings of where a body ends. Either reading refuses; the second request within must never be carried out. */
export const smuggling: Gun = (random, world) => {
  const order = orderWith({ client_order_id: smuggledId });
  const inner = bytesOf('POST /v2/orders', { key: world.key('first'), body: order }).toString('latin1');
  const chunked = 'transfer-encoding: chunked';
  const heads: readonly (readonly string[])[] = [
    [chunked, 'content-length: 4'],
    ['content-length: 4', chunked],
    ['content-length: 0', 'content-length: 5'],
    ['content-length: 0, 5'],
    ['transfer-encoding: xchunked'],
    ['transfer-encoding : chunked'],
    ['transfer-encoding: chunked, identity'],
    ['transfer-encoding:\u000bchunked'],
    ['content-length: -1'],
    ['content-length: +5'],
    ['content-length: 0x10'],
    ['content-length: 1e3'],
    ['content-length: 5 5'],
    ['content-length:'],
    ['transfer-encoding: identity', 'content-length: 3'],
    ['transfer-encoding: chunked', 'transfer-encoding: identity'],
  ];
  const bodies = [
    `0\r\n\r\n${inner}`,
    `ffffffffffffffff\r\n${inner}`,
    `-1\r\n${inner}`,
    `5;x=${'y'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`,
    `0x5\r\nhello\r\n0\r\n\r\n${inner}`,
    `5\r\nhelloX${inner}`,
  ];
  const lines = random.any(heads) ?? [];
  return raw(`smuggling by ${lines.join(' and ')}`, head(world, lines) + (random.any(bodies) ?? ''), world);
};

/** Requests sent ahead of the answers: each gets its own, in their order. */
export const pipelining: Gun = (random, world) => {
  const key = world.key('first');
  const count = random.between(2, 12);
  const requests = Array.from({ length: count }, () =>
    random.pick([
      bytesOf('GET /v2/nowhere', { key }),
      bytesOf('POST /v2/orders', { key, body: '{' }),
      bytesOf(`GET /v2/orders/${world.theirs.orderId}`, { key }),
      bytesOf('PUT /v2/orders', { key }),
      bytesOf('GET /v2/account'),
    ]),
  );
  return raw(`${count} requests at once`, Buffer.concat(requests), world, {
    answers: count,
    mayClose: false,
  });
};

/** Begun and left: in the line, the head, or the body. */
export const halfRequests: Gun = (random, world) => {
  const whole = bytesOf('POST /v2/orders', {
    key: world.key('first'),
    body: orderWith({ client_order_id: smuggledId }),
  });
  const cut = random.between(1, whole.length - 1);
  return raw('half a request', whole.subarray(0, cut), world, { answers: 0 });
};

/** What other servers answer differently: here they mean nothing, or are refused. */
export const conditionals: Gun = (random, world) => {
  const key = world.key('first');
  const headers = random.any<readonly [string, string]>([
    ['if-none-match', '*'],
    ['if-match', '"x"'],
    ['if-modified-since', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ['range', 'bytes=0-0'],
    ['range', 'bytes=-1,0-,5-2'],
    ['accept', 'text/html;q=1.0, */*;q=0'],
    ['accept-encoding', 'gzip;q=9'],
    ['expect', '100-continue'],
    ['expect', 'nonsense'],
    ['upgrade', 'websocket'],
    ['upgrade', 'h2c'],
    ['connection', 'upgrade'],
    ['x-http-method-override', 'DELETE'],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-original-url', '/v1/keys'],
    ['te', 'trailers'],
    ['origin', 'https://evil.example'],
    ['content-type', 'text/xml'],
    ['cookie', 'a=b'],
  ]) ?? ['te', 'trailers'];
  const line = random.pick(['GET /v2/clock', 'HEAD /v2/clock', 'GET /v2/account']);
  return shot(line, { key, headers: [headers] }, { mayPass: true, isBodiless: line.startsWith('HEAD') });
};
