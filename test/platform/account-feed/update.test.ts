import { describe, expect, test } from 'vitest';
import { quantity } from '../../../domain/values/quantity.ts';
import { type Update, updatesOf } from '../../../platform/account-feed/update.ts';
import { emptyFold, type OrderFold } from '../../../platform/views/order-row.ts';
import { orderSteps } from '../../../platform/views/order-steps.ts';
import { OrderScript } from '../../support/orders.ts';

function told(order: OrderScript): readonly Update[] {
  const updates: Update[] = [];
  let fold: OrderFold = emptyFold;
  for (const commit of order.stored()) {
    const next = orderSteps(fold, commit);
    updates.push(...next.steps.flatMap(updatesOf));
    fold = next.fold;
  }
  return updates;
}

const placed = () => new OrderScript('a').place({ quantity: '10' });
const working = () => placed().report({ report: 'accept', venueOrderId: 'V1' });

const lives: readonly (readonly [string, OrderScript, readonly string[]])[] = [
  ['accepted and filled in two', working().fill(4, 1_000).fill(6, 1_000), ['new', 'partial_fill', 'fill']],
  [
    'canceled by its client',
    working().cancel().report({ report: 'confirm-cancel' }),
    ['new', 'pending_cancel', 'canceled'],
  ],
  [
    'canceled too late',
    working().cancel().report({ report: 'reject-cancel' }),
    ['new', 'pending_cancel', 'order_cancel_rejected'],
  ],
  [
    'canceled by the venue',
    working().report({ report: 'cancel', reason: 'unsolicited' }),
    ['new', 'canceled'],
  ],
  ['rejected by the venue', placed().report({ report: 'reject', text: 'no' }), ['rejected']],
  ['expired', working().report({ report: 'expire', reason: 'day' }), ['new', 'expired']],
  ['done for the day', working().report({ report: 'done-for-day' }), ['new', 'done_for_day']],
  [
    'suspended and resumed',
    working().report({ report: 'suspend' }).report({ report: 'resume' }),
    ['new', 'suspended', 'new'],
  ],
  ['stopped', working().report({ report: 'stop' }), ['new', 'stopped']],
  ['calculated', working().report({ report: 'calculate' }), ['new', 'calculated']],
  ['restated', working().report({ report: 'restate', orderQuantity: quantity(8) }), ['new', 'restated']],
  [
    'replaced',
    working().replace({ quantity: '20' }).report({ report: 'confirm-replace' }),
    ['new', 'pending_replace', 'replaced', 'new'],
  ],
  [
    'refused another shape',
    working().replace({ quantity: '20' }).report({ report: 'reject-replace' }),
    ['new', 'pending_replace', 'order_replace_rejected'],
  ],
  [
    'ended before it was replaced',
    working().replace({ quantity: '20' }).report({ report: 'cancel', reason: 'unsolicited' }),
    ['new', 'pending_replace', 'canceled', 'order_replace_rejected'],
  ],
  ['undone', working().fill(10, 1_000, 'e1').bust('e1'), ['new', 'fill', 'trade_bust']],
  [
    'corrected',
    working().fill(4, 1_000, 'e1').correct('e1', { id: 'e2', lots: 3, ticks: 900 }),
    ['new', 'partial_fill', 'trade_correct'],
  ],
];

describe('what a client hears of an order', () => {
  test.each(lives)('that is %s', (_, order, events) => {
    expect(told(order).map(({ event }) => event)).toEqual(['pending_new', ...events]);
  });

  test('that we denied is that it was rejected, and why', () => {
    expect(told(new OrderScript('a').place({ symbol: 'NONE' }))).toMatchObject([
      { event: 'rejected', reason: 'instrument_unknown', order: { id: 'a', status: 'rejected' } },
    ]);
  });

  test('that is replaced is of both ids, each as it then is', () => {
    const order = working().fill(4, 1_000).replace({ quantity: '20' }).report({ report: 'confirm-replace' });
    expect(told(order).slice(-3)).toMatchObject([
      { event: 'pending_replace', order: { id: 'a', status: 'pending_replace' } },
      { event: 'replaced', order: { id: 'a', status: 'replaced', replacedBy: 'a-r1', quantity: '10' } },
      { event: 'new', order: { id: 'a-r1', replaces: 'a', status: 'partially_filled', quantity: '20' } },
    ]);
  });

  test('that is corrected names the execution as it is and as it was', () => {
    const order = working().fill(4, 1_000, 'e1').correct('e1', { id: 'e2', lots: 3, ticks: 900 });
    expect(told(order).at(-1)?.execution).toEqual({
      executionId: 'e2',
      quantity: '3',
      price: '9',
      previous: { executionId: 'e1', quantity: '4', price: '10' },
    });
  });

  test('is nothing where the venue says what makes no difference', () => {
    const order = working().fill(10, 1_000);
    const before = told(order).length;
    order.report({ report: 'accept', venueOrderId: 'V1' });
    expect(order.commits).toHaveLength(4);
    expect(told(order)).toHaveLength(before);
  });
});
