import { describe, expect, test } from 'vitest';
import type { Item } from '../../../domain/account/items.ts';
import type { PlaceOrder } from '../../../domain/order/commands.ts';
import type { Reason } from '../../../domain/risk/reasons.ts';
import { price } from '../../../domain/values/price.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { now, type OrderChange, place, rules, type RulesChange } from '../../support/order.ts';
import { Items, openAccount, openPosition, OrderStory, placed } from '../../support/order-story.ts';

interface Fault {
  readonly reason: Reason;
  readonly rules?: RulesChange;
  readonly order?: OrderChange;
  readonly account?: Item;
  readonly position?: Item;
}

/** Every pre-trade control with the one thing that breaks it, in the order in which they are promised to be checked. */
const controls: readonly Fault[] = [
  { reason: 'kill_switch_firm', rules: { switches: { firm: true, account: false, instrument: false } } },
  { reason: 'kill_switch_account', rules: { switches: { firm: false, account: true, instrument: false } } },
  {
    reason: 'kill_switch_instrument',
    rules: { switches: { firm: false, account: false, instrument: true } },
  },
  { reason: 'instrument_not_permitted', rules: { account: { permittedSymbols: ['OTHER'] } } },
  { reason: 'instrument_restricted', rules: { account: { restrictedSymbols: ['ACME'] } } },
  { reason: 'instrument_not_tradable', rules: { instrument: { tradable: false } } },
  { reason: 'instrument_halted', rules: { instrument: { halted: true } } },
  { reason: 'terms_inconsistent', order: { stopPrice: '90' } },
  { reason: 'quantity_off_lot', order: { quantity: '1.5' } },
  { reason: 'price_off_tick', order: { limitPrice: '100.001' } },
  { reason: 'session_closed', rules: { session: 'closed' }, order: { timeInForce: 'ioc' } },
  { reason: 'expiry_passed', order: { timeInForce: 'gtd', expireAt: now } },
  { reason: 'limit_not_configured', rules: { account: { openOrdersMax: undefined } } },
  { reason: 'maximum_order_quantity', rules: { instrument: { orderQuantityMax: 9 } } },
  {
    reason: 'reference_price_stale',
    rules: { reference: { price: price(10_000), at: timestamp(now - 61_000_000) } },
  },
  { reason: 'price_outside_collar', order: { limitPrice: '111' } },
  { reason: 'maximum_order_value', rules: { account: { orderValueMax: 99_999 } } },
  { reason: 'account_halted', account: { status: 'halted' } },
  { reason: 'account_moved', account: { epoch: 2 } },
  { reason: 'account_reduce_only', account: { reduceOnly: 1 } },
  { reason: 'insufficient_funds', account: { available_USD: 99_999 } },
  { reason: 'maximum_open_orders', account: { openOrders: 100 } },
  { reason: 'maximum_day_notional', account: { day_USD: '2024-01-08', dayNotional_USD: 100_000_000_000 } },
  { reason: 'maximum_position', position: { exposure: 999_991 } },
];

function merged(faults: readonly Fault[]): { readonly command: PlaceOrder; readonly items: Items } {
  const change: RulesChange = {
    ...Object.assign({}, ...faults.map((fault) => fault.rules ?? {})),
    instrument: Object.assign({}, ...faults.map((fault) => fault.rules?.instrument ?? {})) as object,
    account: Object.assign({}, ...faults.map((fault) => fault.rules?.account ?? {})) as object,
  };
  const order = Object.assign({}, ...faults.map((fault) => fault.order ?? {})) as OrderChange;
  const account = Object.assign({}, openAccount, ...faults.map((fault) => fault.account ?? {})) as Item;
  const position = Object.assign({}, openPosition, ...faults.map((fault) => fault.position ?? {})) as Item;
  return { command: place({ ...order, rules: rules(change) }), items: new Items(account, position) };
}

function reasonOf(...faults: readonly Fault[]): readonly string[] {
  const { command, items } = merged(faults);
  return new OrderStory(items).do(command).reasons;
}

