import { describe, expect, test } from 'vitest';
import type { VenueReport } from '../../../domain/order/commands.ts';
import { decide } from '../../../domain/order/decide.ts';
import { needsHistory } from '../../../domain/order/commands.ts';
import { leavesQuantity, unborn } from '../../../domain/order/state.ts';
import { price } from '../../../domain/values/price.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { timestamp } from '../../../domain/values/time.ts';
import {
  accept,
  bust,
  cancel,
  correction,
  execution,
  now,
  place,
  replace,
  rules,
  venue,
} from '../../support/order.ts';
import { OrderStory, placed, working } from '../../support/order-story.ts';

const expire: VenueReport = { report: 'expire', reason: 'day' };
const unsolicited: VenueReport = { report: 'cancel', reason: 'unsolicited' };

describe('an acknowledgement', () => {
  test('makes the order work', () => {
    expect(placed().venue(accept)).toMatchObject({ status: 'New', order: { venueOrderId: 'venue 1' } });
  });

  test('may come after a fill', () => {
    const story = placed().venue(execution('A', 4), accept);
    expect(story).toMatchObject({ status: 'PartiallyFilled', order: { phase: { name: 'working' } } });
  });

  test('may come after the order was canceled, and does not open it again', () => {
    expect(placed().venue(unsolicited, accept)).toMatchObject({
      status: 'Canceled',
      decided: ['OrderAccepted'],
    });
  });

  test('of a rejected order, or a second one, is disputed', () => {
    expect(placed().venue({ report: 'reject', text: 'no' }, accept).reasons).toEqual(['report_out_of_place']);
    expect(working().venue(accept).reasons).toEqual(['report_out_of_place']);
  });
});

describe('an order closes', () => {
  test.each([
    ['Rejected', 'failedAt', { report: 'reject', text: 'no' }],
    ['Canceled', 'canceledAt', unsolicited],
    ['Canceled', 'canceledAt', { report: 'cancel', reason: 'ioc_remainder' }],
    ['Canceled', 'canceledAt', { report: 'cancel', reason: 'self_trade_prevention' }],
    ['Expired', 'expiredAt', expire],
    ['Expired', 'expiredAt', { report: 'expire', reason: 'auction' }],
    ['Calculated', 'updatedAt', { report: 'calculate' }],
    ['DoneForDay', 'updatedAt', { report: 'done-for-day' }],
  ] as const)('as %s, holding nothing, at a time it remembers (%s)', (status, time, report) => {
    const story = working().venue(execution('A', 4), report);
    expect(story.status).toBe(status);
    expect(leavesQuantity(story.order)).toBe(0);
    expect(story.order.hold).toEqual({ cash: 0, shares: 0, exposure: 0 });
    expect(story.order.times[time]).toBe(now);
    expect(story.items.account).toMatchObject({ held_USD: 0, openOrders: 0 });
  });

  test.each([{ report: 'reject', text: 'no' }, unsolicited, expire, { report: 'done-for-day' }] as const)(
    'once: %j of a canceled order is disputed',
    (report) => {
      const story = working().venue(unsolicited);
      const { phase } = story.order;
      expect(story.venue(report).reasons).toEqual(['report_out_of_place']);
      expect(story.order.phase).toEqual(phase);
    },
  );

  test.each([
    ['Expired', expire],
    ['Canceled', unsolicited],
  ] as const)('as %s after its day was done', (status, report) => {
    expect(working().venue({ report: 'done-for-day' }, report).status).toBe(status);
  });

  test('and answers every outstanding request', () => {
    const story = working()
      .do(replace('Y', { quantity: '12' }))
      .do(cancel('Z'))
      .venue(expire);
    expect(story.decided).toEqual(['OrderExpired', 'ReplaceRejected', 'CancelRejected']);
    expect(story.reasons).toEqual(['day', 'too_late', 'too_late']);
    expect(story.order.pending).toEqual([]);
    expect(story.venue({ report: 'reject-cancel' }).decided).toEqual(['ReportNoted']);
  });
});

describe('the end of a day', () => {
  test('keeps a good-till order, its leaves and its hold', () => {
    const story = working({ timeInForce: 'gtc' }).venue(execution('A', 4), { report: 'done-for-day' });
    expect(story).toMatchObject({ status: 'DoneForDay', order: { hold: { cash: 60_000 } } });
    expect(leavesQuantity(story.order)).toBe(6);
  });

  test.each([{ report: 'resume' }, { report: 'restate' }] as const)('is over with a %j', (report) => {
    const story = working({ timeInForce: 'gtc' }).venue(
      execution('A', 4),
      { report: 'done-for-day' },
      report,
    );
    expect(story.status).toBe('PartiallyFilled');
  });

  test('is still told of an order that a late fill completes, until the session resumes', () => {
    const story = working({ timeInForce: 'gtc' }).venue({ report: 'done-for-day' }, execution('A', 10));
    expect(story.status).toBe('DoneForDay');
    expect(story.venue({ report: 'resume' }).status).toBe('Filled');
    expect(story.venue({ report: 'resume' }).reasons).toEqual(['report_out_of_place']);
  });

  test('is no longer told of an order that is canceled', () => {
    expect(working({ timeInForce: 'gtc' }).venue({ report: 'done-for-day' }, unsolicited).status).toBe(
      'Canceled',
    );
  });
});

