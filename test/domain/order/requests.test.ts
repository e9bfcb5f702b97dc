import { describe, expect, test } from 'vitest';
import { decide } from '../../../domain/order/decide.ts';
import { reportOf } from '../../../domain/order/fix-reports.ts';
import { leavesQuantity, unborn } from '../../../domain/order/state.ts';
import { clientOrderId, requestId } from '../../../domain/values/ids.ts';
import { timestamp } from '../../../domain/values/time.ts';
import { cancel, execution, now, place, replace, rules } from '../../support/order.ts';
import { Items, openAccount, OrderStory, placed, working } from '../../support/order-story.ts';

describe('a placement', () => {
  test('is on its way to the venue while the session is open', () => {
    expect(placed()).toMatchObject({ status: 'PendingNew', order: { phase: { name: 'sent' } } });
  });

  test('waits for the session when it is closed, and says so', () => {
    const story = placed({ rules: rules({ session: 'closed' }) });
    expect(story.order.phase).toEqual({ name: 'received' });
    expect(story.do({ do: 'release' }).order.phase).toEqual({ name: 'sent' });
  });

  test('for the opening auction waits, even while the session is open', () => {
    expect(placed({ timeInForce: 'opg' }).order.phase).toEqual({ name: 'received' });
  });

  test('under an id that is taken decides nothing', () => {
    expect(placed().do(place({ quantity: '99' })).events).toEqual([]);
  });

  test('under an id that was denied decides nothing: an id is never free again', () => {
    const story = new OrderStory().do(place({ quantity: '0' }));
    expect(story.decided).toEqual(['OrderDenied']);
    expect(story.do(place()).events).toEqual([]);
  });

  test('released already is not released again', () => {
    expect(placed().do({ do: 'release' }).events).toEqual([]);
    expect(decide({ do: 'release' }, unborn)).toEqual([]);
  });
});

describe('a cancel', () => {
  test('waits for the venue', () => {
    expect(working().do(cancel('Y'))).toMatchObject({
      status: 'PendingCancel',
      decided: ['CancelRequested'],
    });
  });

  test('of an order the venue has not seen is done at once', () => {
    const story = placed({ rules: rules({ session: 'closed' }) }).do(cancel('Y'));
    expect(story).toMatchObject({ status: 'Canceled', decided: ['CancelRequested', 'OrderCanceled'] });
    expect(story.order.hold).toEqual({ cash: 0, shares: 0, exposure: 0 });
  });

  test('asked for again under the same id decides nothing, and stays pending', () => {
    const story = working().do(cancel('Y')).do(cancel('Y'));
    expect(story.events).toEqual([]);
    expect(story.status).toBe('PendingCancel');
  });

  test('asked for again under another id is refused, and the first stays pending', () => {
    const story = working().do(cancel('Y')).do(cancel('Z'));
    expect(story.reasons).toEqual(['request_pending']);
    expect(story.order.pending).toMatchObject([{ request: 'cancel', requestId: 'Y' }]);
  });

  test.each([
    ['filled', execution('A', 10)],
    ['canceled', { report: 'cancel', reason: 'unsolicited' }],
    ['expired', { report: 'expire', reason: 'day' }],
    ['rejected', { report: 'reject', text: 'no' }],
    ['calculated', { report: 'calculate' }],
    ['done_for_day', { report: 'done-for-day' }],
  ] as const)('of an order that is %s is too late', (closed, report) => {
    const story = working().venue(report).do(cancel('Y'));
    expect(story.events).toMatchObject([
      { type: 'CancelRejected', data: { reason: 'too_late', observed: closed } },
    ]);
  });

  test('of a denied order is too late, and applying that changes nothing', () => {
    const denied = new OrderStory().do(place({ quantity: '0' }));
    const before = denied.state;
    expect(denied.do(cancel('Y')).reasons).toEqual(['too_late']);
    expect(denied.state).toEqual(before);
  });

  test('of an order nobody knows is refused, and applying that makes none', () => {
    const story = new OrderStory().do(cancel('Y'));
    expect(story.reasons).toEqual(['order_unknown']);
    expect(story.state).toEqual(unborn);
  });

  test('behind a pending replace is queued', () => {
    const story = working()
      .do(replace('Y', { quantity: '12' }))
      .do(cancel('Z'));
    expect(story.order.pending.map(({ request }) => request)).toEqual(['replace', 'cancel']);
    story.venue({ report: 'confirm-replace' });
    expect(story).toMatchObject({ status: 'PendingCancel', order: { terms: { orderQuantity: 12 } } });
    expect(story.venue({ report: 'confirm-cancel' }).status).toBe('Canceled');
  });

  test('of an order filled while its replace is pending is queued as well', () => {
    const story = working()
      .do(replace('Y', { quantity: '12' }))
      .venue(execution('A', 10))
      .do(cancel('Z'));
    expect(story.decided).toEqual(['CancelRequested']);
  });

  test('of the firm’s own is told without a request id', () => {
    const story = working().do({ ...cancel('kill'), reason: 'kill_switch' });
    const [event] = story.events;
    expect(event && reportOf(unborn, event, story.state)).toMatchObject({
      execType: 'PendingCancel',
      clOrdID: 'X',
    });
    story.venue({ report: 'confirm-cancel' });
    expect(story.events).toMatchObject([{ type: 'OrderCanceled', data: { reason: 'kill_switch' } }]);
  });
});

