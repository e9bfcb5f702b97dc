import type { Decider } from '../decider.ts';
import type { Reason } from '../risk/reasons.ts';
import { unreachable } from '../values/assert.ts';
import { currencies, formatMoney, money } from '../values/money.ts';
import type { AccountCommand, CloseAccount, HaltAccount, LiftHalt } from './commands.ts';
import { changesOf } from './configuration.ts';
import type { AccountChangeRefused, AccountEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { accountItem, amount, cashAttributes } from './holdings.ts';
import type { Item } from './items.ts';
import { liftRefusal, repaymentsOf } from './repay.ts';
import { type Account, type AccountState, unopened } from './state.ts';

type Refusal = Omit<AccountChangeRefused['data'], 'change'>;

/** The ownership an account starts under. */
const firstEpoch = 1;

/** Of an account that was never opened nothing is decided: whoever asks finds that out by the state that comes back. */
export function decide(command: AccountCommand, state: AccountState): readonly AccountEvent[] {
  if (command.do === 'open') {
    const { accountId, currency } = command;
    if (state.kind === 'account') return [];
    return [{ type: 'AccountOpened', schema: 1, data: { accountId, currency, epoch: firstEpoch } }];
  }
  if (state.kind === 'unopened') return [];
  const refusal = refusalOf(command, state);
  if (refusal) return [{ type: 'AccountChangeRefused', schema: 1, data: { change: command.do, ...refusal } }];
  return change(command, state);
}

function change(command: Exclude<AccountCommand, { do: 'open' }>, account: Account): readonly AccountEvent[] {
  const { status, configuration } = account;
  switch (command.do) {
    case 'halt':
      return status === 'halted' || isLookedAt(command, account) ? [] : [halted(command)];
    case 'lift-halt': {
      const { approvalId } = command;
      const data = approvalId === undefined ? {} : { approvalId };
      return status === 'halted' ? [{ type: 'HaltLifted', schema: 1, data }] : [];
    }
    case 'lift-restriction': {
      const repaid = repaymentsOf(command);
      const data = repaid.length > 0 ? { repaid } : {};
      return [{ type: 'RestrictionLifted', schema: 1, data }];
    }
    case 'close':
      return status === 'closed' ? [] : [{ type: 'AccountClosed', schema: 1, data: {} }];
    case 'configure': {
      const data = changesOf(command.asked, configuration);
      return Object.keys(data).length > 0 ? [{ type: 'AccountConfigured', schema: 1, data }] : [];
    }
    case 'close-positions': {
      // Also that there was nothing to close: a repeat must not sell what came later.
      const { positions } = command;
      return [{ type: 'PositionsClosingRequested', schema: 1, data: { positions } }];
    }
    default:
      return unreachable(command);
  }
}

function isLookedAt({ breach }: HaltAccount, { liftedAt }: Account): boolean {
  return breach !== undefined && liftedAt !== undefined && breach.at <= liftedAt;
}

function halted({ reason, breach }: HaltAccount): AccountEvent {
  return { type: 'AccountHalted', schema: 1, data: { reason, ...(breach && { breach }) } };
}

function refusalOf(command: Exclude<AccountCommand, { do: 'open' }>, account: Account): Refusal | undefined {
  if (command.do === 'close') return closeRefusal(command, account);
  if (account.status === 'closed') return refused('account_closed');
  if (command.do === 'lift-halt') return otherHalt(command, account);
  return command.do === 'lift-restriction' ? liftRefusal(command) : undefined;
}

function otherHalt({ halt }: LiftHalt, { halts }: Account): Refusal | undefined {
  if (halt === undefined || halt === halts) return undefined;
  return { reason: 'approval_mismatch', limit: `halt ${halt}`, observed: `halt ${halts}` };
}

function refused(reason: Reason, observed?: string): Refusal {
  return observed === undefined ? { reason } : { reason, observed };
}

function closeRefusal(command: CloseAccount, account: Account): Refusal | undefined {
  if (account.status === 'closed') return undefined;
  if (account.status !== 'halted' || command.halt !== account.halts)
    return refused('account_not_halted', account.status);
  for (const [name, item] of Object.entries(command.observed ?? {})) {
    const held = name === accountItem('').name ? cashIn(item) : sharesIn(name, item);
    if (held !== undefined) return { reason: 'account_not_empty', limit: '0', observed: held };
  }
  return undefined;
}

function cashIn(item: Item | 'missing'): string | undefined {
  const open = amount(item, 'openOrders');
  if (open !== 0) return `${open} open orders`;
  for (const currency of currencies) {
    const { available, held, shortfall } = cashAttributes(currency);
    for (const attribute of [available, held, shortfall]) {
      const value = amount(item, attribute);
      if (value !== 0) return `${formatMoney(money(value), currency)} ${attribute}`;
    }
  }
  return undefined;
}

export const positionTotals = ['available', 'held', 'shortfall'] as const;

function sharesIn(name: string, item: Item | 'missing'): string | undefined {
  const total = positionTotals.find((attribute) => amount(item, attribute) !== 0);
  return total && `${amount(item, total)} lots ${total} in ${name}`;
}

export const account: Decider<AccountCommand, AccountState, AccountEvent> = {
  initial: unopened,
  decide,
  evolve,
};