describe('flags', () => {
  test('stopped and suspended are told while the order is open', () => {
    const story = working().venue({
      report: 'stop',
      stoppedQuantity: quantity(3),
      stoppedPrice: price(9_900),
    });
    expect(story.events).toMatchObject([
      { type: 'OrderStopped', data: { stoppedQuantity: 3, stoppedPrice: 9_900 } },
    ]);
    expect(story.venue(execution('A', 3)).status).toBe('Stopped');
    expect(working().venue({ report: 'suspend' }).status).toBe('Suspended');
    expect(working().venue({ report: 'suspend' }, { report: 'restate' }).status).toBe('New');
    expect(working().venue({ report: 'suspend' }, { report: 'resume' }).status).toBe('New');
    expect(working().venue({ report: 'suspend' }, unsolicited).status).toBe('Canceled');
  });

  test('triggered is remembered', () => {
    const story = working({ orderType: 'stop', stopPrice: '105' }).venue({ report: 'trigger' });
    expect(story.order.flags).toEqual({ triggered: true });
  });

  test('triggered is out of place for an order that waits for no price', () => {
    for (const terms of [{}, { orderType: 'market' }] as const) {
      const story = working(terms).venue({ report: 'trigger' });
      expect(story.reasons).toEqual(['report_out_of_place']);
      expect(story.order.flags).toEqual({});
    }
  });

  test.each(['stop', 'suspend', 'trigger', 'resume'] as const)(
    '%s of a closed order is disputed',
    (report) => {
      expect(working().venue(expire, { report }).reasons).toEqual(['report_out_of_place']);
    },
  );
});

describe('a restatement', () => {
  test('changes the terms without being asked', () => {
    const story = working().venue({
      report: 'restate',
      orderQuantity: quantity(8),
      limitPrice: price(9_900),
      text: 'split',
    });
    expect(story.order.terms).toMatchObject({ orderQuantity: 8, limitPrice: 9_900 });
    expect(story.order.hold.cash).toBe(79_200);
    expect(story.events).toMatchObject([{ type: 'OrderRestated', data: { text: 'split' } }]);
  });

  test('that changes no term is one all the same: so is a good-till order renewed for the next day', () => {
    const story = working().venue({ report: 'restate' });
    expect(story.events).toMatchObject([{ type: 'OrderRestated', data: { terms: story.order.terms } }]);
    expect(story.order.hold.cash).toBe(working().order.hold.cash);
  });

  test('at or below what is filled makes the order filled', () => {
    const story = working().venue(execution('A', 4), { report: 'restate', orderQuantity: quantity(3) });
    expect(story).toMatchObject({ status: 'Filled', order: { terms: { orderQuantity: 4 } } });
  });

  test('gives no limit to an order without one', () => {
    const story = working({ orderType: 'market' }).venue({ report: 'restate', limitPrice: price(1) });
    expect(story.order.terms.limitPrice).toBeUndefined();
  });

  test.each([
    { report: 'restate', orderQuantity: quantity(0) },
    { report: 'restate', limitPrice: price(0) },
    { report: 'restate', orderQuantity: quantity(2 ** 52) },
  ] as const)('to terms no order can have is disputed: %j', (report) => {
    expect(working().venue(report).reasons).toEqual(['report_out_of_place']);
  });

  test('of a closed order is disputed', () => {
    expect(working().venue(expire, { report: 'restate' }).reasons).toEqual(['report_out_of_place']);
  });
});

