import { describe, expect, test } from 'vitest';
import type { Item } from '../../../domain/account/items.ts';
import { balanceMax, type TransferAsset, type TransferDirection } from '../../../domain/transfer/asset.ts';
import type { RequestTransfer, TransferCommand } from '../../../domain/transfer/commands.ts';
import { transfer } from '../../../domain/transfer/decide.ts';
import { effects, observe } from '../../../domain/transfer/effects.ts';
import type { TransferState } from '../../../domain/transfer/state.ts';
import { accountId } from '../../../domain/values/ids.ts';
import { money } from '../../../domain/values/money.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { timestamp } from '../../../domain/values/time.ts';

const at = timestamp(1_763_856_000_000_000);
const cash = (cents: number): TransferAsset => ({ kind: 'cash', currency: 'USD', amount: money(cents) });
const shares = (lots: number): TransferAsset => ({
  kind: 'shares',
  contract: { symbol: 'ACME', currency: 'USD', tickSize: '0.01', lotSize: '1' },
  quantity: quantity(lots),
});

function request(
  direction: TransferDirection,
  asset: TransferAsset,
  more: Partial<RequestTransfer> = {},
): RequestTransfer {
  return {
    do: 'request',
    transferId: 't-1',
    accountId: accountId('a-1'),
    direction,
    requested: { asset: 'USD', amount: '1.00' },
    asset,
    approvalAbove: 1_000,
    epoch: 1,
    ...more,
  };
}

function given(...commands: readonly TransferCommand[]): TransferState {
  let state = transfer.initial;
  for (const command of commands) {
    for (const event of transfer.decide(command, state)) state = transfer.evolve(state, event, at);
  }
  return state;
}

function decided(command: TransferCommand, state: TransferState = transfer.initial) {
  const events = transfer.decide(command, state);
  return { events, changes: effects(command, state, events).changes };
}

const account: Item = { status: 'active', epoch: 1, available_USD: 500 };

describe('a transfer', () => {
  test('in posts from outside to available, while nothing is owed', () => {
    const { events, changes } = decided(request('in', cash(700)));
    expect(events.map(({ type }) => type)).toEqual(['TransferRequested', 'TransferCompleted']);
    expect(events[1]).toMatchObject({ data: { posting: { cash: { external: -700, available: 700 } } } });
    expect(changes).toEqual([
      {
        key: { owner: 'a-1', name: 'account' },
        conditions: [
          { attribute: 'status', is: 'in', value: ['active', 'halted'] },
          { attribute: 'epoch', is: '=', value: 1 },
          { attribute: 'shortfall_USD', is: '=', value: 0 },
          { attribute: 'available_USD', is: '<=', value: balanceMax - 700 },
        ],
        add: { available_USD: 700 },
        must: 'exist',
      },
    ]);
  });

  test('in is refused, not impossible, where the balance would grow beyond what may come in', () => {
    const full = observe(request('in', cash(700)), [
      { key: { owner: 'a-1', name: 'account' }, item: { ...account, available_USD: balanceMax - 699 } },
    ]);
    expect(decided(full)).toMatchObject({
      events: [
        {
          type: 'TransferDenied',
          data: { reason: 'maximum_balance', limit: '6.99', observed: '7.00' },
        },
      ],
      changes: [],
    });
    const lots = observe(request('in', shares(balanceMax + 1), { approvalAbove: 'unlimited' }), [
      { key: { owner: 'a-1', name: 'position-ACME' }, item: undefined },
    ]);
    expect(decided(lots).events).toMatchObject([{ data: { reason: 'maximum_balance' } }]);
  });

  test('in that was waiting is refused too: what was asked for before there was a bound stays uncounted', () => {
    const asked = given(request('in', cash(9_007_199_254_740_990)));
    const observed = { account: { ...account, available_USD: 500 } };
    expect(decided({ do: 'complete', approvalId: 'approval-1', observed }, asked)).toMatchObject({
      events: [{ type: 'TransferChangeRefused', data: { change: 'complete', reason: 'maximum_balance' } }],
      changes: [],
    });
  });

  test('in pays what the account owes first, and pins what that was', () => {
    const owing = observe(request('in', cash(700)), [
      { key: { owner: 'a-1', name: 'account' }, item: { ...account, shortfall_USD: -200 } },
    ]);
    const { events, changes } = decided(owing);
    expect(events[1]).toMatchObject({
      data: { posting: { cash: { external: -700, shortfall: 200, available: 500 } } },
    });
    expect(changes[0]).toMatchObject({ add: { available_USD: 500, shortfall_USD: 200 } });
    expect(changes[0]?.conditions).toContainEqual({ attribute: 'shortfall_USD', is: '=', value: -200 });
  });

  test('in that is less than what is owed leaves nothing to spend', () => {
    const owing = request('in', cash(150), { observed: { account: { ...account, shortfall_USD: -200 } } });
    expect(decided(owing).events[1]).toMatchObject({
      data: { posting: { cash: { external: -150, shortfall: 150 } } },
    });
  });

  test('out goes through held and needs as much available', () => {
    const { events, changes } = decided(request('out', cash(300)));
    expect(events).toMatchObject([
      { type: 'TransferRequested', data: { posting: { cash: { available: -300, held: 300 } } } },
      { type: 'TransferCompleted', data: { posting: { cash: { held: -300, external: 300 } } } },
    ]);
    expect(changes[0]).toMatchObject({ add: { available_USD: -300 } });
    expect(changes[0]?.conditions).toContainEqual({ attribute: 'available_USD', is: '>=', value: 300 });
  });

  test('out above what is there is denied with both numbers', () => {
    const command = request('out', cash(501), { observed: { account } });
    expect(decided(command)).toEqual({
      events: [
        {
          type: 'TransferDenied',
          schema: 1,
          data: {
            transferId: 't-1',
            accountId: 'a-1',
            direction: 'out',
            requested: { asset: 'USD', amount: '1.00' },
            reason: 'transfer_insufficient',
            limit: '5.00',
            observed: '5.01',
          },
        },
      ],
      changes: [],
    });
  });

  test('out leaves what is owed behind', () => {
    const item = { ...account, shortfall_USD: -100 };
    expect(decided(request('out', cash(401), { observed: { account: item } })).events).toMatchObject([
      { type: 'TransferDenied', data: { reason: 'transfer_insufficient', limit: '4.00' } },
    ]);
    const { changes } = decided(request('out', cash(400), { observed: { account: item } }));
    expect(changes[0]?.conditions).toContainEqual({ attribute: 'available_USD', is: '>=', value: 500 });
  });

  test.each([
    [{ status: 'halted', epoch: 1 }, 'account_halted'],
    [{ status: 'closed', epoch: 1 }, 'account_closed'],
    [{ status: 'active', epoch: 2 }, 'account_moved'],
    ['missing', 'account_unknown'],
  ] as const)('out of an account that is %j is denied: %s', (item, reason) => {
    expect(decided(request('out', cash(1), { observed: { account: item } })).events).toMatchObject([
      { type: 'TransferDenied', data: { reason } },
    ]);
  });

  test('of cash into a halted account is let in', () => {
    const command = request('in', cash(5), { observed: { account: { ...account, status: 'halted' } } });
    expect(decided(command).events.map(({ type }) => type)).toContain('TransferCompleted');
  });

  test('of an unknown asset, or without a limit for approval, is denied', () => {
    expect(decided({ ...request('in', cash(1)), asset: undefined }).events).toMatchObject([
      { type: 'TransferDenied', data: { reason: 'transfer_asset_unknown' } },
    ]);
    expect(decided({ ...request('in', cash(1)), approvalAbove: undefined }).events).toMatchObject([
      { type: 'TransferDenied', data: { reason: 'limit_not_configured', limit: 'approvalAbove' } },
    ]);
  });

  test('of shares moves the position and what a position limit counts', () => {
    const { changes } = decided(request('out', shares(5)));
    expect(changes).toMatchObject([
      { key: { name: 'account' }, must: 'exist' },
      { key: { name: 'position-ACME' }, add: { available: -5, exposure: -5 } },
    ]);
    expect(changes[1]?.conditions).toContainEqual({ attribute: 'available', is: '>=', value: 5 });
  });

  test('of shares into an account that never held them makes the position', () => {
    const { changes } = decided(request('in', shares(5), { observed: { position: 'missing' } }));
    expect(changes[1]).toEqual({
      key: { owner: 'a-1', name: 'position-ACME' },
      conditions: [],
      add: { available: 5, exposure: 5 },
      must: 'be-absent',
    });
  });
});

