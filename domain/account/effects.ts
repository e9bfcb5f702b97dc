import type { Effects } from '../decider.ts';
import { assert, unreachable } from '../values/assert.ts';
import { currencies } from '../values/money.ts';
import type { AccountCommand } from './commands.ts';
import { positionTotals } from './decide.ts';
import type { AccountEvent } from './events.ts';
import { accountItem, cashAttributes, positionItem } from './holdings.ts';
import type { Condition, Item, ItemChange, ItemKey } from './items.ts';
import { liftChanges } from './repay.ts';
import type { AccountState } from './state.ts';

/** What the stream says is what the account item says, in the same write: the next order's conditions see it at once. */
export function effects(
  command: AccountCommand,
  before: AccountState,
  events: readonly AccountEvent[],
): Effects<AccountEvent> {
  return { changes: events.flatMap((event) => changesOf(event, command, before)), beginnings: [] };
}

function changesOf(
  event: AccountEvent,
  command: AccountCommand,
  before: AccountState,
): readonly ItemChange[] {
  if (event.type === 'AccountOpened') {
    const { accountId, currency, epoch } = event.data;
    const set = { status: 'active', currency, epoch, reduceOnly: 0, openOrders: 0 };
    return [{ key: accountItem(accountId), conditions: [], set, must: 'be-absent' }];
  }
  assert(before.kind === 'account', 'only an account that was opened changes');
  const key = accountItem(before.accountId);
  switch (event.type) {
    case 'AccountHalted':
      return [{ key, conditions: [], set: { status: 'halted' }, must: 'exist' }];
    case 'HaltLifted':
      return [{ key, conditions: [], set: { status: 'active' }, must: 'exist' }];
    case 'RestrictionLifted':
      assert(command.do === 'lift-restriction', 'a restriction is lifted on request');
      return liftChanges(before.accountId, command);
    case 'AccountClosed':
      assert(command.do === 'close', 'an account closes on request');
      return [
        { key, conditions: holdsNothing, set: { status: 'closed' }, must: 'exist' },
        ...command.symbols.map((symbol) => emptyPosition(positionItem(before.accountId, symbol))),
      ];
    case 'AccountConfigured': {
      const { suspendTrade } = event.data;
      if (suspendTrade === undefined) return [];
      return [{ key, conditions: [], set: { suspended: suspendTrade ? 1 : 0 }, must: 'exist' }];
    }
    case 'PositionsClosingRequested':
    case 'AccountChangeRefused':
      return [];
    default:
      return unreachable(event);
  }
}

const zero = (attribute: string): Condition => ({ attribute, is: '=', value: 0 });

const holdsNothing: readonly Condition[] = [
  zero('openOrders'),
  ...currencies.flatMap((currency) => {
    const { available, held, shortfall } = cashAttributes(currency);
    return [available, held, shortfall].map(zero);
  }),
];

function emptyPosition(key: ItemKey): ItemChange {
  return { key, conditions: positionTotals.map(zero) };
}

/** The command, knowing what the items held that refused the write. */
export function observe(
  command: AccountCommand,
  refusals: readonly { readonly key: ItemKey; readonly item: Item | undefined }[],
): AccountCommand {
  const found = Object.fromEntries(refusals.map(({ key, item }) => [key.name, item ?? 'missing'] as const));
  assert(
    command.do === 'close' || command.do === 'lift-restriction',
    `the account's items refused to ${command.do}`,
  );
  return { ...command, observed: { ...command.observed, ...found } };
}
