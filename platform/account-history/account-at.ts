import { accountItem, cashAttributes, positionItem } from '../../domain/account/holdings.ts';
import type { Item } from '../../domain/account/items.ts';
import { type Account, accountStream } from '../../domain/account/state.ts';
import { tallyAccount } from '../ledger/account-audit.ts';
import { restricts, tallyOrder } from '../ledger/order-audit.ts';
import { auditAccount, auditOrder, auditTransfer } from '../ledger/stream-audit.ts';
import { AccountTotals } from '../ledger/totals.ts';
import { tallyTransfer } from '../ledger/transfer-audit.ts';
import { emptyFold } from '../views/order-row.ts';
import { orderSteps } from '../views/order-steps.ts';
import type { PositionRow } from '../views/port.ts';
import { emptyPosition, recomputed } from '../views/position.ts';
import { positionRow } from '../views/position-row.ts';
import { type TradeChange, tradeChange } from '../views/trade.ts';
import type { AccountLog } from './account-log.ts';

/** An account as it was: what its items were, and what its trades had come to. */
export interface AccountMoment {
  readonly account: Account;
  /** By name, like those the store keeps today. */
  readonly items: ReadonlyMap<string, Item>;
  readonly positions: ReadonlyMap<string, PositionRow>;
}

/** Undefined: it was not open yet. */
export function accountAt(accountId: string, log: AccountLog): AccountMoment | undefined {
  const totals = new AccountTotals(accountId);
  const totalsOf = () => totals;
  const account = auditAccount(accountStream(accountId), log.account);
  tallyAccount(accountStream(accountId), account, totalsOf);
  let restrictedAt = 0;
  const trades: (TradeChange & { readonly at: number })[] = [];
  for (const [stream, commits] of log.orders) {
    const audited = auditOrder(stream, commits);
    tallyOrder(stream, audited, totalsOf);
    for (const { event, commit } of audited.events) {
      const posting = 'posting' in event.data ? event.data.posting : undefined;
      if (restricts(event, posting)) restrictedAt = Math.max(restrictedAt, commit.at);
    }
    trades.push(...tradesOf(commits));
  }
  for (const [stream, commits] of log.transfers)
    tallyTransfer(stream, auditTransfer(stream, commits), totalsOf);
  if (account.state.kind !== 'account') return undefined;
  const liftedAt = Math.max(
    0,
    ...account.events
      .filter(({ event }) => event.type === 'RestrictionLifted')
      .map(({ commit }) => commit.at),
  );
  return {
    account: account.state,
    items: itemsOf(account.state, totals, restrictedAt > liftedAt),
    positions: positionsOf(trades.toSorted((a, b) => a.at - b.at)),
  };
}

function tradesOf(commits: AccountLog['account']): readonly (TradeChange & { readonly at: number })[] {
  const trades: (TradeChange & { readonly at: number })[] = [];
  let fold = emptyFold;
  for (const commit of commits) {
    const folded = orderSteps(fold, commit);
    fold = folded.fold;
    for (const { event, after, at } of folded.steps) {
      const change = after.kind === 'order' ? tradeChange(after, event, at) : undefined;
      if (change) trades.push({ ...change, at });
    }
  }
  return trades;
}

function itemsOf(account: Account, totals: AccountTotals, isReduceOnly: boolean): ReadonlyMap<string, Item> {
  const { accountId, status, currency, epoch, configuration } = account;
  const item: Record<string, string | number> = {
    status,
    currency,
    epoch,
    reduceOnly: isReduceOnly ? 1 : 0,
    suspended: configuration.suspendTrade ? 1 : 0,
    openOrders: totals.openOrders,
  };
  for (const [held, sums] of totals.currencies) {
    const names = cashAttributes(held);
    item[names.available] = sums.available;
    item[names.held] = sums.held;
    item[names.shortfall] = sums.shortfall;
  }
  const items = new Map<string, Item>([[accountItem(accountId).name, item]]);
  for (const [symbol, { sums }] of totals.positions) {
    const { available, held, shortfall } = sums;
    items.set(positionItem(accountId, symbol).name, { available, held, shortfall });
  }
  return items;
}

function positionsOf(trades: readonly TradeChange[]): ReadonlyMap<string, PositionRow> {
  const bySymbol = Map.groupBy(trades, ({ symbol }) => symbol);
  const rows = new Map<string, PositionRow>();
  for (const [symbol, changes] of bySymbol) {
    const [first] = changes;
    if (first) rows.set(symbol, positionRow(recomputed(emptyPosition(first), [], changes).position));
  }
  return rows;
}
