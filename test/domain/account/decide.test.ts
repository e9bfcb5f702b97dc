import { describe, expect, test } from 'vitest';
import type { AccountCommand, LiftRestriction } from '../../../domain/account/commands.ts';
import { account } from '../../../domain/account/decide.ts';
import { effects } from '../../../domain/account/effects.ts';
import type { AccountEvent } from '../../../domain/account/events.ts';
import type { AccountState } from '../../../domain/account/state.ts';
import { accountId } from '../../../domain/values/ids.ts';
import { timestamp } from '../../../domain/values/time.ts';

const at = timestamp(1_763_856_000_000_000);
const open: AccountCommand = { do: 'open', accountId: accountId('a-1'), currency: 'USD' };
const halt: AccountCommand = { do: 'halt', reason: 'too many messages' };
const liftHalt = { do: 'lift-halt', approvalId: 'approval-1' } as const;
const lift: LiftRestriction = { do: 'lift-restriction', restrictions: 1, symbols: ['ACME'] };
const close: AccountCommand = { do: 'close', halt: 1, symbols: ['ACME'] };

function given(...commands: readonly AccountCommand[]): AccountState {
  let state = account.initial;
  for (const command of commands) {
    for (const event of account.decide(command, state)) state = account.evolve(state, event, at);
  }
  return state;
}