describe('a pre-trade control', () => {
  test.each(controls)('denies for $reason', (fault) => {
    expect(reasonOf(fault)).toEqual([fault.reason]);
  });

  test('that comes earlier decides which reason is told, for every two of them', () => {
    for (const [index, earlier] of controls.entries()) {
      for (const later of controls.slice(index + 1)) {
        if (overlap(earlier, later)) continue;
        expect(`${reasonOf(earlier, later).join()} before ${later.reason}`).toBe(
          `${earlier.reason} before ${later.reason}`,
        );
      }
    }
  });

  test('uses up the id, holds nothing, and leaves the account alone', () => {
    const items = new Items({ ...openAccount, available_USD: 1 });
    const story = placed({}, items);
    expect(story.state).toMatchObject({
      kind: 'denied',
      denial: { clientOrderId: 'X', reason: 'insufficient_funds' },
    });
    expect(items.account).toEqual({ ...openAccount, available_USD: 1 });
  });

  test('that does not deny leaves the order with its inputs recorded', () => {
    const story = placed({
      rules: rules({ reference: { price: price(10_100), at: timestamp(now - 5_000_000) } }),
    });
    expect(story.events).toMatchObject([
      {
        type: 'OrderPlaced',
        data: {
          reference: { price: 10_100, ageMs: 5_000 },
          epoch: 1,
          dayNotional: 100_000,
          day: '2024-01-08',
        },
      },
    ]);
  });
});

/** Two faults in the same field cannot both be there. */
function overlap(a: Fault, b: Fault): boolean {
  const keys = ({ rules: change, order, account, position }: Fault) => [
    ...Object.keys(change ?? {}).filter((name) => name !== 'instrument' && name !== 'account'),
    ...Object.keys(change?.instrument ?? {}).map((name) => `instrument ${name}`),
    ...Object.keys(change?.account ?? {}).map((name) => `account ${name}`),
    ...Object.keys(order ?? {}).map((name) => `order ${name}`),
    ...Object.keys(account ?? {}).map((name) => `item ${name}`),
    ...Object.keys(position ?? {}).map((name) => `position ${name}`),
  ];
  return keys(a).some((name) => keys(b).includes(name));
}

describe('what is missing denies', () => {
  test.each<[Reason, string | undefined, Fault['rules']]>([
    ['instrument_unknown', undefined, { instrument: undefined as never }],
    ['limit_not_configured', 'openOrdersMax', { account: { openOrdersMax: undefined } }],
    ['limit_not_configured', 'dayNotionalMax', { account: { dayNotionalMax: undefined } }],
    ['limit_not_configured', 'positionMax', { instrument: { positionMax: undefined } }],
    [
      'limit_not_configured',
      'orderQuantityMax',
      { account: { orderQuantityMax: undefined }, instrument: { orderQuantityMax: undefined } },
    ],
    [
      'limit_not_configured',
      'orderValueMax',
      { account: { orderValueMax: undefined }, instrument: { orderValueMax: undefined } },
    ],
    ['reference_price_missing', undefined, { reference: undefined }],
  ])('%s %s', (reason, limit, change) => {
    const given = rules(change);
    const rulesGiven = reason === 'instrument_unknown' ? { ...given, instrument: undefined } : given;
    const { events } = placed({ rules: rulesGiven });
    expect(events).toMatchObject([{ type: 'OrderDenied', data: { reason, ...(limit && { limit }) } }]);
  });

  test('an account that does not exist', () => {
    const items = new Items();
    items.delete('account/account');
    expect(placed({}, items).reasons).toEqual(['account_unknown']);
  });

  test('a reference price for an order without a limit', () => {
    const { reasons } = placed({ orderType: 'market', rules: rules({ reference: undefined }) });
    expect(reasons).toEqual(['reference_price_missing']);
  });
});

