import { amount, cashAttributes, text } from '../account/holdings.ts';
import { type Condition, holds, type Item } from '../account/items.ts';
import { type Contract, formatQuantity } from '../instrument/instrument.ts';
import type { Limit } from '../risk/rules.ts';
import { formatMoney, money } from '../values/money.ts';
import type { Observed, PlaceOrder, ReleaseExit, RequestReplace } from './commands.ts';
import type { Refusal } from './events.ts';
import type { Side } from './terms.ts';

/** A condition of the write on an account's items, with the refusal it stands for when the item does not meet it. */
export interface Guard {
  readonly on: 'account' | 'position';
  readonly condition: Condition;
  /** Absent: failing it refuses nothing, it only brings back the item for another decision. */
  readonly refusal?: (item: Item) => Refusal;
}

/** What one of our own decisions takes from the account: minor units and lots, zero where nothing is taken. */
export interface Demand {
  readonly side: Side;
  readonly contract: Contract;
  readonly cash: number;
  readonly shares: number;
  readonly exposure: number;
  readonly newOpenOrders: number;
  readonly dayNotional: number;
  readonly day: string;
  readonly positionMax: Limit;
}

/**
 * The conditions of the write in the order their refusals are reported: account status, suspended by its owner, epoch, reduce-only, funds, open
 * orders, day notional; then shares, position limit. `command.observed` tells what a refused write found.
 */
export function guardsFor(command: PlaceOrder | RequestReplace, demand: Demand): readonly Guard[] {
  const { account } = command.rules;
  const guards: Guard[] = [
    {
      on: 'account',
      condition: { attribute: 'status', is: '=', value: 'active' },
      refusal: (item) => ({
        reason: item['status'] === 'closed' ? 'account_closed' : 'account_halted',
        observed: text(item, 'status'),
      }),
    },
    {
      on: 'account',
      condition: { attribute: 'suspended', is: '=', value: 0 },
      refusal: () => ({ reason: 'account_suspended' }),
    },
    ofEpoch(account.epoch),
  ];
  if (demand.side === 'buy') {
    guards.push(mayBuy);
  }
  if (demand.cash > 0) guards.push(fundsFor(demand));
  if (demand.newOpenOrders > 0 && typeof account.openOrdersMax === 'number') {
    guards.push(openOrdersWithin(account.openOrdersMax, demand.newOpenOrders));
  }
  guards.push(...dayGuards(command, demand), ...positionGuards(command, demand));
  return guards;
}

function ofEpoch(epoch: number): Guard {
  return {
    on: 'account',
    condition: { attribute: 'epoch', is: '=', value: epoch },
    refusal: (item) => ({
      reason: 'account_moved',
      limit: String(epoch),
      observed: String(amount(item, 'epoch')),
    }),
  };
}

const mayBuy: Guard = {
  on: 'account',
  condition: { attribute: 'reduceOnly', is: '=', value: 0 },
  refusal: () => ({ reason: 'account_reduce_only' }),
};

function fundsFor({ contract: { currency }, cash }: Demand): Guard {
  const { available } = cashAttributes(currency);
  const show = (minorUnits: number) => formatMoney(money(minorUnits), currency);
  return {
    on: 'account',
    condition: { attribute: available, is: '>=', value: cash },
    refusal: (item) => ({
      reason: 'insufficient_funds',
      limit: show(amount(item, available)),
      observed: show(cash),
    }),
  };
}

/**
 * What an exit needs when its turn comes: it was taken, counted and allowed when it was placed, as any working order was, so only
 * what it takes now is asked.
 */
export function exitGuards(command: ReleaseExit, demand: Demand, epoch: number): readonly Guard[] {
  return [
    ofEpoch(epoch),
    ...(demand.side === 'buy' ? [mayBuy] : []),
    ...(demand.cash > 0 ? [fundsFor(demand)] : []),
    ...positionGuards(command, demand),
  ];
}