function types(events: readonly AccountEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

describe('an account', () => {
  test('opens with an item that must not be there yet', () => {
    const events = account.decide(open, account.initial);
    expect(events).toEqual([
      { type: 'AccountOpened', schema: 1, data: { accountId: 'a-1', currency: 'USD', epoch: 1 } },
    ]);
    expect(effects(open, account.initial, events).changes).toEqual([
      {
        key: { owner: 'a-1', name: 'account' },
        conditions: [],
        set: { status: 'active', currency: 'USD', epoch: 1, reduceOnly: 0, openOrders: 0 },
        must: 'be-absent',
      },
    ]);
  });

  test('is opened, halted and closed once, however often it is asked', () => {
    expect(account.decide(open, given(open))).toEqual([]);
    expect(account.decide(halt, given(open, halt))).toEqual([]);
    expect(account.decide(liftHalt, given(open))).toEqual([]);
    expect(account.decide(close, given(open, halt, close))).toEqual([]);
  });

  test('that was never opened decides nothing', () => {
    for (const command of [halt, liftHalt, close, lift]) {
      expect(account.decide(command, account.initial)).toEqual([]);
    }
  });

  test('is halted for a breach, with what was crossed, unless people have looked at it since', () => {
    const breach = { breachId: 'b-1', watched: 'message_rate', limit: '5', observed: '6', at };
    const command: AccountCommand = { do: 'halt', reason: 'too many messages', breach };
    expect(account.decide(command, given(open))).toMatchObject([{ type: 'AccountHalted', data: { breach } }]);
    const lifted = given(open, halt, liftHalt);
    expect(account.decide(command, lifted)).toEqual([]);
    const later = { ...breach, at: timestamp(at + 1) };
    expect(types(account.decide({ ...command, breach: later }, lifted))).toEqual(['AccountHalted']);
    expect(types(account.decide(halt, lifted))).toEqual(['AccountHalted']);
  });

  test('is let go from the halt two people spoke of, not from a later one', () => {
    const halted = given(open, halt, liftHalt, halt);
    expect(account.decide({ ...liftHalt, halt: 1 }, halted)).toMatchObject([
      {
        type: 'AccountChangeRefused',
        data: { change: 'lift-halt', reason: 'approval_mismatch', limit: 'halt 1', observed: 'halt 2' },
      },
    ]);
    expect(types(account.decide({ ...liftHalt, halt: 2 }, halted))).toEqual(['HaltLifted']);
    expect(account.decide({ ...liftHalt, halt: 1 }, given(open, halt, liftHalt))).toEqual([]);
  });

  test('is closed under the very halt its positions were looked up in', () => {
    expect(account.decide(close, given(open))).toMatchObject([
      { type: 'AccountChangeRefused', data: { change: 'close', reason: 'account_not_halted' } },
    ]);
    expect(account.decide(close, given(open, halt, liftHalt, halt))).toMatchObject([
      { data: { reason: 'account_not_halted' } },
    ]);
    expect(types(account.decide({ ...close, halt: 2 }, given(open, halt, liftHalt, halt)))).toEqual([
      'AccountClosed',
    ]);
  });

  test('is not closed while it holds anything, and says what', () => {
    const state = given(open, halt);
    const refusal = (name: string, item: Record<string, number>) =>
      account.decide({ ...close, observed: { [name]: item } }, state);
    expect(refusal('account', { openOrders: 2 })).toMatchObject([
      { data: { reason: 'account_not_empty', observed: '2 open orders' } },
    ]);
    expect(refusal('account', { held_USD: 1 })).toMatchObject([{ data: { observed: '0.01 held_USD' } }]);
    expect(refusal('account', { shortfall_EUR: -5 })).toMatchObject([
      { data: { observed: '-0.05 shortfall_EUR' } },
    ]);
    expect(refusal('position-ACME', { available: 3 })).toMatchObject([
      { data: { observed: '3 lots available in position-ACME' } },
    ]);
  });

  test('that is closed stays as it is', () => {
    const closed = given(open, halt, close);
    for (const command of [halt, liftHalt, lift]) {
      expect(account.decide(command, closed)).toMatchObject([{ data: { reason: 'account_closed' } }]);
    }
  });

  test('may buy again while it owes nothing and nothing has fallen short since', () => {
    const events = account.decide(lift, given(open));
    expect(events).toEqual([{ type: 'RestrictionLifted', schema: 1, data: {} }]);
    const [item, position] = effects(lift, given(open), events).changes;
    expect(item).toMatchObject({ set: { reduceOnly: 0 }, add: {}, must: 'exist' });
    expect(item?.conditions).toContainEqual({ attribute: 'restrictions', is: '=', value: 1 });
    expect(item?.conditions).toContainEqual({ attribute: 'shortfall_USD', is: '=', value: 0 });
    expect(position).toEqual({
      key: { owner: 'a-1', name: 'position-ACME' },
      conditions: [{ attribute: 'shortfall', is: '=', value: 0 }],
    });
  });

  test('pays what it owes out of what has come in since', () => {
    const command: LiftRestriction = {
      ...lift,
      observed: {
        account: { restrictions: 1, available_USD: 900, shortfall_USD: -250 },
        'position-ACME': { available: 7, shortfall: -7 },
      },
    };
    const events = account.decide(command, given(open));
    expect(events).toMatchObject([
      {
        type: 'RestrictionLifted',
        data: {
          repaid: [
            { kind: 'cash', currency: 'USD', posting: { cash: { available: -250, shortfall: 250 } } },
            { kind: 'shares', symbol: 'ACME', posting: { shares: { available: -7, shortfall: 7 } } },
          ],
        },
      },
    ]);
    const [item, position] = effects(command, given(open), events).changes;
    expect(item?.add).toEqual({ available_USD: -250, shortfall_USD: 250 });
    expect(item?.conditions).toContainEqual({ attribute: 'shortfall_USD', is: '=', value: -250 });
    expect(item?.conditions).toContainEqual({ attribute: 'available_USD', is: '>=', value: 250 });
    expect(position).toMatchObject({
      conditions: [
        { attribute: 'shortfall', is: '=', value: -7 },
        { attribute: 'available', is: '>=', value: 7 },
      ],
      add: { available: -7, shortfall: 7 },
    });
  });

  test('may not buy while it owes more cash or shares than it has, or was restricted again', () => {
    const refusal = (observed: LiftRestriction['observed'] & object) =>
      account.decide({ ...lift, observed }, given(open));
    expect(refusal({ account: { restrictions: 1, available_USD: 249, shortfall_USD: -250 } })).toMatchObject([
      { data: { reason: 'account_short', limit: '2.49 USD', observed: '2.50 USD' } },
    ]);
    expect(refusal({ 'position-ACME': { available: 6, shortfall: -7 } })).toMatchObject([
      { data: { reason: 'account_short', limit: '6 lots of ACME', observed: '7 lots of ACME' } },
    ]);
    expect(refusal({ account: { restrictions: 2 } })).toMatchObject([
      { data: { reason: 'account_reduce_only', limit: 'restriction 1', observed: 'restriction 2' } },
    ]);
  });
});