describe('numbers decide, and are told', () => {
  test.each<[string, Fault, object]>([
    [
      'funds',
      { reason: 'insufficient_funds', account: { available_USD: 99_999 } },
      { limit: '999.99', observed: '1000.00' },
    ],
    [
      'open orders',
      { reason: 'maximum_open_orders', account: { openOrders: 100 } },
      { limit: '100', observed: '101' },
    ],
    [
      'position',
      { reason: 'maximum_position', position: { exposure: 999_991 } },
      { limit: '1000000', observed: '1000001' },
    ],
    [
      'collar',
      { reason: 'price_outside_collar', order: { limitPrice: '110.01' } },
      { limit: '50 to 110', observed: '110.01' },
    ],
    [
      'value',
      { reason: 'maximum_order_value', rules: { account: { orderValueMax: 99_999 } } },
      { limit: '999.99', observed: '1000.00' },
    ],
    [
      'age',
      {
        reason: 'reference_price_stale',
        rules: { reference: { price: price(10_000), at: timestamp(now - 60_001_000) } },
      },
      { limit: '60000 ms', observed: '60001 ms' },
    ],
    [
      'quantity',
      { reason: 'maximum_order_quantity', rules: { account: { orderQuantityMax: 9 } } },
      { limit: '9', observed: '10' },
    ],
  ])('%s', (_, fault, numbers) => {
    const { command, items } = merged([fault]);
    expect(new OrderStory(items).do(command).events).toMatchObject([
      { data: { reason: fault.reason, ...numbers } },
    ]);
  });

  test.each<[string, Fault]>([
    ['funds', { reason: 'insufficient_funds', account: { available_USD: 100_000 } }],
    ['open orders', { reason: 'maximum_open_orders', account: { openOrders: 99 } }],
    ['position', { reason: 'maximum_position', position: { exposure: 999_990 } }],
    ['upper collar', { reason: 'price_outside_collar', order: { limitPrice: '110' } }],
    ['passive band', { reason: 'price_outside_collar', order: { limitPrice: '50' } }],
    ['value', { reason: 'maximum_order_value', rules: { account: { orderValueMax: 100_000 } } }],
    [
      'age',
      {
        reason: 'reference_price_stale',
        rules: { reference: { price: price(10_000), at: timestamp(now - 60_000_000) } },
      },
    ],
    ['quantity', { reason: 'maximum_order_quantity', rules: { account: { orderQuantityMax: 10 } } }],
    [
      'no numbers at all',
      {
        reason: 'maximum_order_value',
        rules: {
          account: {
            orderValueMax: 'unlimited',
            orderQuantityMax: 'unlimited',
            openOrdersMax: 'unlimited',
            dayNotionalMax: 'unlimited',
          },
          instrument: { orderQuantityMax: 'unlimited', orderValueMax: 'unlimited', positionMax: 'unlimited' },
        },
      },
    ],
  ])('exactly at the limit passes: %s', (_, fault) => {
    expect(reasonOf(fault)).toEqual([]);
  });

  test('a sale is measured from the other side', () => {
    expect(placed({ side: 'sell', limitPrice: '89.99' }).reasons).toEqual(['price_outside_collar']);
    expect(placed({ side: 'sell', limitPrice: '90' }).reasons).toEqual([]);
    expect(placed({ side: 'sell', limitPrice: '150.01' }).reasons).toEqual(['price_outside_collar']);
  });

  test('a sale needs the shares', () => {
    const story = placed({ side: 'sell' }, new Items(openAccount, { available: 9 }));
    expect(story.events).toMatchObject([
      { data: { reason: 'insufficient_shares', limit: '9', observed: '10' } },
    ]);
    const none = new Items();
    none.delete('account/position-ACME');
    expect(placed({ side: 'sell' }, none).reasons).toEqual(['insufficient_shares']);
  });

  test('a sale may reduce what a reduce-only account holds', () => {
    expect(placed({ side: 'sell' }, new Items({ ...openAccount, reduceOnly: 1 })).reasons).toEqual([]);
  });

  test('a closed account says so', () => {
    expect(placed({}, new Items({ ...openAccount, status: 'closed' })).reasons).toEqual(['account_closed']);
  });

  test.each([
    { quantity: '90071992547409', limitPrice: '109' },
    { quantity: '1', limitPrice: '90071992547409.91' },
    { orderType: 'stop', stopPrice: '90071992547409.91' },
    { orderType: 'trailing_stop', trailPrice: '90071992547409.91' },
  ] as const)('more than can be counted exactly is denied: %j', (order) => {
    const free = rules({
      account: { orderQuantityMax: 'unlimited', orderValueMax: 'unlimited' },
      instrument: { orderQuantityMax: 'unlimited', orderValueMax: 'unlimited', positionMax: 'unlimited' },
    });
    expect(placed({ ...order, rules: free }).decided).toEqual(['OrderDenied']);
  });
});

describe('terms', () => {
  test.each<OrderChange>([
    { orderType: 'market', limitPrice: '100' },
    { orderType: 'limit', limitPrice: undefined as never },
    { orderType: 'stop' },
    { orderType: 'stop_limit', stopPrice: '100' },
    { orderType: 'stop_limit', limitPrice: '100' },
    { orderType: 'trailing_stop' },
    { orderType: 'trailing_stop', trailPrice: '1', trailPercent: '1' },
    { timeInForce: 'gtd' },
    { timeInForce: 'day', expireAt: timestamp(now + 1) },
  ])('that do not go together are refused: %j', (change) => {
    expect(placed(change).reasons).toEqual(['terms_inconsistent']);
  });

  test.each<OrderChange>([
    { quantity: '0' },
    { quantity: '-1' },
    { quantity: 'ten' },
    { quantity: '1e3' },
    { quantity: '' },
  ])('with a quantity that is none are refused: %j', (change) => {
    expect(placed(change).reasons).toEqual(['quantity_off_lot']);
  });

  test.each<OrderChange>([
    { limitPrice: '0' },
    { limitPrice: '-1' },
    { limitPrice: '1.005' },
    { orderType: 'stop', stopPrice: '0' },
    { orderType: 'trailing_stop', trailPercent: '0' },
    { orderType: 'trailing_stop', trailPercent: '100' },
    { orderType: 'trailing_stop', trailPercent: '1.001' },
  ])('with a price that is none are refused: %j', (change) => {
    expect(placed(change).reasons).toEqual(['price_off_tick']);
  });

  test.each(['ioc', 'fok'] as const)('%s needs an open session', (timeInForce) => {
    expect(placed({ timeInForce, rules: rules({ session: 'closed' }) }).reasons).toEqual(['session_closed']);
    expect(placed({ timeInForce }).reasons).toEqual([]);
  });

  test('of a stop allow a limit around where it triggers', () => {
    expect(placed({ orderType: 'stop_limit', stopPrice: '120', limitPrice: '132' }).reasons).toEqual([]);
    expect(placed({ orderType: 'stop_limit', stopPrice: '120', limitPrice: '132.01' }).reasons).toEqual([
      'price_outside_collar',
    ]);
  });
});

