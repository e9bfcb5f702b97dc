import { type Gun, order, orderWith, shot } from '../shot.ts';

const megabyte = 1024 * 1024;

const notJson = [
  '{',
  '}',
  '[',
  '"',
  '{"qty":',
  '{"qty":1,}',
  "{'qty':1}",
  '{qty:1}',
  '// x\n{}',
  '/* */{}',
  '{"a":1}{"b":2}',
  '\ufeff{"qty":"1"}',
  '{"qty":"\u0001"}',
  '{"a":"\\x"}',
  '{"a":"\\u12"}',
  '<order/>',
  'qty=1&side=buy',
  '--x\r\nContent-Disposition: form-data\r\n',
  'undefined',
  'True',
] as const;
const notAnObject = ['null', '1', '"order"', '[]', 'true', '[{}]', '""', '-0', '[[[[]]]]', '{}'] as const;

export const malformedJson: Gun = (random, world) =>
  order(random.chance(0.6) ? random.pick(notJson) : random.pick(notAnObject), world.key('first'));

/** Deep and wide: what a recursive or quadratic reader would choke on. */
export const deepAndWide: Gun = (random, world) => {
  const key = world.key('first');
  const depth = random.between(100, 20_000);
  const width = random.between(100, 5_000);
  const members = () => Array.from({ length: width }, (_, index) => `"k${index}":${index}`).join();
  const bodies = [
    () => '['.repeat(depth) + ']'.repeat(depth),
    () => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
    () => orderWith({ qty: '#' }).replace('"#"', '['.repeat(depth) + ']'.repeat(depth)),
    () => `{${members()}}`,
    () => orderWith({ legs: Array.from({ length: width }, () => ({ qty: '1' })) }),
    () => orderWith({ client_order_id: 'x'.repeat(width * 10) }),
    () => '['.repeat(depth),
  ];
  return order(random.any(bodies)?.() ?? '', key);
};

/** Of two members with one name the last one counts, as everywhere in JavaScript; then it must be wrong by itself. */
export const duplicateMembers: Gun = (random, world) => {
  const good = orderWith({});
  const twice = random.pick([
    '"qty":"-1"',
    '"symbol":"NOPE"',
    '"side":null',
    '"qty":{}',
    '"type":"x"',
    '"__proto__":{"qty":"1"}',
  ]);
  return order(`${good.slice(0, -1)},${twice}}`, world.key('first'));
};

const prototypeNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
] as const;

export const prototypeKeys: Gun = (random, world) => {
  const key = world.key('first');
  const name = random.pick(prototypeNames);
  const poison = random.pick(['{"isAdmin":true}', '{"role":"administrator"}', '"x"', '[]', '{"qty":"1"}']);
  if (random.chance(0.6)) return order(`${orderWith({}).slice(0, -1)},"${name}":${poison}}`, key);
  if (random.chance(0.5)) return shot(`GET /v2/orders?${name}=1`, { key });
  return shot(`GET /v2/orders/${name}`, { key });
};

/** Not UTF-8, not Unicode, or something else than it says. */
export const badEncodings: Gun = (random, world) => {
  const key = world.key('first');
  const inSymbol = (bytes: readonly number[]) => {
    const [before = '', after = ''] = orderWith({ symbol: '#' }).split('#');
    return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
  };
  const bodies = [
    () => inSymbol([0xff, 0xfe]),
    () => inSymbol([0xc0, 0xaf]),
    () => inSymbol([0xed, 0xa0, 0x80]),
    () => inSymbol([0xf4, 0x90, 0x80, 0x80]),
    () => inSymbol([0x00]),
    () => inSymbol([0xe2, 0x82]),
    () => Buffer.from(orderWith({}), 'utf16le'),
    () => Buffer.from(orderWith({ symbol: '#' }).replace('#', '\\ud800')),
    () => Buffer.from(orderWith({ client_order_id: '#' }).replace('#', '\\u0000')),
    () => Buffer.from(orderWith({ client_order_id: '#' }).replace('#', '\\udfff\\ud800')),
    () => Buffer.from([0x1f, 0x8b, 0x08, 0x00]),
  ];
  const headers = random.chance(0.3) ? ([['content-encoding', 'gzip']] as const) : [];
  return shot('POST /v2/orders', { key, headers, body: random.any(bodies)?.() ?? '' });
};

/** Larger than a body may be, or saying so. After what was refused unread the connection is closed. */
export const largeBodies: Gun = (random, world) => {
  const key = world.key('first');
  const size = megabyte + random.between(1, 1_000);
  const line = 'POST /v2/orders';
  switch (random.pick(['said', 'padded', 'full', 'chunked', 'exact'])) {
    case 'said':
      return shot(line, {
        key,
        headers: [['content-length', String(random.pick([size, 1e12, 2 ** 53]))]],
        measured: false,
      });
    case 'padded':
      return order(`${orderWith({})}${' '.repeat(size)}`, key, { mayClose: true });
    case 'chunked': {
      const chunk = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`;
      return shot(
        line,
        { key, headers: [['transfer-encoding', 'chunked']], body: chunk, measured: false },
        { mayClose: true },
      );
    }
    case 'exact':
      return order(orderWith({ client_order_id: '#' }).replace('#', 'x'.repeat(megabyte - 200)), key);
    default:
      return order('x'.repeat(size), key, { mayClose: true });
  }
};