describe('the original a request names', () => {
  test('is the latest id that was not rejected', () => {
    const story = working()
      .do(replace('Y', { quantity: '12' }))
      .venue({ report: 'confirm-replace' });
    expect(story.do(cancel('Z', 'X')).events).toMatchObject([
      { data: { reason: 'original_id_stale', limit: 'Y', observed: 'X' } },
    ]);
    expect(story.do(cancel('Z', 'Y')).decided).toEqual(['CancelRequested']);
  });

  test('is the id before when the replace was rejected', () => {
    const story = working()
      .do(replace('Y', { quantity: '12' }))
      .venue({ report: 'reject-replace' });
    expect(story.do(cancel('Z', 'Y')).reasons).toEqual(['original_id_stale']);
    expect(story.do(cancel('Z', 'X')).decided).toEqual(['CancelRequested']);
  });

  test.each(['X', 'Y'])('may be %s while the replace from X to Y is pending', (original) => {
    const story = working()
      .do(replace('Y', { quantity: '12' }))
      .do(cancel('Z', original));
    expect(story.decided).toEqual(['CancelRequested']);
  });
});

describe('a replace', () => {
  test.each([
    [{ quantity: '5' }, []],
    [{ limitPrice: '99' }, []],
    [{ quantity: '11' }, ['maximum_day_notional']],
  ])(
    'under a limit of the day lowered below what it has come to may not add to it: %j',
    (change, reasons) => {
      const lowered = rules({ account: { dayNotionalMax: 1 } });
      expect(working().do(replace('Y', change, { rules: lowered })).reasons).toEqual(reasons);
    },
  );

  describe('of an order placed while no position limit applied', () => {
    const unlimited = () => working({ rules: rules({ instrument: { positionMax: 'unlimited' } }) });
    const limited = (positionMax: number) => rules({ instrument: { positionMax } });

    test('is held to the one that applies now when it adds to the position', () => {
      const story = unlimited().do(replace('Y', { quantity: '20' }, { rules: limited(100_019) }));
      expect(story).toMatchObject({ decided: ['ReplaceRejected'], reasons: ['maximum_position'] });
      expect(story.items.position).toMatchObject({ exposure: 100_000 });
    });

    test('reserves its exposure from then on, and gives back what it does not use', () => {
      const story = unlimited().do(replace('Y', { quantity: '20' }, { rules: limited(100_020) }));
      expect(story.decided).toEqual(['ReplaceRequested']);
      expect(story.items.position).toMatchObject({ exposure: 100_020 });
      story.venue({ report: 'confirm-replace' }, execution('A', 5));
      expect(story.items.position).toMatchObject({ exposure: 100_020, available: 100_005 });
      story.venue({ report: 'cancel', reason: 'unsolicited' });
      expect(story.items.position).toMatchObject({ exposure: 100_005 });
    });

    test('to less passes, however far beyond the limit the position is', () => {
      const story = unlimited().do(replace('Y', { quantity: '5' }, { rules: limited(1) }));
      expect(story.decided).toEqual(['ReplaceRequested']);
    });
  });

  test('changes nothing until the venue confirms', () => {
    const story = working().do(replace('Y', { quantity: '12', limitPrice: '101' }));
    expect(story).toMatchObject({ status: 'PendingReplace', order: { terms: { orderQuantity: 10 } } });
    story.venue({ report: 'confirm-replace' });
    expect(story.order.terms).toMatchObject({ orderQuantity: 12, limitPrice: 10_100 });
    expect(story.order.names).toEqual({ outsideId: 'order Y', clientOrderId: 'Y', replaces: 'order X' });
    expect(story.order.orderId).toBe('order X');
  });

  test('of an order the venue has not seen is done at once', () => {
    const story = placed({ rules: rules({ session: 'closed' }) }).do(replace('Y', { quantity: '12' }));
    expect(story.decided).toEqual(['ReplaceRequested', 'OrderReplaced']);
    expect(story.order).toMatchObject({ phase: { name: 'received' }, terms: { orderQuantity: 12 } });
  });

  test('counts fills that arrive while it is pending against the old terms', () => {
    const story = working()
      .do(replace('Y', { quantity: '6' }))
      .venue(execution('A', 8));
    expect(leavesQuantity(story.order)).toBe(2);
    expect(story.status).toBe('PendingReplace');
  });

  test.each(['6', '8'])('to %s when 8 are filled makes the order filled at 8', (quantity) => {
    const story = working().venue(execution('A', 8)).do(replace('Y', { quantity }));
    story.venue({ report: 'confirm-replace' });
    expect(story).toMatchObject({
      status: 'Filled',
      order: { terms: { orderQuantity: 8 }, hold: { cash: 0 } },
    });
  });

  test('upwards opens a filled order again', () => {
    const story = working()
      .venue(execution('A', 10))
      .do(replace('Y', { quantity: '12' }));
    expect(story.status).toBe('PendingReplace');
    story.venue({ report: 'confirm-replace' });
    expect(story).toMatchObject({ status: 'PartiallyFilled', order: { phase: { name: 'working' } } });
    expect(story.order.times.filledAt).toBeUndefined();
  });

  test.each([{ quantity: '10' }, { quantity: '9' }, { limitPrice: '101' }])(
    'of a filled order with %j is too late',
    (change) => {
      expect(working().venue(execution('A', 10)).do(replace('Y', change)).reasons).toEqual(['too_late']);
    },
  );

  test('of a canceled order is too late, also upwards', () => {
    const story = working()
      .venue({ report: 'cancel', reason: 'unsolicited' })
      .do(replace('Y', { quantity: '20' }));
    expect(story.reasons).toEqual(['too_late']);
  });

  test.each([
    ['replace', replace('Y', { quantity: '12' })],
    ['cancel', cancel('Y')],
  ])('is refused while a %s is pending', (observed, pending) => {
    const story = working()
      .do(pending)
      .do(replace('Z', { quantity: '13' }));
    expect(story.events).toMatchObject([
      { type: 'ReplaceRejected', data: { reason: 'request_pending', observed } },
    ]);
    expect(story.order.pending).toHaveLength(1);
  });

  test('asked for again under the same id decides nothing, and stays pending', () => {
    const story = working()
      .do(replace('Y', { quantity: '12' }))
      .do(replace('Y', { quantity: '12' }));
    expect(story.events).toEqual([]);
    expect(story.status).toBe('PendingReplace');
  });

  test('under a client order id that is used is refused', () => {
    expect(working().do(replace('Y', { quantity: '12' }, { taken: true })).reasons).toEqual([
      'client_order_id_taken',
    ]);
  });

  test('that names a stale original is refused', () => {
    const story = working().do(replace('Y', { quantity: '12' }, { original: clientOrderId('Q') }));
    expect(story.reasons).toEqual(['original_id_stale']);
  });

  test.each([
    ['replace_changes_nothing', { quantity: '10' }],
    ['replace_changes_nothing', {}],
    ['field_not_replaceable', { stopPrice: '90' }],
    ['field_not_replaceable', { trail: '1' }],
    ['quantity_off_lot', { quantity: '0' }],
    ['quantity_off_lot', { quantity: '1.5' }],
    ['price_off_tick', { limitPrice: '100.001' }],
    ['price_outside_collar', { limitPrice: '111' }],
    ['maximum_order_quantity', { quantity: '2000000' }],
    ['terms_inconsistent', { timeInForce: 'gtd' }],
    ['terms_inconsistent', { expireAt: timestamp(now + 1) }],
    ['expiry_passed', { timeInForce: 'gtd', expireAt: now }],
  ] as const)('is refused for %s with %j, and the order stays as it was', (reason, change) => {
    const story = working();
    const before = story.order;
    expect(story.do(replace('Y', change)).reasons).toEqual([reason]);
    expect(story.order).toEqual(before);
  });

  test.each([
    [{ quantity: '5' }, { orderQuantity: 5 }],
    [{ limitPrice: '99.5' }, { limitPrice: 9_950 }],
    [{ timeInForce: 'gtc' }, { timeInForce: 'gtc' }],
    [
      { timeInForce: 'gtd', expireAt: timestamp(now + 1) },
      { timeInForce: 'gtd', expireAt: now + 1 },
    ],
  ] as const)('with %j makes %j of the terms', (change, terms) => {
    const story = working().do(replace('Y', change)).venue({ report: 'confirm-replace' });
    expect(story.order.terms).toMatchObject(terms);
  });

  test.each([
    ['price', { trailPrice: '2' }, '3.5', { by: 'price', ticks: 350 }],
    ['percent', { trailPercent: '2' }, '3.5', { by: 'percent', hundredths: 350 }],
  ])('changes the trail of a trailing stop in its own unit: %s', (_, trail, wanted, expected) => {
    const story = working({ orderType: 'trailing_stop', ...trail }).do(replace('Y', { trail: wanted }));
    expect(story.venue({ report: 'confirm-replace' }).order.terms.trail).toEqual(expected);
  });

  test('of a denied order and of none is refused, and applying that changes nothing', () => {
    const denied = new OrderStory().do(place({ quantity: '0' })).do(replace('Y', { quantity: '12' }));
    expect(denied.reasons).toEqual(['too_late']);
    expect(new OrderStory().do(replace('Y', { quantity: '12' })).reasons).toEqual(['order_unknown']);
  });

  test('keeps the units the order was placed in', () => {
    const finer = rules({
      instrument: { contract: { symbol: 'ACME', currency: 'USD', tickSize: '0.001', lotSize: '1' } },
    });
    expect(working().do(replace('Y', { limitPrice: '100.001' }, { rules: finer })).reasons).toEqual([
      'price_off_tick',
    ]);
  });

  test('that would open a filled order counts as an open order', () => {
    const items = new Items({ ...openAccount, openOrders: 3 });
    const few = rules({ account: { openOrdersMax: 4 } });
    const story = working({ rules: few }, items).venue(execution('A', 10));
    items.set('account/account', { ...items.account, openOrders: 4 });
    expect(story.do(replace('Y', { quantity: '12' }, { rules: few })).reasons).toEqual([
      'maximum_open_orders',
    ]);
  });

  test('does not count an open order twice', () => {
    const few = rules({ account: { openOrdersMax: 1 } });
    const story = working({ rules: few }).do(replace('Y', { quantity: '12' }, { rules: few }));
    expect(story.decided).toEqual(['ReplaceRequested']);
  });
});

test('a time-out towards the venue is no rejection: nothing decides until the venue answers', () => {
  const story = working().do({ ...cancel('Y'), requestId: requestId('Y') });
  expect(story.do({ do: 'release' }, timestamp(now + 3_600_000_000)).events).toEqual([]);
  expect(story.status).toBe('PendingCancel');
});
