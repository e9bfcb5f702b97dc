import type { Posting } from '../../domain/account/posting.ts';
import type { Currency } from '../../domain/values/money.ts';
import type { Contract } from '../../domain/instrument/instrument.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import { auditOrder, auditTransfer } from '../ledger/stream-audit.ts';
import type { AccountLog } from './account-log.ts';

/** What one event changed of all that an account has: minor units, and lots. */
export interface Move {
  readonly at: Timestamp;
  readonly cash?: { readonly currency: Currency; readonly amount: number };
  readonly shares?: { readonly contract: Contract; readonly lots: number };
  /** From or to outside: what is paid in is not earned. */
  readonly isTransfer: boolean;
}

/** Everything that moved cash or shares in or out of an account, oldest first. What is only held, or owed instead of paid, moves nothing. */
export function movesOf(log: AccountLog): readonly Move[] {
  const moves: Move[] = [];
  for (const [stream, commits] of log.orders) {
    const { state, events } = auditOrder(stream, commits);
    if (state.kind !== 'order') continue;
    const { contract } = state;
    for (const { event, commit } of events) {
      const posting = 'posting' in event.data ? event.data.posting : undefined;
      const amount = totalOf(posting?.cash);
      const lots = totalOf(posting?.shares);
      if (amount === 0 && lots === 0) continue;
      const cash = { currency: contract.currency, amount };
      moves.push({ at: commit.at, cash, shares: { contract, lots }, isTransfer: false });
    }
  }
  for (const [stream, commits] of log.transfers) {
    const { state, events } = auditTransfer(stream, commits);
    if (state.kind !== 'transfer') continue;
    const { asset } = state;
    for (const { event, commit } of events) {
      const posting = 'posting' in event.data ? event.data.posting : undefined;
      const [amount, lots] = [totalOf(posting?.cash), totalOf(posting?.shares)];
      if (amount === 0 && lots === 0) continue;
      if (asset.kind === 'cash')
        moves.push({ at: commit.at, cash: { currency: asset.currency, amount }, isTransfer: true });
      else moves.push({ at: commit.at, shares: { contract: asset.contract, lots }, isTransfer: true });
    }
  }
  return moves.toSorted((a, b) => a.at - b.at);
}

function totalOf(entry: Posting['cash']): number {
  return (entry?.available ?? 0) + (entry?.held ?? 0) + (entry?.shortfall ?? 0);
}
