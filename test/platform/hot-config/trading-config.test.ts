import { describe, expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import { checkedConfig, InvalidConfig } from '../../../platform/hot-config/check.ts';
import { rulesFor } from '../../../platform/hot-config/rules-for.ts';
import { configWith } from '../../support/cell.ts';

const now = timestamp(Date.parse('2026-11-23T15:00:00Z') * 1000);
const account = 'limits.accounts.default';

function rules(changes: Readonly<Record<string, unknown>> = {}, symbol = 'ALFA') {
  const { config } = checkedConfig(configWith(changes));
  const stops = { firm: false, account: false, instrument: false };
  return rulesFor(config, { accountId: 'a', symbol, now, epoch: 3, reference: undefined, stops });
}

describe('rules', () => {
  test('limits come in lots and minor units of the instrument', () => {
    expect(rules()).toMatchObject({
      day: '2026-11-23',
      session: 'open',
      instrument: { orderQuantityMax: 100_000, orderValueMax: 500_000_000, positionMax: 1_000_000 },
      account: { epoch: 3, orderValueMax: 500_000_000, dayNotionalMax: 10_000_000_000 },
    });
    const byTens = { 'instruments.0.lotSize': '10' };
    expect(rules(byTens).instrument?.orderQuantityMax).toBe(10_000);
  });

  test('a limit between two lots is rounded down, never up', () => {
    const changed = { 'instruments.0.lotSize': '100', 'limits.instruments.default.positionMax': '199.99' };
    expect(rules(changed).instrument?.positionMax).toBe(1);
  });

  test('an account and an instrument override the default, field by field', () => {
    const changed = {
      'limits.accounts.byId': { a: { openOrdersMax: 3 } },
      'limits.instruments.bySymbol': { ALFA: { orderValueMax: '10.00' } },
    };
    expect(rules(changed)).toMatchObject({
      account: { openOrdersMax: 3, orderQuantityMax: 100_000 },
      instrument: { orderValueMax: 1_000, positionMax: 1_000_000 },
    });
  });

  test('what is not configured stays undefined, and unlimited is said out loud', () => {
    const changed = {
      [`${account}.openOrdersMax`]: undefined,
      [`${account}.dayNotionalMax`]: { EUR: '1.00' },
      [`${account}.orderValueMax`]: { USD: 'unlimited' },
    };
    expect(rules(changed).account).toMatchObject({
      openOrdersMax: undefined,
      dayNotionalMax: undefined,
      orderValueMax: 'unlimited',
    });
    expect(rules({ [`${account}.permittedSymbols`]: undefined }).account.permittedSymbols).toEqual([]);
  });

  test('an unknown instrument has no rules and no open session', () => {
    expect(rules({}, 'NOPE')).toMatchObject({ instrument: undefined, session: 'closed' });
  });
});

describe('a config', () => {
  test('has the same version for the same content, and another for any other', () => {
    const one = checkedConfig(configWith({}));
    expect(checkedConfig(configWith({})).version).toBe(one.version);
    expect(checkedConfig(configWith({ 'switches.firm': true })).version).not.toBe(one.version);
  });

  test.each([
    ['a limit that is a number', { [`${account}.orderQuantityMax`]: 100 }, 'orderQuantityMax'],
    ['a negative limit', { [`${account}.orderQuantityMax`]: '-1' }, 'orderQuantityMax'],
    ['a misspelt field', { [`${account}.openOrderMax`]: 5 }, 'openOrderMax'],
    ['a session nobody declared', { 'instruments.0.session': 'moon' }, 'instruments.0.session'],
    ['a symbol twice', { 'instruments.1.symbol': 'ALFA' }, 'ALFA is there twice'],
    ['a tick of nothing', { 'instruments.0.tickSize': '0' }, 'tickSize'],
    ['an unknown time zone', { dayTimeZone: 'Mars/Olympus' }, 'dayTimeZone'],
    ['a clock without a session', { clockSession: 'moon' }, 'clockSession'],
  ])('with %s is refused, and says where', (_what, changes, where) => {
    const check = () => checkedConfig(configWith(changes));
    expect(check).toThrow(InvalidConfig);
    expect(check).toThrow(where);
  });
});