function openOrdersWithin(limit: number, more: number): Guard {
  return {
    on: 'account',
    condition: { attribute: 'openOrders', is: '<', value: limit - more + 1 },
    refusal: (item) => ({
      reason: 'maximum_open_orders',
      limit: String(limit),
      observed: String(amount(item, 'openOrders') + more),
    }),
  };
}

/**
 * The day's notional counts under the day's name. The first order of a day meets yesterday's name, is refused, and comes
 * back knowing it; then it starts the count anew. A clock behind the account's day joins that day.
 */
export function startsNewDay(
  observed: Observed | undefined,
  demand: Pick<Demand, 'contract' | 'day'>,
): boolean {
  if (!observed?.account) return false;
  return text(observed.account, cashAttributes(demand.contract.currency).day) < demand.day;
}

export function dayFor(observed: Observed | undefined, currency: Contract['currency'], day: string): string {
  const known = observed?.account ? text(observed.account, cashAttributes(currency).day) : '';
  return known > day ? known : day;
}

function dayGuards({ rules, observed }: PlaceOrder | RequestReplace, demand: Demand): readonly Guard[] {
  const limit = rules.account.dayNotionalMax;
  const { currency } = demand.contract;
  const cash = cashAttributes(currency);
  const anew = startsNewDay(observed, demand);
  const sameDay = anew && observed?.account ? text(observed.account, cash.day) : demand.day;
  const refusal = (item: Item): Refusal => ({
    reason: 'maximum_day_notional',
    limit: formatMoney(money(typeof limit === 'number' ? limit : 0), currency),
    observed: formatMoney(money((anew ? 0 : amount(item, cash.dayNotional)) + demand.dayNotional), currency),
  });
  const guards: Guard[] = [{ on: 'account', condition: { attribute: cash.day, is: '=', value: sameDay } }];
  // What adds nothing goes on under a limit that was lowered below what the day has come to.
  if (typeof limit !== 'number' || demand.dayNotional === 0) return guards;
  // A new day starts from zero: only this order's own notional can be above the limit, whatever yesterday's count was.
  const room = anew
    ? demand.dayNotional <= limit
      ? Number.MAX_SAFE_INTEGER
      : -1
    : limit - demand.dayNotional;
  guards.push({ on: 'account', condition: { attribute: cash.dayNotional, is: '<=', value: room }, refusal });
  return guards;
}

function positionGuards({ observed }: { readonly observed?: Observed }, demand: Demand): readonly Guard[] {
  const { contract, positionMax } = demand;
  const show = (lots: number) => formatQuantity(lots, contract);
  if (demand.shares > 0) {
    // What is owed is nobody's to sell. None is taken for granted, until a refused write has shown otherwise.
    const shortfall = amount(observed?.position ?? 'missing', 'shortfall');
    return [
      { on: 'position', condition: { attribute: 'shortfall', is: '=', value: shortfall } },
      {
        on: 'position',
        condition: { attribute: 'available', is: '>=', value: demand.shares - shortfall },
        refusal: (item) => ({
          reason: 'insufficient_shares',
          limit: show(Math.max(0, amount(item, 'available') + amount(item, 'shortfall'))),
          observed: show(demand.shares),
        }),
      },
    ];
  }
  if (demand.exposure <= 0 || typeof positionMax !== 'number') return [];
  return [
    {
      on: 'position',
      condition: { attribute: 'exposure', is: '<=', value: positionMax - demand.exposure },
      refusal: (item) => ({
        reason: 'maximum_position',
        limit: show(positionMax),
        observed: show(amount(item, 'exposure') + demand.exposure),
      }),
    },
  ];
}

/** The first guard that what was observed does not meet. */
export function firstBroken(guards: readonly Guard[], observed: Observed | undefined): Refusal | undefined {
  for (const guard of guards) {
    const item = guard.on === 'account' ? observed?.account : observed?.position;
    if (item === undefined || guard.refusal === undefined) continue;
    if (item === 'missing' && guard.on === 'account') return { reason: 'account_unknown' };
    const known = item === 'missing' ? {} : item;
    if (!holds(guard.condition, known)) return guard.refusal(known);
  }
  return undefined;
}
