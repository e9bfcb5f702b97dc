import { describe, expect, test } from 'vitest';
import { checkedConfig } from '../../../platform/hot-config/check.ts';
import { raisesOf } from '../../../platform/hot-config/raises.ts';
import { configWith } from '../../support/cell.ts';

type Changes = Readonly<Record<string, unknown>>;

const account = 'limits.accounts.default';
const instrument = 'limits.instruments.default';

function raises(before: Changes, after: Changes): readonly string[] {
  const document = (changes: Changes) => checkedConfig(configWith(changes)).config.document;
  return raisesOf(document(before), document(after)).map(({ path }) => path);
}

/** Each way up is a raise at this path, and each way down is none. */
const ladders: readonly (readonly [path: string, member: string, fromTightToLoose: readonly unknown[]])[] = [
  [`${account}.openOrdersMax`, '', [undefined, 0, 10, 'unlimited']],
  [`${account}.orderQuantityMax`, '', [undefined, '1', '2.5', '10', 'unlimited']],
  [`${account}.orderValueMax`, '.USD', [undefined, { USD: '9.00' }, { USD: '10' }, { USD: 'unlimited' }]],
  [`${account}.dayNotionalMax`, '.USD', [{ EUR: '1' }, { EUR: '1', USD: '1' }, { EUR: '1', USD: '2' }]],
  [`${account}.permittedSymbols`, '', [undefined, ['ALFA'], ['ALFA', 'BRVO'], 'all']],
  [`${account}.restrictedSymbols`, '', [['ALFA', 'BRVO'], ['ALFA'], undefined]],
  [`${account}.duplicateWindowMs`, '', [500, 100, 0]],
  [`${instrument}.positionMax`, '', [undefined, '5', '6', 'unlimited']],
  [`${instrument}.orderValueMax`, '', ['5', '6', 'unlimited']],
  [`${instrument}.transferApprovalAbove`, '', [undefined, '5', '6', 'unlimited']],
  ['instruments.0.collarPpm', '', [0, 1, 50_000]],
  ['instruments.0.passiveBandPpm', '', [1, 2]],
  ['instruments.0.referenceAgeMaxMs', '', [1, 2]],
  ['instruments.0.tradable', '', [false, true]],
  ['instruments.0.halted', '', [true, false]],
  [
    'rateLimits.default',
    '',
    [
      { requestsPerMinute: 1, burst: 1 },
      { requestsPerMinute: 1, burst: 2 },
      { requestsPerMinute: 9, burst: 2 },
      'unlimited',
    ],
  ],
  ['switches.firm', '', [true, false]],
  ['switches.accounts', '', [['a', 'b'], ['a'], []]],
  ['switches.instruments', '', [['ALFA'], []]],
  [
    'surveillance.default.messageRate',
    '',
    [{ windowSeconds: 10, soft: 1, hard: 3 }, { windowSeconds: 10, hard: 4 }, undefined],
  ],
  [
    'surveillance.default.dayLoss',
    '.USD',
    [{ USD: { hard: '5.00' } }, { USD: { soft: '1', hard: '6' } }, { USD: { hard: 'unlimited' } }],
  ],
  ['surveillance.default.exposure', '.USD', [{ USD: { hard: '5' } }, {}]],
  ['surveillance.default.instrumentExposure', '.USD', [{ USD: { hard: '5' } }, {}]],
  ['webhooks', '.perAccountMax', [{ perAccountMax: 0 }, undefined, { perAccountMax: 11 }]],
  ['webhooks', '.allowHttp', [undefined, { allowHttp: true }]],
  ['webhooks', '.ports', [{}, { ports: [443, 8443] }, { ports: 'any' }]],
  [
    'webhooks',
    '.allowedNetworks',
    [{}, { allowedNetworks: ['10.0.0.0/8'] }, { allowedNetworks: ['10.0.0.0/8', 'fd00::/8'] }],
  ],
  ['transferApprovalAbove', '.USD', [{}, { USD: '5' }, { USD: '6' }, { USD: 'unlimited' }]],
];

test('a rate that is watched over another window is a raise, wherever the number goes', () => {
  const path = 'surveillance.default.repeatedExecutions';
  const ten = { [path]: { windowSeconds: 10, hard: 5 } };
  const sixty = { [path]: { windowSeconds: 60, hard: 5 } };
  expect(raises(ten, sixty)).toEqual([path]);
  expect(raises(sixty, ten)).toEqual([path]);
});

