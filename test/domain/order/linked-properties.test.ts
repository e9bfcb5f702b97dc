import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LinkedRequest } from '../../../domain/order/linked.ts';
import { requiredHold } from '../../../domain/order/hold.ts';
import {
  isOpen,
  leavesQuantity,
  type Order,
  pendingCancel,
  pendingReplace,
} from '../../../domain/order/state.ts';
import { noFees } from '../../../domain/account/fees.ts';
import { clientOrderId } from '../../../domain/values/ids.ts';
import { bust, cancel, execution, place, replace } from '../../support/order.ts';
import {
  bracket,
  oco,
  OrderGroup,
  placeLinked,
  profitId,
  saleAt110,
  stopId,
  stopLoss,
} from '../../support/order-group.ts';
import { Items, openAccount } from '../../support/order-story.ts';

const entry = 'order X';
const fees = { ratePpm: 1_000, perLotMicros: 500_000, minimum: 35 };

/** What can happen to a group; numbers say how much and to which of its orders. */
const step = fc.record({
  what: fc.constantFrom(
    'fill',
    'confirm',
    'reject',
    'cancel',
    'replace',
    'move-stop',
    'elect',
    'expire',
    'follow',
    'sell',
  ),
  which: fc.nat(1),
  lots: fc.integer({ min: 1, max: 10 }),
  ticks: fc.integer({ min: 8_600, max: 11_400 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const groups: readonly (readonly [LinkedRequest, object])[] = [
  [bracket, { timeInForce: 'gtc', fees }],
  [
    { class: 'oto', stopLoss: stopLoss('95') },
    { timeInForce: 'gtc', fees },
  ],
  [oco, { ...saleAt110, fees }],
  [oco, { ...saleAt110, fees: noFees }],
];

/** The venue fills no more than is open, and answers what it was asked. */
function apply(group: OrderGroup, { what, which, lots, ticks }: Step, count: number): void {
  const open = group.orders.filter(isOpen);
  const order = open[which % Math.max(1, open.length)];
  if (what === 'follow') group.follow();
  if (what === 'sell')
    group.do(`order s${count}`, place({ id: `s${count}`, side: 'sell', quantity: String(lots) }));
  if (!order) return;
  const id = order.orderId;
  const isAtVenue = order.phase.name === 'sent' || order.phase.name === 'working';
  if (what === 'cancel')
    group.do(id, cancel(`c${count}`, which === 0 && order.stopLeg ? order.stopLeg.clientOrderId : undefined));
  if (what === 'elect') group.do(id, { do: 'elect-stop', price: (ticks / 100).toFixed(2) });
  if (what === 'replace') group.do(id, replace(`r${count}`, { quantity: String(lots) }));
  if (what === 'move-stop' && order.stopLeg && !order.stopLeg.working)
    group.do(id, {
      ...replace(`m${count}`, { stopPrice: (ticks / 100).toFixed(2) }),
      original: clientOrderId(order.stopLeg.clientOrderId),
    });
  if (isAtVenue) venue(group, order, { what, which, lots, ticks }, count);
}

function venue(group: OrderGroup, order: Order, { what, lots }: Step, count: number): void {
  const id = order.orderId;
  const leaves = leavesQuantity(order);
  if (what === 'fill' && leaves > 0)
    group.venue(id, execution(`e${count}`, Math.min(lots, leaves), order.terms.limitPrice ?? 9_000));
  if (what === 'confirm' && pendingReplace(order)) group.venue(id, { report: 'confirm-replace' });
  else if (what === 'confirm' && pendingCancel(order)) group.venue(id, { report: 'confirm-cancel' });
  if (what === 'reject' && pendingReplace(order)) group.venue(id, { report: 'reject-replace' });
  if (what === 'expire' && order.pending.length === 0) group.venue(id, { report: 'expire', reason: 'day' });
}

function total(group: OrderGroup, of: (order: Order) => number): number {
  return group.orders.reduce((sum, order) => sum + of(order), 0);
}

const bought = (order: Order) => (order.side === 'buy' ? 1 : -1) * order.totals.cumulativeQuantity;

function check(group: OrderGroup, owned: number): void {
  const { position, account } = group.items;
  const held = total(group, ({ hold }) => hold.shares);
  // Never more held than owned, and never more sold.
  expect(position['available'] ?? 0).toBeGreaterThanOrEqual(0);
  expect(Number(position['available'] ?? 0) + Number(position['held'] ?? 0)).toBe(
    owned + total(group, bought),
  );
  expect(position['held'] ?? 0).toBe(held);
  expect(Number(account['available_USD'])).toBeGreaterThanOrEqual(0);
  expect(account['openOrders']).toBe(group.orders.filter(isOpen).length);
  for (const order of group.orders) {
    expect(order.totals.cumulativeQuantity).toBeLessThanOrEqual(order.terms.orderQuantity);
    if (isOpen(order)) expect(order.hold).toEqual(requiredHold(order));
    else expect(order.hold).toEqual({ cash: 0, shares: 0, exposure: 0 });
  }
}

test('whatever happens to linked orders, no share is held twice, sold twice or sold short, and what is closed holds nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...groups), fc.array(step, { maxLength: 30 }), ([linked, change], steps) => {
      const owned = linked.class === 'oco' ? 10 : 0;
      const group = new OrderGroup(new Items(openAccount, { available: owned, exposure: owned }));
      group.do(entry, placeLinked(linked, change));
      check(group, owned);
      for (const [count, one] of steps.entries()) {
        apply(group, one, count);
        check(group, owned);
      }
    }),
    { numRuns: 1_500 },
  );
});

test('a bust of what an exit has sold opens the pair again, with its hold', () => {
  const group = new OrderGroup(new Items(openAccount, { available: 10 })).do(
    entry,
    placeLinked(oco, saleAt110),
  );
  group.venue(entry, { report: 'accept', venueOrderId: 'V' }, execution('e1', 10, 11_000), bust('e1'));
  expect(group.order(entry)).toMatchObject({ phase: { name: 'working' }, hold: { shares: 10 } });
  expect(group.do(entry, { do: 'elect-stop', price: '95' }).types).toEqual([
    'StopElected',
    'ReplaceRequested',
  ]);
});

test('the same exit is due however often its entry’s end is told', () => {
  const group = new OrderGroup().do(entry, placeLinked(bracket, { timeInForce: 'gtc' }));
  group.venue(entry, { report: 'accept', venueOrderId: 'V' }, execution('e1', 10));
  for (let told = 0; told < 3; told += 1) group.follow();
  expect(group.history.get(`order-${profitId}`)?.map(({ type }) => type)).toEqual([
    'OrderPlaced',
    'OrderHeld',
    'OrderReleased',
  ]);
  expect(group.state(stopId).kind).toBe('alias');
});