describe('the answer to a request', () => {
  test('confirmed without having been asked is an unsolicited cancel', () => {
    const story = working().venue({ report: 'confirm-cancel' });
    expect(story.events).toMatchObject([{ type: 'OrderCanceled', data: { reason: 'unsolicited' } }]);
  });

  test('a cancel confirmed for a filled order can only have come too late', () => {
    const story = working().do(cancel('Y')).venue(execution('A', 10), { report: 'confirm-cancel' });
    expect(story.events).toMatchObject([
      { type: 'CancelRejected', data: { requestId: 'Y', reason: 'too_late' } },
    ]);
    expect(story).toMatchObject({ status: 'Filled', items: { account: { openOrders: 0 } } });
  });

  test('a rejected cancel reveals what happened meanwhile', () => {
    const story = working().do(cancel('Y')).venue(execution('A', 4));
    expect(story.venue({ report: 'reject-cancel', text: 'busy' }).status).toBe('PartiallyFilled');
    expect(story.events).toMatchObject([{ data: { reason: 'venue_refused', text: 'busy' } }]);
  });

  test('a rejected replace leaves the old terms and their hold', () => {
    const story = working()
      .do(replace('Y', { quantity: '20' }))
      .venue({ report: 'reject-replace' });
    expect(story).toMatchObject({
      status: 'New',
      order: { terms: { orderQuantity: 10 }, hold: { cash: 100_000 } },
    });
  });

  test.each(['confirm-replace', 'reject-replace', 'reject-cancel'] as const)(
    '%s without a request of an open order is disputed',
    (report) => {
      expect(working().venue({ report }).reasons).toEqual(['report_out_of_place']);
    },
  );

  test('one that comes again after the order closed is not taken for the answer to a later request', () => {
    const story = working().venue(execution('A', 10), { report: 'reject-replace' });
    expect(story.events).toMatchObject([{ type: 'ReportNoted', data: { report: 'reject-replace' } }]);
    story.do(replace('Y', { quantity: '20' })).do(venue({ report: 'reject-replace' }, 3));
    expect(story.events).toEqual([]);
    expect(story.status).toBe('PendingReplace');
  });

  test('an order filled while its cancel is pending stays open until the answer', () => {
    const story = working().do(cancel('Y')).venue(execution('A', 10));
    expect(story).toMatchObject({ status: 'PendingCancel', items: { account: { openOrders: 1 } } });
  });
});

describe('an execution', () => {
  test('counts in every phase, also after the order closed', () => {
    for (const before of [accept, unsolicited, expire, { report: 'reject', text: 'no' }] as const) {
      const story = placed().venue(before);
      const { phase } = story.order;
      story.venue(execution('A', 4));
      expect(story.order.totals).toEqual({ cumulativeQuantity: 4, notional: 40_000 });
      expect(story.order.phase).toEqual(phase);
      expect(leavesQuantity(story.order)).toBe(phase.name === 'closed' ? 0 : 6);
    }
  });

  test('above the order quantity posts, is told, and lets the account only reduce', () => {
    const story = working().venue(execution('A', 8), execution('B', 5));
    expect(story.events).toMatchObject([{ type: 'OrderExecuted', data: { lastQuantity: 5, overfill: 3 } }]);
    expect(story.items.account).toMatchObject({ reduceOnly: 1, available_USD: 100_000_000 - 130_000 });
    expect(story.venue(execution('C', 2)).events).toMatchObject([{ data: { overfill: 2 } }]);
  });

  test('after a cancel is no overfill while it is within the quantity', () => {
    const story = working().venue(unsolicited, execution('A', 10));
    expect(story.events[0]?.data).not.toHaveProperty('overfill');
    expect(story.items.account['reduceOnly']).toBeUndefined();
  });

  test('names what it was charged', () => {
    const fees = { ratePpm: 1_000, perLotMicros: 0, minimum: 0 };
    const story = working({ fees }).venue(execution('A', 4), {
      ...execution('B', 3),
      liquidity: 'added',
    } as VenueReport);
    expect(story.events).toMatchObject([{ data: { fee: 30, liquidity: 'added' } }]);
  });

  test.each([
    [execution('A', 0), 'nothing'],
    [execution('A', 2 ** 51), 'too many'],
    [execution('A', 2 ** 30, 2 ** 30), 'too much'],
  ])('of what is no trade is disputed: %#', (report) => {
    expect(working().venue(report).reasons).toEqual(['report_out_of_place']);
  });
});

describe('a bust', () => {
  test('opens an order again that was filled', () => {
    const story = working().venue(execution('A', 4), execution('B', 6), bust('A'));
    expect(story).toMatchObject({ status: 'PartiallyFilled', order: { hold: { cash: 40_000 } } });
    expect(story.order.times.filledAt).toBeUndefined();
    expect(story.items.account['openOrders']).toBe(1);
  });

  test.each([
    ['Canceled', unsolicited],
    ['Expired', expire],
    ['DoneForDay', { report: 'done-for-day' }],
    ['Calculated', { report: 'calculate' }],
  ] as const)('opens no order that is %s', (status, report) => {
    const story = working().venue(execution('A', 4), report, bust('A'));
    expect(story).toMatchObject({ status, order: { totals: { cumulativeQuantity: 0, notional: 0 } } });
    expect(story.order.hold.cash).toBe(0);
  });

  test('of an execution that is not live is disputed', () => {
    const story = working().venue(execution('A', 4), bust('A'));
    expect(story.venue(bust('A')).reasons).toEqual(['execution_unknown']);
    expect(story.venue(bust('Q')).reasons).toEqual(['execution_unknown']);
  });

  test('and a correction ask for the whole history, nothing else does', () => {
    expect(needsHistory(venue(bust('A'), 1))).toBe(true);
    expect(needsHistory(venue(correction('A', 'B', 1), 1))).toBe(true);
    expect(needsHistory(venue(execution('A', 1), 1))).toBe(false);
    expect(needsHistory(place())).toBe(false);
  });
});