describe('a transfer above the limit', () => {
  const pending = given(request('out', cash(2_000)));
  const complete: TransferCommand = { do: 'complete', approvalId: 'approval-1' };

  test('holds what goes out until a second person approves', () => {
    const { events, changes } = decided(request('out', cash(2_000)));
    expect(events.map(({ type }) => type)).toEqual(['TransferRequested']);
    expect(changes).toMatchObject([{ add: { available_USD: -2_000, held_USD: 2_000 } }]);
    expect(decided(complete, pending)).toMatchObject({
      events: [{ type: 'TransferCompleted', data: { approvalId: 'approval-1' } }],
      changes: [{ add: { held_USD: -2_000 } }],
    });
  });

  test('moves nothing yet when it comes in', () => {
    const { changes } = decided(request('in', cash(2_000)));
    expect(changes).toMatchObject([{ add: {} }]);
    const { changes: after } = decided(complete, given(request('in', cash(2_000))));
    expect(after).toMatchObject([{ add: { available_USD: 2_000 } }]);
  });

  test('that is canceled gives back what it held', () => {
    const { events, changes } = decided({ do: 'cancel', reason: 'approval_refused' }, pending);
    expect(events).toMatchObject([{ type: 'TransferCanceled', data: { reason: 'approval_refused' } }]);
    expect(changes).toMatchObject([{ add: { available_USD: 2_000, held_USD: -2_000 } }]);
  });

  test('is canceled instead when the account was halted meanwhile', () => {
    const { events } = decided(
      { ...complete, observed: { account: { ...account, status: 'halted' } } },
      pending,
    );
    expect(events).toMatchObject([{ type: 'TransferCanceled', data: { reason: 'account_halted' } }]);
  });

  test('ends once', () => {
    const completed = given(request('out', cash(2_000)), complete);
    const canceled = given(request('out', cash(2_000)), { do: 'cancel', reason: 'requested' });
    expect(decided(complete, completed).events).toEqual([]);
    expect(decided({ do: 'cancel', reason: 'requested' }, canceled).events).toEqual([]);
    expect(decided(complete, canceled)).toMatchObject({
      events: [{ type: 'TransferChangeRefused', data: { reason: 'transfer_closed', observed: 'canceled' } }],
      changes: [],
    });
    expect(decided({ do: 'cancel', reason: 'requested' }, completed).events).toMatchObject([
      { data: { reason: 'transfer_closed', observed: 'completed' } },
    ]);
  });
});
