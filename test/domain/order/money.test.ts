import { describe, expect, test } from 'vitest';
import { sumOf } from '../../../domain/account/posting.ts';
import { accept, bust, cancel, correction, execution, replace, rules } from '../../support/order.ts';
import { Items, openAccount, type OrderStory, placed, working } from '../../support/order-story.ts';

/** A fee of 0.1 % of the value. */
const thousandth = { ratePpm: 1_000, perLotMicros: 0, minimum: 0 };
/** At least 9.00, whatever is traded. */
const atLeastNine = { ratePpm: 0, perLotMicros: 0, minimum: 900 };

const posting = ({ events }: OrderStory) => {
  const [event] = events;
  return event && 'posting' in event.data ? event.data.posting : undefined;
};

describe('the hold of a buy', () => {
  test('is the quantity at the limit, and its fees', () => {
    expect(placed({ fees: thousandth }).order.hold).toEqual({ cash: 100_100, shares: 0, exposure: 10 });
  });

  test('of an order without a limit is at the protection price: the reference and the collar', () => {
    expect(placed({ orderType: 'market' }).order).toMatchObject({
      terms: { protectionPrice: 11_000 },
      hold: { cash: 110_000 },
    });
    expect(placed({ orderType: 'stop', stopPrice: '120' }).order.terms.protectionPrice).toBe(13_200);
    expect(placed({ orderType: 'trailing_stop', trailPrice: '5' }).order.terms.protectionPrice).toBe(11_550);
    expect(placed({ orderType: 'trailing_stop', trailPercent: '5' }).order.terms.protectionPrice).toBe(
      11_550,
    );
  });

  test('is rounded up to the cent, all of it at once', () => {
    const grid = { symbol: 'ACME', currency: 'USD', tickSize: '0.001', lotSize: '1' } as const;
    const story = placed({
      quantity: '3',
      limitPrice: '99.999',
      rules: rules({ instrument: { contract: grid, collarPpm: 10_000_000 } }),
    });
    expect(story.order.hold.cash).toBe(30_000);
  });

  test('reserves no exposure where no position limit applies', () => {
    const story = placed({ rules: rules({ instrument: { positionMax: 'unlimited' } }) });
    expect(story.order.hold.exposure).toBe(0);
    story.venue(execution('A', 4));
    expect(story.items.position['exposure']).toBe(100_004);
  });

  test('shrinks with every fill by the share it used, and what was saved comes back', () => {
    const story = working({ fees: thousandth }).venue(execution('A', 4, 9_000));
    expect(posting(story)).toEqual({
      cash: { held: -40_040, clearing: 36_000, fees: 36, available: 4_004 },
      shares: { available: 4, clearing: -4 },
    });
    expect(story.order.hold).toEqual({ cash: 60_060, shares: 0, exposure: 6 });
  });

  test('is swept back when the order closes', () => {
    const story = working().venue(execution('A', 4), { report: 'cancel', reason: 'unsolicited' });
    expect(posting(story)).toEqual({ cash: { held: -60_000, available: 60_000 }, exposure: -6 });
  });
});

describe('the hold of a sale', () => {
  test('is the shares, and no cash while the proceeds pay the fees', () => {
    expect(placed({ side: 'sell', fees: thousandth }).order.hold).toEqual({
      cash: 0,
      shares: 10,
      exposure: 0,
    });
  });

  test('is cash as well where the first share can bring less than the minimum fee', () => {
    const story = placed({ side: 'sell', limitPrice: '95', fees: { ...atLeastNine, minimum: 20_000 } });
    expect(story.order.hold).toEqual({ cash: 20_000 - 9_500, shares: 10, exposure: 0 });
    story.venue(execution('A', 1, 9_500));
    expect(posting(story)?.cash).toEqual({ held: -10_500, clearing: -9_500, fees: 20_000 });
    expect(story.order.hold.cash).toBe(0);
  });

  test('is cash as well where the fees by share exceed the price', () => {
    const perShare = { ratePpm: 0, perLotMicros: 10_000_000_000, minimum: 0 };
    expect(placed({ side: 'sell', fees: perShare }).order.hold.cash).toBeGreaterThanOrEqual(0);
    const cheap = rules({ fees: perShare, instrument: { collarPpm: 1_000_000, passiveBandPpm: 1_000_000 } });
    expect(placed({ side: 'sell', limitPrice: '1', rules: cheap }).order.hold.cash).toBeGreaterThanOrEqual(
      99_000,
    );
  });

  test('is never more for less: a rejected replace leaves no cent to find', () => {
    const dust = { symbol: 'ACME', currency: 'USD', tickSize: '0.0001', lotSize: '0.0133' } as const;
    const given = rules({
      fees: { ratePpm: 250, perLotMicros: 350_000, minimum: 35 },
      instrument: { contract: dust },
    });
    const story = working({ side: 'sell', quantity: '0.0133', limitPrice: '0.9', rules: given });
    story.do(replace('Y', { quantity: '0.0266' }, { rules: given })).venue({ report: 'reject-replace' });
    expect(posting(story)?.cash?.available ?? 0).toBeGreaterThanOrEqual(0);
  });

  test('is released by fills, whose proceeds are available less the fees', () => {
    const story = working({ side: 'sell', fees: thousandth }).venue(execution('A', 4, 10_500));
    expect(posting(story)).toEqual({
      cash: { available: 41_958, clearing: -42_000, fees: 42 },
      shares: { held: -4, clearing: 4 },
      exposure: -4,
    });
  });
});