describe('a correction', () => {
  test('puts other numbers in the place of the old', () => {
    const story = working().venue(execution('A', 4), correction('A', 'B', 3, 9_900));
    expect(story.order.totals).toEqual({ cumulativeQuantity: 3, notional: 29_700 });
    expect(story.events).toMatchObject([
      { data: { executionId: 'B', replacesExecutionId: 'A', previousQuantity: 4, previousPrice: 10_000 } },
    ]);
  });

  test('is known by its new id from then on', () => {
    const story = working().venue(execution('A', 4), correction('A', 'B', 3));
    expect(story.venue(bust('A')).reasons).toEqual(['execution_unknown']);
    expect(story.venue(bust('B')).order.totals.cumulativeQuantity).toBe(0);
  });

  test('downwards opens a filled order, upwards fills one', () => {
    const story = working().venue(execution('A', 10), correction('A', 'B', 9));
    expect(story.status).toBe('PartiallyFilled');
    expect(story.venue(correction('B', 'C', 10)).status).toBe('Filled');
  });

  test('above the order quantity is told as overfill, and lets the account only reduce', () => {
    const story = working().venue(execution('A', 6), execution('B', 4), correction('B', 'C', 7));
    expect(story.events).toMatchObject([{ type: 'ExecutionCorrected', data: { overfill: 3 } }]);
    expect(story.items.account['reduceOnly']).toBe(1);
  });

  test('to nothing is disputed: that is a bust', () => {
    expect(working().venue(execution('A', 4), correction('A', 'B', 0)).reasons).toEqual([
      'report_out_of_place',
    ]);
  });
});

describe('a report', () => {
  test('at or before the last position of its stream is a repeat', () => {
    const story = new OrderStory().do(place()).do(venue(execution('A', 1), 5, 1));
    expect(story.do(venue(execution('A', 1), 5, 1)).events).toEqual([]);
    expect(story.do(venue(execution('B', 1), 5, 0)).events).toEqual([]);
    expect(story.do(venue(execution('B', 1), 4, 7)).events).toEqual([]);
    expect(story.do(venue(execution('B', 1), 5, 2)).events).toHaveLength(1);
    expect(story.do(venue(execution('C', 1), 6, 0)).events).toHaveLength(1);
  });

  test('of another stream has positions of its own', () => {
    const story = new OrderStory().do(place()).do(venue(execution('A', 1), 5));
    const elsewhere = {
      ...venue(execution('B', 1), 1),
      position: { stream: 'connector', version: 1, index: 0 },
    };
    expect(story.do(elsewhere).events).toHaveLength(1);
    expect(story.order.applied).toEqual({ venue: [5, 0], connector: [1, 0] });
  });

  test('that contradicts an earlier one is recorded, never applied', () => {
    const story = working().venue(execution('A', 1));
    const dispute = { reason: 'execution_conflict', text: 'A' } as const;
    story.do({ ...venue(execution('A', 2), 9), dispute });
    expect(story.events).toMatchObject([
      { type: 'ReportDisputed', data: { report: 'execute', reason: 'execution_conflict', text: 'A' } },
    ]);
    expect(story.order.totals.cumulativeQuantity).toBe(1);
  });

  test('of an order that does not exist, or was denied, decides nothing', () => {
    expect(decide(venue(execution('A', 1), 1), unborn)).toEqual([]);
    const denied = new OrderStory().do(place({ quantity: '0' }));
    expect(denied.venue(execution('A', 1)).events).toEqual([]);
  });

  test('dates the order', () => {
    const later = timestamp(now + 7);
    const story = working().do(venue(execution('A', 10), 9), later);
    expect(story.order.times).toEqual({ placedAt: now, updatedAt: later, filledAt: later });
  });
});

test('an immediate-or-cancel remainder is canceled, not expired', () => {
  const story = working({ timeInForce: 'ioc' }).venue(execution('A', 4), {
    report: 'cancel',
    reason: 'ioc_remainder',
  });
  expect(story.status).toBe('Canceled');
});

test('a queued order that the venue fills all the same counts', () => {
  const story = placed({ rules: rules({ session: 'closed' }) }).venue(execution('A', 10));
  expect(story.status).toBe('Filled');
});
