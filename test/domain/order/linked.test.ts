import { describe, expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import type { LinkedRequest } from '../../../domain/order/linked.ts';
import { ordStatus } from '../../../domain/order/status.ts';
import { leavesQuantity } from '../../../domain/order/state.ts';
import { clientOrderId } from '../../../domain/values/ids.ts';
import { accept, bust, cancel, execution, place, replace, rules } from '../../support/order.ts';
import {
  bracket,
  oco,
  OrderGroup,
  placeLinked,
  profitId,
  saleAt110,
  stopId,
  stopLoss,
  takeProfit,
} from '../../support/order-group.ts';
import { Items, openAccount, openPosition } from '../../support/order-story.ts';

const entry = 'order X';
const gtc = { timeInForce: 'gtc' } as const;

function placed(linked: LinkedRequest = bracket, items?: Items): OrderGroup {
  return new OrderGroup(items).do(entry, placeLinked(linked, linked.class === 'oco' ? saleAt110 : gtc));
}

const filled = (items?: Items) => placed(bracket, items).venue(entry, accept, execution('e1', 10)).follow();

describe('a bracket', () => {
  test('begins whole: an entry at the venue, and an exit that waits and holds nothing', () => {
    const group = placed();
    expect(group.order(entry)).toMatchObject({
      phase: { name: 'sent' },
      link: { role: 'entry', exit: profitId },
    });
    expect(group.order(profitId)).toMatchObject({
      side: 'sell',
      phase: { name: 'held', for: 'parent' },
      hold: { cash: 0, shares: 0, exposure: 0 },
      link: { role: 'exit', entry },
      stopLeg: { orderId: stopId },
    });
    expect(group.state(stopId)).toMatchObject({ kind: 'alias', orderId: profitId });
    expect(group.items.account['openOrders']).toBe(2);
  });

  test('counts entry and exit for the day, and both as open orders', () => {
    const group = placed();
    // 10 at 100.00 and 10 at 110.00, in cents.
    expect(group.items.account['dayNotional_USD']).toBe(100_000 + 110_000);
    const one = rules({ account: { openOrdersMax: 1 } });
    const refused = new OrderGroup().do(entry, placeLinked(bracket, { ...gtc, rules: one }));
    expect(refused.reasons).toEqual(['maximum_open_orders']);
    expect(refused.state(profitId).kind).toBe('unborn');
  });

  test('wakes its exit when the entry is filled: then it holds what it sells', () => {
    const group = filled(new Items(openAccount, {}));
    expect(group.order(profitId)).toMatchObject({ phase: { name: 'sent' }, hold: { shares: 10 } });
    expect(group.items.position).toMatchObject({ available: 0, held: 10 });
  });

  test('leaves its exit waiting while the entry is partly filled', () => {
    const group = placed().venue(entry, accept, execution('e1', 4)).follow();
    expect(group.order(profitId).phase).toEqual({ name: 'held', for: 'parent' });
  });

  test('queues the exit for the next session when the entry is filled after hours', () => {
    const group = placed().venue(entry, accept, execution('e1', 10)).follow('closed');
    expect(group.order(profitId).phase).toEqual({ name: 'received' });
  });

  test('exits what an entry has filled that expired', () => {
    const group = placed()
      .venue(entry, accept, execution('e1', 4), { report: 'expire', reason: 'day' })
      .follow();
    expect(group.order(profitId)).toMatchObject({ terms: { orderQuantity: 4 }, hold: { shares: 4 } });
  });

  test('ends whole when its client cancels the entry, whatever was filled', () => {
    const group = placed()
      .venue(entry, accept, execution('e1', 4))
      .do(entry, cancel('c'))
      .venue(entry, { report: 'confirm-cancel' });
    expect(group.types).toEqual(['OrderCanceled', 'ExitDue']);
    group.follow();
    expect(group.order(profitId).phase).toEqual({ name: 'closed', reason: 'canceled' });
    expect(group.reasons).toEqual(['linked_order']);
    expect(group.items.account['openOrders']).toBe(0);
  });

  test('ends whole when the venue rejects the entry', () => {
    const group = placed().venue(entry, { report: 'reject', text: 'no' }).follow();
    expect(group.order(profitId).phase).toEqual({ name: 'closed', reason: 'canceled' });
  });

  test('wakes its exit once: a repeat, a bust and a second fill change nothing', () => {
    const group = filled().venue(entry, bust('e1'));
    group.venue(entry, execution('e2', 10)).follow().follow();
    expect(
      group.history.get(`order-${profitId}`)?.filter(({ type }) => type === 'OrderReleased'),
    ).toHaveLength(1);
    expect(group.history.get(orderStream(entry))?.filter(({ type }) => type === 'ExitDue')).toHaveLength(1);
  });

  test('cancels the exit where the shares have gone elsewhere meanwhile: nothing is ever sold short', () => {
    const group = placed(bracket, new Items(openAccount, {})).venue(entry, accept, execution('e1', 10));
    group.do('order other', place({ id: 'other', side: 'sell', quantity: '6' })).follow();
    expect(group.order(profitId).phase).toEqual({ name: 'closed', reason: 'canceled' });
    expect(group.reasons).toEqual(['not_covered']);
    expect(group.items.position).toMatchObject({ available: 4, held: 6 });
  });

  test('may have its exit canceled alone, and then has none', () => {
    const group = placed().do(profitId, cancel('c'));
    expect(group.types).toEqual(['CancelRequested', 'OrderCanceled']);
    group.venue(entry, accept, execution('e1', 10)).follow();
    expect(group.order(profitId).phase).toEqual({ name: 'closed', reason: 'canceled' });
  });

  test('waits with its exit for the answer to a replace that lets a filled entry grow', () => {
    const group = placed()
      .venue(entry, accept)
      .do(entry, replace('R', { quantity: '20' }))
      .venue(entry, execution('e1', 10))
      .follow();
    expect(group.order(profitId).phase).toEqual({ name: 'held', for: 'parent' });
    group.venue(entry, { report: 'confirm-replace' }, execution('e2', 10)).follow();
    expect(group.order(profitId)).toMatchObject({ terms: { orderQuantity: 20 }, hold: { shares: 20 } });
    const refused = placed()
      .venue(entry, accept)
      .do(entry, replace('R', { quantity: '20' }))
      .venue(entry, execution('e1', 10), { report: 'reject-replace' })
      .follow();
    expect(refused.order(profitId)).toMatchObject({ terms: { orderQuantity: 10 }, hold: { shares: 10 } });
  });

  test('does not let a filled entry grow once its exit is due', () => {
    const group = filled().do(entry, replace('R', { quantity: '20' }));
    expect(group.reasons).toEqual(['too_late']);
  });

  test.each<[string, LinkedRequest, string]>([
    [
      'a take profit below the entry',
      { class: 'bracket', takeProfit: takeProfit('99'), stopLoss: stopLoss('95') },
      'take_profit_out_of_place',
    ],
    [
      'a stop loss at the entry',
      { class: 'bracket', takeProfit: takeProfit('110'), stopLoss: stopLoss('100') },
      'stop_loss_out_of_place',
    ],
    ['a take profit off the tick', { class: 'oto', takeProfit: takeProfit('110.001') }, 'price_off_tick'],
    [
      'a stop loss whose limit is outside the collar',
      { class: 'oto', stopLoss: stopLoss('95', '50') },
      'price_outside_collar',
    ],
  ])('is refused whole for %s', (_, linked, reason) => {
    const group = new OrderGroup().do(entry, placeLinked(linked, gtc));
    expect([group.types, group.reasons]).toEqual([['OrderDenied'], [reason]]);
    expect(group.orders).toEqual([]);
  });

  test('is refused whole when a leg has an id that is used already', () => {
    const group = new OrderGroup().do(entry, { ...placeLinked(bracket, gtc), taken: true });
    expect(group.reasons).toEqual(['client_order_id_taken']);
  });
});

describe('one that triggers another', () => {
  test('sends a stop loss to the venue as the stop order it is', () => {
    const group = placed({ class: 'oto', stopLoss: stopLoss('95') })
      .venue(entry, accept, execution('e1', 10))
      .follow();
    expect(group.order(stopId)).toMatchObject({
      phase: { name: 'sent' },
      terms: { orderType: 'stop' },
      hold: { shares: 10 },
    });
  });

  test('may buy back after a sale, with money that is there then', () => {
    const linked: LinkedRequest = { class: 'oto', takeProfit: takeProfit('90') };
    const group = new OrderGroup().do(entry, placeLinked(linked, { ...gtc, side: 'sell' }));
    group.venue(entry, accept, execution('e1', 10)).follow();
    expect(group.order(profitId)).toMatchObject({ side: 'buy', hold: { cash: 90_000, exposure: 10 } });
  });
});

describe('a pair', () => {
  const working = (items?: Items) => placed(oco, items).venue(entry, accept);

  test('is one order at the venue, and holds its shares once', () => {
    const group = working(new Items(openAccount, { available: 10 }));
    expect(group.items.position).toMatchObject({ available: 0, held: 10 });
    expect(group.items.account['openOrders']).toBe(1);
  });

  test('holds the money of the worse of its two prices when it buys', () => {
    const buy: LinkedRequest = { class: 'oco', stopLoss: stopLoss('105', '106') };
    const group = new OrderGroup().do(entry, placeLinked(buy, { ...gtc, limitPrice: '90' }));
    expect(group.order(entry).hold.cash).toBe(106_000);
  });

  test('whose stop the market reaches asks the venue for the stop’s terms, and holds the same all the while', () => {
    const group = working().do(entry, { do: 'elect-stop', price: '95' });
    expect(group.types).toEqual(['StopElected', 'ReplaceRequested']);
    // 95.00 less a collar of 10 %.
    expect(group.order(entry).pending).toMatchObject([{ terms: { orderType: 'limit', limitPrice: 8_550 } }]);
    expect(group.order(entry).hold.shares).toBe(10);
    group.venue(entry, { report: 'confirm-replace' });
    expect(group.order(entry)).toMatchObject({
      names: { outsideId: stopId },
      terms: { limitPrice: 8_550 },
      stopLeg: { working: { cumulativeQuantity: 0 } },
      hold: { shares: 10 },
    });
  });

  test('whose market is a tick away from the stop does nothing', () => {
    expect(working().do(entry, { do: 'elect-stop', price: '95.01' }).events).toEqual([]);
  });

  test.each([
    ['95.001', []],
    ['94.999', ['StopElected', 'ReplaceRequested']],
  ])('hears a price of a finer grid than its own: %s', (price, types) => {
    expect(working().do(entry, { do: 'elect-stop', price }).types).toEqual(types);
  });

  test.each([
    ['104.999', []],
    ['105.001', ['StopElected', 'ReplaceRequested']],
  ])('that buys hears one too: %s', (price, types) => {
    const buy: LinkedRequest = { class: 'oco', stopLoss: stopLoss('105', '106') };
    const group = new OrderGroup().do(entry, placeLinked(buy, { ...gtc, limitPrice: '90' }));
    expect(group.venue(entry, accept).do(entry, { do: 'elect-stop', price }).types).toEqual(types);
  });

  test('closes with its last fill, whichever price it came at', () => {
    const group = working()
      .venue(entry, execution('e1', 4, 11_000))
      .do(entry, { do: 'elect-stop', price: '94' });
    group.venue(entry, { report: 'confirm-replace' }, execution('e2', 6, 9_400));
    expect(ordStatus(group.order(entry))).toBe('Filled');
    expect(group.order(entry).stopLeg?.working?.cumulativeQuantity).toBe(4);
    expect(group.items.position['held']).toBe(0);
  });

  test('that is filled as take profit while the stop is being asked for is filled, and the stop came too late', () => {
    const group = working()
      .do(entry, { do: 'elect-stop', price: '95' })
      .venue(entry, execution('e1', 10, 11_000));
    expect(ordStatus(group.order(entry))).toBe('PendingReplace');
    group.venue(entry, { report: 'reject-replace' });
    expect(ordStatus(group.order(entry))).toBe('Filled');
    expect(group.do(entry, { do: 'elect-stop', price: '90' }).events).toEqual([]);
  });

  test('stays elected: what the venue refused is asked again with the next price, also a better one', () => {
    const group = working()
      .do(entry, { do: 'elect-stop', price: '95' })
      .venue(entry, { report: 'reject-replace' });
    expect(group.order(entry).hold.shares).toBe(10);
    group.do(entry, { do: 'elect-stop', price: '99' });
    expect(group.types).toEqual(['ReplaceRequested']);
    expect(group.order(entry).stopLeg?.attempts).toBe(2);
  });

  test('is elected behind a replace that is outstanding, and takes over after it', () => {
    const group = working()
      .do(entry, replace('R', { limitPrice: '111' }))
      .do(entry, { do: 'elect-stop', price: '95' });
    expect(group.types).toEqual(['StopElected']);
    group.venue(entry, { report: 'confirm-replace' }).do(entry, { do: 'elect-stop', price: '98' });
    expect(group.types).toEqual(['ReplaceRequested']);
  });

  test('that has not reached the venue takes the stop’s terms at once', () => {
    const closed = rules({ session: 'closed' });
    const group = new OrderGroup().do(entry, placeLinked(oco, { ...saleAt110, rules: closed }));
    group.do(entry, { do: 'elect-stop', price: '95' });
    expect(group.types).toEqual(['StopElected', 'ReplaceRequested', 'OrderReplaced']);
  });

  test('ends as one, whichever of its ids is canceled', () => {
    const group = working().do(entry, cancel('c', stopId));
    expect(group.types).toEqual(['CancelRequested']);
    group.venue(entry, { report: 'confirm-cancel' });
    expect(leavesQuantity(group.order(entry))).toBe(0);
    expect(group.items.position['held']).toBe(0);
    expect(group.do(entry, { do: 'elect-stop', price: '90' }).events).toEqual([]);
  });

  test('takes another stop price at once, under another id', () => {
    const group = working().do(entry, {
      ...replace('S2', { stopPrice: '97' }),
      original: clientOrderId(stopId),
    });
    expect(group.types).toEqual(['StopLegReplaced']);
    expect(group.state('order S2')).toMatchObject({ kind: 'alias', orderId: entry });
    expect(group.order(entry).stopLeg).toMatchObject({
      orderId: 'order S2',
      replaces: stopId,
      terms: { stopPrice: 9_700 },
    });
  });

  test.each<[string, Parameters<typeof replace>[1], string | undefined, string]>([
    ['a stop beyond the market', { stopPrice: '101' }, stopId, 'stop_loss_out_of_place'],
    ['a quantity for the stop alone', { quantity: '5' }, stopId, 'field_not_replaceable'],
    ['the same stop', { stopPrice: '95' }, stopId, 'replace_changes_nothing'],
    ['a take profit below the stop', { limitPrice: '94' }, undefined, 'take_profit_out_of_place'],
    ['a time in force that is not for pairs', { timeInForce: 'ioc' }, undefined, 'terms_inconsistent'],
  ])('refuses a replace with %s', (_, change, original, reason) => {
    const named = original === undefined ? {} : { original: clientOrderId(original) };
    const group = working().do(entry, { ...replace('R', change), ...named });
    expect([group.types, group.reasons]).toEqual([['ReplaceRejected'], [reason]]);
  });

  test('needs a stop on the losing side of the market, and a take profit beyond it', () => {
    const beyond = new OrderGroup().do(
      entry,
      placeLinked({ class: 'oco', stopLoss: stopLoss('100') }, saleAt110),
    );
    expect(beyond.reasons).toEqual(['stop_loss_out_of_place']);
    const crossed = new OrderGroup().do(entry, placeLinked(oco, { ...saleAt110, limitPrice: '95' }));
    expect(crossed.reasons).toEqual(['take_profit_out_of_place']);
  });

  test('is refused when the shares are not there', () => {
    const group = placed(oco, new Items(openAccount, { ...openPosition, available: 9 }));
    expect(group.reasons).toEqual(['insufficient_shares']);
  });
});
