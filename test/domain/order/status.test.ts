import { describe, expect, test } from 'vitest';
import { duplicateReport, statusReport } from '../../../domain/order/fix-reports.ts';
import { type Order, unborn } from '../../../domain/order/state.ts';
import { alpacaStatus, ordStatus } from '../../../domain/order/status.ts';
import { clientOrderId, orderId, requestId } from '../../../domain/values/ids.ts';
import { notional } from '../../../domain/values/notional.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { place, rules } from '../../support/order.ts';
import { OrderStory, placed } from '../../support/order-story.ts';

const open = placed().order;
const some = { cumulativeQuantity: quantity(4), notional: notional(40_000) };
const canceling: Order['pending'] = [{ request: 'cancel', requestId: requestId('Y'), reason: 'requested' }];
const replacing: Order['pending'] = [
  {
    request: 'replace',
    requestId: requestId('Y'),
    replacementId: orderId('Y'),
    clientOrderId: clientOrderId('Y'),
    terms: open.terms,
  },
];
const closed = (reason: Extract<Order['phase'], { name: 'closed' }>['reason']): Partial<Order> => ({
  phase: { name: 'closed', reason },
});
const workingPhase: Partial<Order> = { phase: { name: 'working' } };

describe('of several statuses the one with the highest precedence is told', () => {
  test.each<[string, string, Partial<Order>]>([
    ['PendingCancel', 'pending_cancel', { ...workingPhase, pending: canceling }],
    ['PendingCancel', 'pending_cancel', { ...workingPhase, pending: [...replacing, ...canceling] }],
    ['PendingCancel', 'pending_cancel', { ...closed('filled'), pending: canceling }],
    [
      'PendingReplace',
      'pending_replace',
      { ...workingPhase, pending: replacing, flags: { doneForDay: true } },
    ],
    ['PendingReplace', 'pending_replace', { ...closed('filled'), pending: replacing }],
    [
      'DoneForDay',
      'done_for_day',
      { ...workingPhase, flags: { doneForDay: true, stopped: true }, totals: some },
    ],
    ['DoneForDay', 'done_for_day', { ...closed('filled'), flags: { doneForDay: true } }],
    ['DoneForDay', 'done_for_day', { ...closed('done_for_day'), totals: some }],
    ['Calculated', 'calculated', { ...closed('calculated'), totals: some }],
    ['Filled', 'filled', { ...closed('filled'), flags: { stopped: true, suspended: true }, totals: some }],
    ['Stopped', 'stopped', { ...workingPhase, flags: { stopped: true, suspended: true }, totals: some }],
    ['Suspended', 'suspended', { ...workingPhase, flags: { suspended: true }, totals: some }],
    [
      'Canceled',
      'canceled',
      { ...closed('canceled'), totals: some, flags: { suspended: true, doneForDay: true } },
    ],
    ['Expired', 'expired', { ...closed('expired'), totals: some }],
    ['Rejected', 'rejected', closed('rejected')],
    ['PartiallyFilled', 'partially_filled', { ...workingPhase, totals: some }],
    ['PartiallyFilled', 'partially_filled', { totals: some }],
    ['New', 'new', workingPhase],
    ['PendingNew', 'pending_new', { phase: { name: 'sent' } }],
    ['PendingNew', 'accepted', { phase: { name: 'received' } }],
    ['PendingNew', 'held', { phase: { name: 'held', for: 'trigger' } }],
  ])('%s in FIX, %s for Alpaca’s clients: %j', (fix, alpaca, facts) => {
    const order: Order = { ...open, ...facts };
    expect(ordStatus(order)).toBe(fix);
    expect(alpacaStatus(order)).toBe(alpaca);
  });
});

describe('a status report', () => {
  test('of a denied order is rejected, with what was asked for', () => {
    const denied = new OrderStory().do(place({ quantity: '1.5' })).state;
    const status = { ordStatus: 'Rejected', clOrdID: 'X', orderQty: '1.5', cumQty: '0', leavesQty: '0' };
    expect(statusReport(denied)).toMatchObject({ execType: 'OrderStatus', ...status });
    expect(duplicateReport(denied)).toMatchObject({ execType: 'Rejected', ordRejReason: 6, ...status });
  });

  test('of no order is rejected', () => {
    expect(statusReport(unborn)).toMatchObject({ ordStatus: 'Rejected', clOrdID: '', orderQty: '0' });
  });

  test('counts in the units of the instrument', () => {
    const contract = { symbol: 'ACME', currency: 'USD', tickSize: '0.01', lotSize: '0.001' } as const;
    const { state } = placed({ quantity: '1.250', rules: rules({ instrument: { contract } }) });
    expect(statusReport(state)).toMatchObject({ orderQty: '1.25', leavesQty: '1.25' });
  });
});