describe('fees', () => {
  test('of many small fills are those of one large one', () => {
    const story = working({ fees: { ratePpm: 333, perLotMicros: 125_000, minimum: 7 } });
    for (let index = 0; index < 10; index += 1)
      story.venue(execution(`execution ${index}`, 1, 9_901 + index));
    const whole = working({ fees: { ratePpm: 333, perLotMicros: 125_000, minimum: 7 } });
    const value = 10 * 9_901 + 45;
    const charged = story.history.reduce(
      (sum, { type, data }) => sum + (type === 'OrderExecuted' ? data.fee : 0),
      0,
    );
    expect(charged).toBe(Math.max(7, Math.ceil((value * 333) / 1_000_000) + Math.ceil(1.25)));
    expect(story.items.account['available_USD']).toBe(100_000_000 - value - charged);
    expect(whole.order.hold.cash).toBe(100_000 + Math.ceil(33.3) + 2);
  });

  test('have a minimum for the whole order, charged once', () => {
    const story = working({ fees: atLeastNine }).venue(execution('A', 4));
    expect(story.events).toMatchObject([{ data: { fee: 900 } }]);
    expect(story.venue(execution('B', 6)).events).toMatchObject([{ data: { fee: 0 } }]);
  });

  test('come back with a bust of all that was traded', () => {
    const story = working({ fees: atLeastNine }).venue(execution('A', 4), bust('A'));
    expect(posting(story)?.cash).toMatchObject({ fees: -900, clearing: -40_000 });
    expect(story.items.account).toMatchObject({ available_USD: 100_000_000 - 100_900, held_USD: 100_900 });
  });

  test('are those of the day the order was placed', () => {
    const story = working({ fees: thousandth }).do(
      replace(
        'Y',
        { quantity: '20' },
        { rules: rules({ fees: { ratePpm: 999_999, perLotMicros: 0, minimum: 0 } }) },
      ),
    );
    expect(story.order.hold.cash).toBe(200_200);
  });
});

describe('the hold while a replace is pending', () => {
  test.each([
    // new quantity, new price, worst case: max(newQty x newPrice, oldQty x oldPrice + max(0, newQty - oldQty) x newPrice)
    ['20', '100', 200_000],
    ['5', '100', 100_000],
    ['10', '105', 105_000],
    ['10', '95', 100_000],
    ['20', '95', 100_000 + 95_000],
    ['20', '105', 210_000],
    ['9', '109', 100_000],
    ['5', '109', 100_000],
  ])('of 10 at 100 to %s at %s covers both ways it can end', (quantity, limitPrice, cash) => {
    const story = working().do(replace('Y', { quantity, limitPrice }));
    expect(story.order.hold.cash).toBe(cash);
  });

  test('covers a smaller quantity at so much a higher price that it costs more', () => {
    const wide = rules({ instrument: { collarPpm: 1_000_000 } });
    const story = working().do(replace('Y', { quantity: '8', limitPrice: '150' }, { rules: wide }));
    expect(story.order.hold.cash).toBe(120_000);
    story.venue({ report: 'confirm-replace' });
    expect(posting(story)?.cash).toBeUndefined();
  });

  test('counts what is filled already once', () => {
    const story = working()
      .venue(execution('A', 4))
      .do(replace('Y', { quantity: '20', limitPrice: '105' }));
    expect(story.order.hold.cash).toBe(16 * 10_500);
    story.venue(execution('B', 6));
    expect(story.order.hold.cash).toBe(10 * 10_500);
  });

  test('is that of the new terms once confirmed, of the old once rejected', () => {
    const pending = () => working().do(replace('Y', { quantity: '20', limitPrice: '95' }));
    expect(pending().venue({ report: 'confirm-replace' }).order.hold.cash).toBe(190_000);
    expect(pending().venue({ report: 'reject-replace' }).order.hold.cash).toBe(100_000);
  });

  test('of a sale holds the larger quantity', () => {
    const story = working({ side: 'sell' }).do(replace('Y', { quantity: '15' }));
    expect(story.order.hold.shares).toBe(15);
    expect(story.venue({ report: 'reject-replace' }).order.hold.shares).toBe(10);
  });

  test('of a filled order covers what would open it again', () => {
    const story = working()
      .venue(execution('A', 10))
      .do(replace('Y', { quantity: '12' }));
    expect(story.order.hold).toEqual({ cash: 20_000, shares: 0, exposure: 2 });
    expect(story.venue({ report: 'reject-replace' }).order.hold.cash).toBe(0);
  });

  test('raises exposure by the increase alone', () => {
    const story = working().do(replace('Y', { quantity: '15' }));
    expect(story.items.position['exposure']).toBe(100_015);
    expect(story.do(cancel('Z')).venue({ report: 'confirm-cancel' }).items.position['exposure']).toBe(
      100_000,
    );
  });
});

