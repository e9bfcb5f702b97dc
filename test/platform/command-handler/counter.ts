import type { ItemKey } from '../../../domain/account/items.ts';
import type { DomainEvent } from '../../../domain/decider.ts';
import { ImpossibleState, unreachable } from '../../../domain/values/assert.ts';
import type { Aggregate } from '../../../platform/command-handler/aggregate.ts';
import { CorruptCommit } from '../../../platform/event-store/errors.ts';

export type CounterCommand =
  | { readonly type: 'Add'; readonly quantity: number }
  | { readonly type: 'Close' }
  | { readonly type: 'Reserve'; readonly cash: number; readonly available?: number }
  | { readonly type: 'Alias'; readonly name: string; readonly takenBy?: string }
  | { readonly type: 'Break' }
  | { readonly type: 'Poison' };

export type CounterEvent =
  | DomainEvent<'Added', { readonly quantity: number }>
  | DomainEvent<'Closed', Record<string, never>>
  | DomainEvent<'Reserved', { readonly cash: number }>
  | DomainEvent<'Aliased', { readonly name: string }>
  | DomainEvent<'Poisoned', Record<string, never>>
  | DomainEvent<'Denied', { readonly reason: 'closed' | 'cash' | 'taken'; readonly value: number | string }>;

/** As small after two thousand commits as after two. */
export interface CounterState {
  readonly total: number;
  readonly count: number;
  readonly denied: number;
  readonly isClosed: boolean;
}

export const purse: ItemKey = { owner: 'account-1', name: 'account' };

function event<Type extends CounterEvent['type'], Data>(type: Type, data: Data): DomainEvent<Type, Data> {
  return { type, schema: 1, data };
}

function denied(reason: 'closed' | 'cash' | 'taken', value: number | string): readonly CounterEvent[] {
  return [event('Denied', { reason, value })];
}

function decide(command: CounterCommand, state: CounterState): readonly CounterEvent[] {
  if (state.isClosed && command.type === 'Close') return [];
  if (state.isClosed) return denied('closed', state.total);
  switch (command.type) {
    case 'Add':
      return [event('Added', { quantity: command.quantity })];
    case 'Close':
      return [event('Closed', {})];
    case 'Reserve':
      return command.available !== undefined && command.available < command.cash
        ? denied('cash', command.available)
        : [event('Reserved', { cash: command.cash })];
    case 'Alias':
      return command.takenBy === undefined
        ? [event('Aliased', { name: command.name })]
        : denied('taken', command.takenBy);
    case 'Break':
      throw new ImpossibleState('broken on request');
    case 'Poison':
      return [event('Poisoned', {})];
    default:
      return unreachable(command);
  }
}

function evolve(state: CounterState, happened: CounterEvent): CounterState {
  const counted = { ...state, count: state.count + 1 };
  switch (happened.type) {
    case 'Added':
      return { ...counted, total: state.total + happened.data.quantity };
    case 'Closed':
      return { ...counted, isClosed: true };
    case 'Denied':
      return { ...counted, denied: state.denied + 1 };
    case 'Reserved':
    case 'Aliased':
      return counted;
    case 'Poisoned':
      throw new ImpossibleState('this event cannot be folded');
    default:
      return unreachable(happened);
  }
}

const types = ['Added', 'Closed', 'Reserved', 'Aliased', 'Poisoned', 'Denied'];

function isCounterEvent(stored: DomainEvent): stored is CounterEvent {
  return stored.schema === 1 && types.includes(stored.type);
}

/** Cannot be told why its items refused, nor that a stream is taken. */
export const deafCounter: Aggregate<CounterCommand, CounterState, CounterEvent> = {
  kind: 'counter',
  fingerprint: 'counter-1',
  initial: { total: 0, count: 0, denied: 0, isClosed: false },
  decide,
  evolve,
  upcast(stored) {
    if (!isCounterEvent(stored)) throw new CorruptCommit(`${stored.type} schema ${stored.schema} is unknown`);
    return stored;
  },
  effects(command, _before, [first]) {
    const isReserved = command.type === 'Reserve' && first?.type === 'Reserved';
    const isAliased = command.type === 'Alias' && first?.type === 'Aliased';
    return {
      changes: isReserved
        ? [
            {
              key: purse,
              conditions: [{ attribute: 'available', is: '>=', value: command.cash }],
              add: { available: -command.cash },
            },
          ]
        : [],
      beginnings: isAliased ? [{ stream: `counter-${command.name}`, events: [first] }] : [],
    };
  },
};

export const counter: Aggregate<CounterCommand, CounterState, CounterEvent> = {
  ...deafCounter,
  observe(command, refusals) {
    const available = refusals[0]?.item?.['available'];
    return command.type === 'Reserve' ? { ...command, available: Number(available ?? 0) } : command;
  },
  taken(command, commit) {
    return command.type === 'Alias' ? { ...command, takenBy: commit.commitId } : command;
  },
};
