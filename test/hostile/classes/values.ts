import { type Gun, order, orderWith, shot } from '../shot.ts';

const types: readonly unknown[] = [
  true,
  false,
  [],
  {},
  [[]],
  ['1'],
  { qty: '1' },
  '',
  ' ',
  '\t',
  'null',
  {},
  [null],
  0,
  -1,
];
const fields = ['symbol', 'qty', 'side', 'type', 'time_in_force', 'limit_price'] as const;

/** Numbers as JSON writes them, or as somebody thought it does: nothing here is a plain amount within bounds. */
const rawNumbers = [
  '-1',
  '-0.0001',
  '1e400',
  '-1e400',
  '1e-400',
  '99999999999999999999',
  '1e21',
  '9007199254740993',
  '0.1234567891',
  '1234567890123456',
  '0',
  '-0',
  '1E5',
  '0.0',
  '1e5',
] as const;
const brokenNumbers = [
  'NaN',
  'Infinity',
  '-Infinity',
  '+1',
  '01',
  '.5',
  '1.',
  '0x10',
  '1_000',
  '1,000',
  '--1',
  '1e',
  '0b1',
  "'1'",
] as const;
const textNumbers = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e3',
  '1E3',
  '0x10',
  '+1',
  '-1',
  ' 1',
  '1 ',
  '1_000',
  '1,000',
  '١٢',
  '１',
  '1.',
  '.1',
  '1..0',
  '1.0.0',
  '9'.repeat(16),
  `0.${'1'.repeat(10)}`,
  '9'.repeat(5_000),
  '',
  '½',
  '1\u0000',
  '\u202e1',
  '1\n',
  'null',
  '0',
  '0.000',
  '-0',
] as const;

export const wrongTypes: Gun = (random, world) =>
  order(orderWith({ [random.pick(fields)]: random.any(types) }), world.key('first'));

export const numbers: Gun = (random, world) => {
  const key = world.key('first');
  const field = random.pick(['qty', 'limit_price']);
  const raw = (text: string) => order(orderWith({ [field]: '#' }).replace('"#"', text), key);
  switch (random.pick(['raw', 'broken', 'text'])) {
    case 'raw':
      return raw(random.pick(rawNumbers));
    case 'broken':
      return raw(random.pick(brokenNumbers));
    default:
      return order(orderWith({ [field]: random.pick(textNumbers) }), key);
  }
};

const unknownFields = [
  'quantity',
  'Qty',
  'QTY',
  'qty ',
  'qty\u0000',
  '$where',
  'account_id',
  'id',
  'status',
  'legs2',
  'é',
  '',
];
const unsupported = [
  { notional: '10' },
  { extended_hours: true },
  { order_class: 'bracket' },
  { take_profit: { limit_price: '1' } },
  { stop_loss: {} },
  { advanced_instructions: {} },
  { position_intent: 'sell_to_open' },
  { position_intent: 'nonsense' },
];

const times = [
  '9999-12-31',
  '2255-06-06T00:00:00Z',
  '0001-01-01',
  '1969-12-31',
  'now',
  '',
  0,
  1e18,
  {},
  '2026-02-30',
];

export const unknownFieldsAndValues: Gun = (random, world) => {
  const key = world.key('first');
  if (random.chance(0.1))
    return order(orderWith({ time_in_force: 'gtd', expires_at: random.any(times) }), key);
  if (random.chance(0.3)) return order(orderWith({ [random.any(unknownFields) ?? 'x']: 1 }), key);
  if (random.chance(0.2)) return order(orderWith(random.any(unsupported) ?? {}), key);
  const choices = [
    'BUY',
    'Sell',
    'short',
    'limit\n',
    'LIMIT',
    'Day',
    'gtx',
    'foreign',
    '',
    '\u0000',
    'buy;DROP TABLE log',
  ];
  const field = random.pick(['side', 'type', 'time_in_force']);
  return order(orderWith({ [field]: random.any(choices) }), key);
};

const symbols = [
  'NOPE',
  'alfa',
  'ALFA ',
  ' ALFA',
  'ALFA\u0000',
  'ÄLFA',
  '../ALFA',
  "ALFA' OR 1=1",
  '%41LFA',
  'A'.repeat(10_000),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\ud83d\udca9',
  'ＡＬＦＡ',
  '',
  '.',
  '*',
  '{{7*7}}',
  '${7*7}',
];

export const unknownSymbols: Gun = (random, world) => {
  const symbol = random.any(symbols) ?? '';
  const key = world.key('first');
  if (random.chance(0.5)) return order(orderWith({ symbol }), key);
  const path = encodeURIComponent(symbol) || '%20';
  const what = random.pick(['assets', 'positions']);
  return shot(`GET /v2/${what}/${path}`, { key });
};

const idempotencyKeys = ['', ' ', 'x'.repeat(129), 'a b', 'ä', '\u0001', 'a\tb', 'x'.repeat(10_000)] as const;

export const badIdempotencyKeys: Gun = (random, world) =>
  shot('POST /v2/orders', {
    key: world.key('first'),
    headers: [['idempotency-key', random.pick(idempotencyKeys)]],
    body: orderWith({ qty: 'x' }),
  });

/** A key that stands for something already, with other content. */
export const replayedKeys: Gun = (random, world) => {
  const { ours, theirs } = world;
  const other = String(random.between(2, 100_000));
  if (random.chance(0.5)) {
    return order(orderWith({ client_order_id: ours.clientOrderId, qty: other }), world.key('first'));
  }
  const account = random.chance(0.5) ? (world.key('first').accountId ?? '') : theirs.accountId;
  const used = account === theirs.accountId ? 'theirs' : ours.transferKey;
  return shot(`POST /v1/accounts/${account}/transfers`, {
    key: world.key('administrator'),
    headers: [['idempotency-key', used]],
    body: JSON.stringify({ direction: 'INCOMING', amount: other }),
  });
};