describe('shares an account owes', () => {
  const owing = () => new Items(openAccount, { available: 10, exposure: 4, shortfall: -6 });
  const sale = (lots: number) => placed({ side: 'sell', quantity: String(lots) }, owing());

  test('are not for sale again', () => {
    expect(sale(5).events).toMatchObject([
      { type: 'OrderDenied', data: { reason: 'insufficient_shares', limit: '4', observed: '5' } },
    ]);
    expect(sale(4).items.position).toEqual({ available: 6, held: 4, exposure: 4, shortfall: -6 });
  });

  test('are not taken by a replace either', () => {
    const story = sale(2).venue(accept);
    expect(story.do(replace('Y', { quantity: '5' })).reasons).toEqual(['insufficient_shares']);
    expect(story.do(replace('Z', { quantity: '4' })).decided).toEqual(['ReplaceRequested']);
  });
});

describe('what available cannot bear is a shortfall', () => {
  const cash = (available: number) => new Items({ ...openAccount, available_USD: available });

  test('of cash, for an overfill', () => {
    const story = working({}, cash(110_000)).venue(execution('A', 10), execution('B', 3));
    expect(posting(story)?.cash).toEqual({ available: -10_000, clearing: 30_000, shortfall: -20_000 });
    expect(story.items.account).toMatchObject({ available_USD: 0, shortfall_USD: -20_000, reduceOnly: 1 });
  });

  test('of cash, for a late fill of an order whose hold was swept and spent', () => {
    const story = working({}, cash(100_000)).venue({ report: 'cancel', reason: 'unsolicited' });
    story.items.set('account/account', { ...story.items.account, available_USD: 30_000 });
    story.venue(execution('A', 10));
    expect(story.items.account).toMatchObject({ available_USD: 0, shortfall_USD: -70_000, reduceOnly: 1 });
    expect(story.items.position['available']).toBe(100_010);
  });

  test('of cash, for a bust of a sale whose proceeds are spent', () => {
    const story = working({ side: 'sell' }, cash(0)).venue(execution('A', 10));
    story.items.set('account/account', { ...story.items.account, available_USD: 25_000 });
    story.venue(bust('A'));
    expect(story.items.account).toMatchObject({ available_USD: 0, shortfall_USD: -75_000, reduceOnly: 1 });
    expect(story.order.hold.shares).toBe(10);
  });

  test('of shares, for a bust of a buy that is sold already', () => {
    const story = working({}, new Items(openAccount, { available: 0, exposure: 0 })).venue(
      execution('A', 10),
    );
    story.items.set('account/position-ACME', { available: 4, exposure: 10 });
    story.venue(bust('A'));
    expect(story.items.position).toEqual({ available: 0, exposure: 10, shortfall: -6 });
    expect(story.items.account['reduceOnly']).toBe(1);
  });

  test('of shares, for a late fill of a sale', () => {
    const story = working({ side: 'sell' }, new Items(openAccount, { available: 10, exposure: 10 }));
    story.venue({ report: 'expire', reason: 'day' });
    story.items.set('account/position-ACME', { available: 1, exposure: 1 });
    story.venue(execution('A', 10));
    expect(story.items.position).toEqual({ available: 0, exposure: -9, shortfall: -9 });
  });

  test('of shares, where there is no position at all', () => {
    const story = working({ side: 'sell' }).venue({ report: 'expire', reason: 'day' });
    story.items.delete('account/position-ACME');
    story.venue(execution('A', 2));
    expect(story.items.position).toEqual({ shortfall: -2, exposure: -2 });
  });

  test('and balances all the same', () => {
    const story = working({}, cash(100_000)).venue(execution('A', 20));
    expect(sumOf(posting(story)?.cash ?? {})).toBe(0);
    expect(sumOf(posting(story)?.shares ?? {})).toBe(0);
  });

  test('never for what the account can bear', () => {
    const story = working().venue(execution('A', 10), correction('A', 'B', 10, 10_900));
    expect(story.items.account['shortfall_USD']).toBeUndefined();
    expect(story.items.account['reduceOnly']).toBeUndefined();
  });
});
