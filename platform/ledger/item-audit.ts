import { accountItem, amount, cashAttributes, positionPrefix, text } from '../../domain/account/holdings.ts';
import type { Item } from '../../domain/account/items.ts';
import { currencies } from '../../domain/values/money.ts';
import { compared, type Finding } from './finding.ts';
import { type AccountTotals, noSums } from './totals.ts';

const totalNames = ['available', 'held', 'shortfall'] as const;

/** Where an account's items are not what its streams add up to. */
export function itemFindings(totals: AccountTotals, items: ReadonlyMap<string, Item>): readonly Finding[] {
  const { accountId } = totals;
  const accountName = accountItem(accountId).name;
  const item = items.get(accountName);
  const where = `${accountId} ${accountName}`;
  if (!item) return [{ where, what: 'item', expected: 'one', found: 'none' }];
  return [
    ...statusFindings(where, totals, item),
    ...cashFindings(where, totals, item),
    ...positionFindings(totals, items),
  ];
}

function statusFindings(where: string, totals: AccountTotals, item: Item): readonly Finding[] {
  const { account, restrictedBy, liftedBy } = totals;
  const opened = account
    ? [
        ...compared(where, 'status', account.status, text(item, 'status')),
        ...compared(
          where,
          'suspended',
          account.configuration.suspendTrade ? 1 : 0,
          amount(item, 'suspended'),
        ),
        ...compared(where, 'epoch', account.epoch, amount(item, 'epoch')),
      ]
    : [{ where, what: 'account stream', expected: 'one', found: 'none' }];
  // Which of a restriction and a lifting came last is not told by two streams; that there was one is.
  const reduceOnly =
    liftedBy.length > 0 && restrictedBy.length > 0
      ? amount(item, 'reduceOnly')
      : Math.min(1, restrictedBy.length);
  return [
    ...opened,
    ...compared(where, 'reduceOnly', reduceOnly, amount(item, 'reduceOnly')),
    ...compared(where, 'openOrders', totals.openOrders, amount(item, 'openOrders')),
  ];
}

function cashFindings(where: string, totals: AccountTotals, item: Item): readonly Finding[] {
  const sums = new Map(totals.currencies);
  return currencies.flatMap((currency) => {
    const names = cashAttributes(currency);
    const expected = sums.get(currency) ?? noSums();
    const day = totals.day(currency);
    return [
      ...totalNames.flatMap((name) =>
        compared(where, names[name], expected[name], amount(item, names[name])),
      ),
      ...compared(where, names.dayNotional, day?.notional ?? 0, amount(item, names.dayNotional)),
      ...compared(where, names.day, day?.day ?? '', text(item, names.day)),
      ...notNegative(where, names.available, amount(item, names.available)),
    ];
  });
}

function positionFindings(totals: AccountTotals, items: ReadonlyMap<string, Item>): readonly Finding[] {
  const expected = new Map(totals.positions);
  const listed = [...items.keys()].filter((name) => name.startsWith(positionPrefix));
  const symbols = new Set([...expected.keys(), ...listed.map((name) => name.slice(positionPrefix.length))]);
  return [...symbols].flatMap((symbol) => {
    const name = `${positionPrefix}${symbol}`;
    const where = `${totals.accountId} ${name}`;
    const item = items.get(name) ?? 'missing';
    const { sums, exposure } = expected.get(symbol) ?? { sums: noSums(), exposure: 0 };
    return [
      ...totalNames.flatMap((total) => compared(where, total, sums[total], amount(item, total))),
      ...compared(where, 'exposure', exposure, amount(item, 'exposure')),
      ...notNegative(where, 'available', amount(item, 'available')),
    ];
  });
}

function notNegative(where: string, what: string, found: number): readonly Finding[] {
  return found >= 0 ? [] : [{ where, what, expected: 'at least 0', found: String(found) }];
}