describe('the day’s notional', () => {
  const limited = { account: { dayNotionalMax: 150_000 } };

  test('adds up within a day', () => {
    const items = new Items();
    expect(placed({ rules: rules(limited) }, items).reasons).toEqual([]);
    expect(items.account).toMatchObject({ day_USD: '2024-01-08', dayNotional_USD: 100_000 });
    const second = placed({ id: 'Y', rules: rules(limited) }, items);
    expect(second.events).toMatchObject([
      { data: { reason: 'maximum_day_notional', limit: '1500.00', observed: '2000.00' } },
    ]);
  });

  test('starts anew with the first order of a day, whatever yesterday’s was', () => {
    const items = new Items({ ...openAccount, day_USD: '2024-01-05', dayNotional_USD: 149_999 });
    expect(placed({ rules: rules(limited) }, items).reasons).toEqual([]);
    expect(items.account).toMatchObject({ day_USD: '2024-01-08', dayNotional_USD: 100_000 });
  });

  test('denies a first order that is above the limit by itself', () => {
    const items = new Items({ ...openAccount, day_USD: '2024-01-05', dayNotional_USD: 0 });
    expect(placed({ quantity: '16', rules: rules(limited) }, items).reasons).toEqual([
      'maximum_day_notional',
    ]);
  });

  test('joins the account’s day when a clock lags behind it', () => {
    const items = new Items({ ...openAccount, day_USD: '2024-01-09', dayNotional_USD: 100_000 });
    expect(placed({ rules: rules(limited) }, items).reasons).toEqual(['maximum_day_notional']);
    expect(placed({ id: 'Y', quantity: '5', rules: rules(limited) }, items).reasons).toEqual([]);
    expect(items.account).toMatchObject({ day_USD: '2024-01-09', dayNotional_USD: 150_000 });
  });
});

describe('the duplicate window', () => {
  const window = (at: number) =>
    rules({
      now: timestamp(at),
      reference: { price: price(10_000), at: timestamp(at) },
      account: { duplicateWindowMs: 1_000 },
    });

  test('denies the same terms again within it', () => {
    const items = new Items();
    expect(placed({ rules: window(now) }, items).reasons).toEqual([]);
    const again = placed({ id: 'Y', rules: window(now + 999_999) }, items);
    expect(again.events).toMatchObject([{ data: { reason: 'duplicate_order', limit: '1000 ms' } }]);
  });

  test('lets other terms pass, and the same ones after it', () => {
    const items = new Items();
    placed({ rules: window(now) }, items);
    expect(placed({ id: 'Y', quantity: '11', rules: window(now) }, items).reasons).toEqual([]);
    expect(placed({ id: 'Z', rules: window(now + 1_000_000) }, items).reasons).toEqual([]);
    expect(placed({ id: 'A', rules: window(now + 1_500_000) }, items).reasons).toEqual(['duplicate_order']);
  });

  test('does not count an order that was denied', () => {
    const items = new Items({ ...openAccount, available_USD: 0 });
    placed({ rules: window(now) }, items);
    items.set('account/account', openAccount);
    expect(placed({ id: 'Y', rules: window(now) }, items).reasons).toEqual([]);
  });

  test('is off unless it is set', () => {
    const items = new Items();
    placed({}, items);
    expect(placed({ id: 'Y' }, items).reasons).toEqual([]);
  });
});

test('fifty buys that cost three times the cash: exactly those that fit are placed', () => {
  const items = new Items({ ...openAccount, available_USD: 1_666_666 });
  const stories = Array.from({ length: 50 }, (_, index) => placed({ id: `order ${index}` }, items));
  expect(stories.filter(({ decided }) => decided[0] === 'OrderPlaced')).toHaveLength(16);
  expect(items.account).toMatchObject({ available_USD: 66_666, held_USD: 1_600_000, openOrders: 16 });
});
