import { describe, expect, test } from 'vitest';
import { decide } from '../../../domain/order/decide.ts';
import { duplicateItem, effects, observe, orderStream } from '../../../domain/order/effects.ts';
import { existing, type OrderState, unborn } from '../../../domain/order/state.ts';
import type { OrderCommand } from '../../../domain/order/commands.ts';
import { cancel, execution, now, place, replace, rules, venue } from '../../support/order.ts';
import { openAccount, placed, working } from '../../support/order-story.ts';

function written(command: OrderCommand, state: OrderState = unborn) {
  return effects(command, state, decide(command, state));
}

describe('a placement writes', () => {
  test('the account under every condition the rules set, and the position of a limited buy', () => {
    expect(written(place()).changes).toEqual([
      {
        key: { owner: 'account', name: 'account' },
        must: 'exist',
        conditions: [
          { attribute: 'status', is: '=', value: 'active' },
          { attribute: 'suspended', is: '=', value: 0 },
          { attribute: 'epoch', is: '=', value: 1 },
          { attribute: 'reduceOnly', is: '=', value: 0 },
          { attribute: 'available_USD', is: '>=', value: 100_000 },
          { attribute: 'openOrders', is: '<', value: 100 },
          { attribute: 'day_USD', is: '=', value: '2024-01-08' },
          { attribute: 'dayNotional_USD', is: '<=', value: 100_000_000_000 - 100_000 },
        ],
        add: { available_USD: -100_000, held_USD: 100_000, openOrders: 1, dayNotional_USD: 100_000 },
        set: {},
      },
      {
        key: { owner: 'account', name: 'position-ACME' },
        conditions: [{ attribute: 'exposure', is: '<=', value: 999_990 }],
        add: { exposure: 10 },
      },
    ]);
  });

  test('nothing beside its own stream when it is denied', () => {
    expect(written(place({ quantity: '0' }))).toEqual({ changes: [], beginnings: [] });
  });

  test('the position of a sale under the condition that the shares are there and none are owed', () => {
    expect(written(place({ side: 'sell' })).changes[1]).toEqual({
      key: { owner: 'account', name: 'position-ACME' },
      conditions: [
        { attribute: 'shortfall', is: '=', value: 0 },
        { attribute: 'available', is: '>=', value: 10 },
      ],
      add: { available: -10, held: 10 },
    });
  });

  test('when the same terms were last seen, where a window is set', () => {
    const command = place({ rules: rules({ account: { duplicateWindowMs: 1_000 } }) });
    const [event] = decide(command, unborn);
    if (event?.type !== 'OrderPlaced') throw new Error('not placed');
    expect(written(command).changes[2]).toEqual({
      key: duplicateItem(event),
      conditions: [],
      set: { at: now },
      must: 'be-absent',
    });
  });
});

describe('what a venue reports', () => {
  test('is written whatever the account’s status: only its epoch, and that the money is there, are asked', () => {
    const { state } = placed();
    expect(written(venue(execution('A', 20), 1), state).changes[0]).toMatchObject({
      conditions: [
        { attribute: 'epoch', is: '=', value: 1 },
        { attribute: 'available_USD', is: '>=', value: 100_000 },
      ],
      set: { reduceOnly: 1 },
    });
  });

  test('asks for exactly what was there when it leaves a shortfall', () => {
    const { state } = placed();
    const short = {
      ...venue(execution('A', 20), 1),
      observed: { account: { ...openAccount, available_USD: 1 } },
    };
    expect(written(short, state).changes[0]).toMatchObject({
      conditions: [
        { attribute: 'epoch', is: '=', value: 1 },
        { attribute: 'available_USD', is: '=', value: 1 },
      ],
    });
  });

  test('touches no item when nothing moves', () => {
    expect(
      written({ ...venue(execution('A', 1), 1), report: { report: 'suspend' } }, placed().state).changes,
    ).toEqual([]);
    expect(written(cancel('Y'), working().state).changes).toEqual([]);
  });
});

test('a replace begins the stream of its new outside id in the same write', () => {
  const { state } = working();
  expect(written(replace('Y', { quantity: '12' }), state).beginnings).toEqual([
    {
      stream: orderStream('order Y'),
      events: [{ type: 'OrderAliased', schema: 1, data: { orderId: 'order X', accountId: 'account' } }],
    },
  ]);
  expect(existing(state).orderId).toBe('order X');
});

test('what a write was refused for is known at the next decision, and what was known before stays', () => {
  const account = { key: { owner: 'account', name: 'account' }, item: openAccount };
  const position = { key: { owner: 'account', name: 'position-ACME' }, item: undefined };
  const duplicate = { key: { owner: 'duplicates-account', name: 'ACME|buy' }, item: { at: 1 } };
  const once = observe(place(), [account]);
  expect(observe(once, [position, duplicate])).toMatchObject({
    observed: { account: openAccount, position: 'missing', duplicate: { at: 1 } },
  });
  expect(observe(cancel('Y'), [account])).toEqual(cancel('Y'));
});