test('to watch nothing any more is a raise of everything that was watched', () => {
  expect(raises({}, { surveillance: undefined })).toEqual([
    'surveillance.default.messageRate',
    'surveillance.default.exposure.USD',
    'surveillance.default.instrumentExposure.USD',
    'surveillance.default.dayLoss.USD',
  ]);
  expect(raises({ surveillance: undefined }, {})).toEqual([]);
});

describe('what lets more through than before is a raise, and what lets less through is none', () => {
  for (const [path, member, steps] of ladders) {
    test(path, () => {
      for (const [place, tight] of steps.entries()) {
        for (const loose of steps.slice(place + 1)) {
          expect(raises({ [path]: tight }, { [path]: loose }), JSON.stringify([tight, loose])).toEqual([
            path + member,
          ]);
          expect(raises({ [path]: loose }, { [path]: tight })).toEqual([]);
        }
      }
    });
  }
});

describe('exceptions', () => {
  const byId = (limits?: unknown) => ({ 'limits.accounts.byId': limits === undefined ? {} : { a: limits } });
  const max = { [`${account}.openOrdersMax`]: 10 };

  test('taking out one that was tighter is a raise, one that was looser is none', () => {
    const path = 'limits.accounts.byId.a.openOrdersMax';
    expect(raises({ ...max, ...byId({ openOrdersMax: 3 }) }, { ...max, ...byId() })).toEqual([path]);
    expect(raises({ ...max, ...byId({ openOrdersMax: 30 }) }, { ...max, ...byId() })).toEqual([]);
  });

  test('a raised default does not reach who has a limit of their own', () => {
    const own = byId({ openOrdersMax: 3 });
    expect(raises({ ...max, ...own }, { [`${account}.openOrdersMax`]: 11, ...own })).toEqual([
      `${account}.openOrdersMax`,
    ]);
  });

  test('a default that is lowered while an exception keeps what it had raises nothing', () => {
    const before = { ...max, ...byId() };
    const after = { [`${account}.openOrdersMax`]: 5, ...byId({ openOrdersMax: 10 }) };
    expect(raises(before, after)).toEqual([]);
  });

  test('an instrument of its own tells for itself', () => {
    const by = (limits: object) => ({ 'limits.instruments.bySymbol': { ALFA: limits } });
    expect(raises(by({ positionMax: '1' }), by({ positionMax: '2' }))).toEqual([
      'limits.instruments.bySymbol.ALFA.positionMax',
    ]);
  });
});

test.each([
  [{ 'instruments.0.tradable': false }, { 'instruments.0.tradable': true }, 'false becomes true'],
  [{ 'instruments.0.halted': true }, { 'instruments.0.halted': false }, 'true becomes false'],
  [{ webhooks: {} }, { webhooks: { allowHttp: true } }, 'false becomes true'],
])('who approves is shown what becomes of what: %j', (before, after, message) => {
  const document = (changes: Changes) => checkedConfig(configWith(changes)).config.document;
  expect(raisesOf(document(before), document(after))).toMatchObject([{ message }]);
});

test('a new instrument that can be traded is a raise, one that waits is none', () => {
  const entries = checkedConfig(configWith({})).config.document.instruments;
  const [first] = entries;
  const withNew = (tradable: boolean) => ({
    instruments: [...entries, { ...first, symbol: 'NEWX', tradable }],
  });
  expect(raises({}, withNew(true))).toEqual([`instruments.${entries.length}.tradable`]);
  expect(raises({}, withNew(false))).toEqual([]);
});

test('an instrument that is taken out, or gets another symbol, is told by what becomes of those who hold it', () => {
  const { document } = checkedConfig(configWith({})).config;
  const without = checkedConfig(configWith({ instruments: document.instruments.slice(1) })).config.document;
  const message =
    'ALFA is taken out; until it is back, what accounts hold of it is neither shown nor counted, and can be neither sold nor transferred';
  expect(raisesOf(document, without)).toEqual([{ path: 'instruments', message }]);
  expect(raises({}, { 'instruments.0.symbol': 'ALFB' })).toEqual(['instruments', 'instruments.0.tradable']);
  expect(raises({ 'instruments.0.tradable': false }, { instruments: document.instruments.slice(1) })).toEqual(
    ['instruments'],
  );
});

test('moving entries about, fees, names and hours raise nothing; another currency does', () => {
  const entries = checkedConfig(configWith({})).config.document.instruments;
  expect(raises({}, { instruments: entries.toReversed() })).toEqual([]);
  expect(raises({}, { 'instruments.0.name': 'Renamed', 'fees.default.ratePpm': 1 })).toEqual([]);
  expect(raises({}, { 'instruments.0.currency': 'JPY' })).toEqual(['instruments.0.currency']);
});
