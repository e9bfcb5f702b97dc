import type { TransferEvent } from '../../domain/transfer/events.ts';
import type { Transfer, TransferState } from '../../domain/transfer/state.ts';
import { amountOf } from '../../domain/transfer/asset.ts';
import { compared, type Finding } from './finding.ts';
import { balanced } from './order-audit.ts';
import type { Audited } from './stream-audit.ts';
import { type AccountTotals, addTo, noSums, type Sums } from './totals.ts';

/** Adds a transfer to the totals of its account, and checks that it moved what it says. */
export function tallyTransfer(
  stream: string,
  { state, events }: Audited<TransferState, TransferEvent>,
  totalsOf: (accountId: string) => AccountTotals,
): readonly Finding[] {
  if (state.kind !== 'transfer') return [];
  const findings: Finding[] = [];
  const moved = noSums();
  const totals = totalsOf(state.accountId);
  const sums = sumsOf(state, totals);
  for (const { event, commit } of events) {
    const posting = ('posting' in event.data && event.data.posting) || {};
    findings.push(...balanced(`${stream}@${commit.version}`, posting));
    const entry = (state.asset.kind === 'cash' ? posting.cash : posting.shares) ?? {};
    addTo(moved, entry);
    addTo(sums, entry);
    if (state.asset.kind === 'shares')
      totals.position(state.asset.contract.symbol).exposure += posting.exposure ?? 0;
  }
  return [...findings, ...movedFindings(stream, state, moved)];
}

function sumsOf({ asset }: Transfer, totals: AccountTotals): Sums {
  if (asset.kind === 'cash') return totals.cash(asset.currency);
  const position = totals.position(asset.contract.symbol);
  position.contract = asset.contract;
  return position.sums;
}

function movedFindings(
  where: string,
  { asset, direction, status }: Transfer,
  moved: Sums,
): readonly Finding[] {
  const amount = amountOf(asset);
  const outside = status === 'completed' ? (direction === 'in' ? -amount : amount) : 0;
  const held = status === 'pending' && direction === 'out' ? amount : 0;
  return [
    ...compared(where, 'moved from or to outside', outside, moved.external),
    ...compared(where, 'held by its postings', held, moved.held),
  ];
}
