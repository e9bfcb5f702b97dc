import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assert, ImpossibleState, unreachable } from '../../../domain/values/assert.ts';
import { formatFixed, formatScaled, parseDecimal, parseScaled } from '../../../domain/values/decimal.ts';
import { clientOrderId, orderId } from '../../../domain/values/ids.ts';
import { safe, scaleBy } from '../../../domain/values/integer.ts';
import { currencies, formatMoney, isCurrency, money, parseMoney } from '../../../domain/values/money.ts';
import { notionalOf } from '../../../domain/values/notional.ts';
import { price } from '../../../domain/values/price.ts';
import { least, quantity } from '../../../domain/values/quantity.ts';
import { formatTimestamp, parseTimestamp, timestamp } from '../../../domain/values/time.ts';

describe('decimal text', () => {
  test.each([
    ['123.45', 2, 12_345],
    ['123.4', 2, 12_340],
    ['123', 2, 12_300],
    ['123.4500', 2, 12_345],
    ['-0.01', 2, -1],
    ['+1', 0, 1],
    ['-0', 0, 0],
    ['000012', 0, 12],
    ['9007199254740991', 0, Number.MAX_SAFE_INTEGER],
  ])('%s at scale %i is %i', (text, scale, value) => {
    expect(parseScaled(text, scale)).toBe(value);
  });

  test.each(['', '.', '1.', '.5', '1e3', '1,5', ' 1', '1 ', '0x1', 'NaN', 'Infinity', '--1', '1.2.3', '٣'])(
    '"%s" is no decimal',
    (text) => {
      expect(parseScaled(text, 18)).toBeUndefined();
    },
  );

  test('with more decimals than there are, or too large, is refused, not rounded', () => {
    expect(parseScaled('1.001', 2)).toBeUndefined();
    expect(parseScaled('9007199254740992', 0)).toBeUndefined();
    expect(parseScaled('90071992547409.92', 2)).toBeUndefined();
  });

  test.each([
    [12_345, 2, '123.45', '123.45'],
    [12_300, 2, '123.00', '123'],
    [12_000, 0, '12000', '12000'],
    [10, 3, '0.010', '0.01'],
    [0, 2, '0.00', '0'],
    [-5, 2, '-0.05', '-0.05'],
    [-100, 2, '-1.00', '-1'],
  ])('%i at scale %i is written %s, or %s for short', (value, scale, fixed, short) => {
    expect(formatFixed(value, scale)).toBe(fixed);
    expect(formatScaled(value, scale)).toBe(short);
  });

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 12 }), (value, scale) => {
        expect(parseScaled(formatFixed(value, scale), scale)).toBe(value === 0 ? 0 : value);
        expect(parseScaled(formatScaled(value, scale), scale)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  test('of a tick is positive', () => {
    expect(parseDecimal('0.0100')).toEqual({ digits: 1, scale: 2 });
    expect(parseDecimal('5')).toEqual({ digits: 5, scale: 0 });
    for (const text of ['0', '-1', 'x', '0.00']) expect(parseDecimal(text)).toBeUndefined();
  });
});

describe('integers', () => {
  test('beyond what is exact end the command', () => {
    expect(() => safe(Number.MAX_SAFE_INTEGER + 1)).toThrow(ImpossibleState);
    expect(() => safe(0.5)).toThrow(ImpossibleState);
    expect(() => notionalOf(quantity(2 ** 30), price(2 ** 30))).toThrow(ImpossibleState);
  });

  test('scaled are exact, rounded towards the side that is named', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.integer({ min: 0, max: 2_000_000 }),
        fc.constantFrom(1, 100, 1_000_000, 7),
        (value, numerator, denominator) => {
          const exact = BigInt(value) * BigInt(numerator);
          const floor =
            exact / BigInt(denominator) - (exact < 0n && exact % BigInt(denominator) !== 0n ? 1n : 0n);
          const ceiling = floor + (exact % BigInt(denominator) === 0n ? 0n : 1n);
          fc.pre(Number.isSafeInteger(Number(floor)) && Number.isSafeInteger(Number(ceiling)));
          expect(BigInt(scaleBy(value, numerator, denominator, 'down'))).toBe(floor);
          expect(BigInt(scaleBy(value, numerator, denominator, 'up'))).toBe(ceiling);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('one constructor each', () => {
  test('refuses what is none', () => {
    expect(() => price(-1)).toThrow(ImpossibleState);
    expect(() => price(1.5)).toThrow(ImpossibleState);
    expect(() => quantity(-1)).toThrow(ImpossibleState);
    expect(() => money(0.1)).toThrow(ImpossibleState);
    expect(() => timestamp(-1)).toThrow(ImpossibleState);
    expect(() => orderId('')).toThrow(ImpossibleState);
    expect(() => clientOrderId('x'.repeat(129))).toThrow(ImpossibleState);
  });

  test('money may be negative, quantities have a least', () => {
    expect(money(-5)).toBe(-5);
    expect(least(quantity(3), quantity(2))).toBe(2);
    expect(least(quantity(2), quantity(3))).toBe(2);
  });
});

describe('money', () => {
  test('has the decimals of its currency', () => {
    expect(formatMoney(money(12_345), 'USD')).toBe('123.45');
    expect(formatMoney(money(12_345), 'JPY')).toBe('12345');
    expect(parseMoney('123.45', 'USD')).toBe(12_345);
    expect(parseMoney('123.45', 'JPY')).toBeUndefined();
    expect(currencies).toContain('EUR');
    expect(isCurrency('toString')).toBe(false);
  });
});

describe('a timestamp', () => {
  test.each([
    ['2024-01-08T12:00:00Z', '2024-01-08T12:00:00.000000Z'],
    ['2024-01-08T12:00:00.123456789Z', '2024-01-08T12:00:00.123456Z'],
    ['2024-01-08T12:00:00.5+02:00', '2024-01-08T10:00:00.500000Z'],
    ['2024-01-08t12:00:00z', '2024-01-08T12:00:00.000000Z'],
    ['2024-01-08', '2024-01-08T00:00:00.000000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000000Z'],
  ])('%s is %s', (text, written) => {
    const at = parseTimestamp(text);
    expect(at === undefined ? undefined : formatTimestamp(at)).toBe(written);
  });

  test.each([
    '',
    'today',
    '2024-13-01',
    '2024-02-30',
    '2023-02-29T00:00:00Z',
    '2024-01-08T25:00:00Z',
    '2024-01-08T12:00:00',
    '1969-12-31T23:59:59Z',
    '2200-01-01',
    '9999-12-31T23:59:59-23:59',
    '1704715200',
    '2200-01-01T00:00:00Z',
    '2199-12-31T23:59:59-00:01',
    '9999-12-31',
  ])('%s is none', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000_000 }), (at) => {
        expect(parseTimestamp(formatTimestamp(timestamp(at)))).toBe(at);
      }),
    );
  });
});

test('an assertion names its claim', () => {
  expect(() => assert(false, 'the sky is green')).toThrow('the sky is green');
  expect(() => unreachable('blue' as never)).toThrow('"blue"');
});
