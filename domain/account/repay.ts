import { type Currency, currencies, formatMoney, money } from '../values/money.ts';
import type { LiftRestriction } from './commands.ts';
import type { AccountChangeRefused, Repayment } from './events.ts';
import { accountItem, amount, cashAttributes, positionItem } from './holdings.ts';
import type { Condition, ItemChange } from './items.ts';
import { entry } from './posting.ts';

const still = { available: 0, held: 0, clearing: 0, fees: 0, external: 0, shortfall: 0 };

/** What is there and what is owed of one asset, as a refused write has shown; before one, that nothing is owed is taken for granted. */
interface Debt {
  readonly available: number;
  readonly owed: number;
}

function cashDebt({ observed }: LiftRestriction, currency: Currency): Debt {
  const item = observed?.[accountItem('').name] ?? 'missing';
  const { available, shortfall } = cashAttributes(currency);
  return { available: amount(item, available), owed: Math.max(0, -amount(item, shortfall)) };
}

function shareDebt({ observed }: LiftRestriction, symbol: string): Debt {
  const item = observed?.[positionItem('', symbol).name] ?? 'missing';
  return { available: amount(item, 'available'), owed: Math.max(0, -amount(item, 'shortfall')) };
}

/** In this order: restricted again meanwhile, cash owed that is not there, shares owed that are not there. */
export function liftRefusal(
  command: LiftRestriction,
): Omit<AccountChangeRefused['data'], 'change'> | undefined {
  const item = command.observed?.[accountItem('').name];
  const restrictions = item === undefined ? command.restrictions : amount(item, 'restrictions');
  if (restrictions !== command.restrictions) {
    const [limit, observed] = [`restriction ${command.restrictions}`, `restriction ${restrictions}`];
    return { reason: 'account_reduce_only', limit, observed };
  }
  for (const currency of currencies) {
    const show = (minorUnits: number) => `${formatMoney(money(minorUnits), currency)} ${currency}`;
    const { available, owed } = cashDebt(command, currency);
    if (owed > available) return { reason: 'account_short', limit: show(available), observed: show(owed) };
  }
  for (const symbol of command.symbols) {
    const show = (lots: number) => `${lots} lots of ${symbol}`;
    const { available, owed } = shareDebt(command, symbol);
    if (owed > available) return { reason: 'account_short', limit: show(available), observed: show(owed) };
  }
  return undefined;
}

/** Only for a command that is not refused. */
export function repaymentsOf(command: LiftRestriction): readonly Repayment[] {
  const cash = currencies.flatMap((currency): readonly Repayment[] => {
    const { owed } = cashDebt(command, currency);
    const moved = entry({ ...still, available: -owed, shortfall: owed });
    return moved ? [{ kind: 'cash', currency, posting: { cash: moved } }] : [];
  });
  const shares = command.symbols.flatMap((symbol): readonly Repayment[] => {
    const { owed } = shareDebt(command, symbol);
    const moved = entry({ ...still, available: -owed, shortfall: owed });
    return moved ? [{ kind: 'shares', symbol, posting: { shares: moved } }] : [];
  });
  return [...cash, ...shares];
}

/** Written only while what is owed is what was seen, is there to be paid, and nothing has fallen short since. */
export function liftChanges(accountId: string, command: LiftRestriction): readonly ItemChange[] {
  const conditions: Condition[] = [{ attribute: 'restrictions', is: '=', value: command.restrictions }];
  let add: Readonly<Record<string, number>> = {};
  for (const currency of currencies) {
    const names = cashAttributes(currency);
    const change = repay(names.available, names.shortfall, cashDebt(command, currency).owed);
    conditions.push(...change.conditions);
    add = { ...add, ...change.add };
  }
  return [
    { key: accountItem(accountId), conditions, add, set: { reduceOnly: 0 }, must: 'exist' },
    ...command.symbols.flatMap((symbol): readonly ItemChange[] => {
      const key = positionItem(accountId, symbol);
      if (command.observed?.[key.name] === 'missing') return [];
      return [{ key, ...repay('available', 'shortfall', shareDebt(command, symbol).owed) }];
    }),
  ];
}

function repay(available: string, shortfall: string, owed: number): Pick<ItemChange, 'conditions' | 'add'> {
  if (owed === 0) return { conditions: [{ attribute: shortfall, is: '=', value: 0 }] };
  return {
    conditions: [
      { attribute: shortfall, is: '=', value: -owed },
      { attribute: available, is: '>=', value: owed },
    ],
    add: { [available]: -owed, [shortfall]: owed },
  };
}
