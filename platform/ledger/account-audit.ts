import type { AccountEvent } from '../../domain/account/events.ts';
import type { AccountState } from '../../domain/account/state.ts';
import type { Finding } from './finding.ts';
import { balanced } from './order-audit.ts';
import type { Audited } from './stream-audit.ts';
import { type AccountTotals, addTo } from './totals.ts';

/** Adds what an account's own stream says to its totals: what it is, and what it paid back. */
export function tallyAccount(
  stream: string,
  { state, events }: Audited<AccountState, AccountEvent>,
  totalsOf: (accountId: string) => AccountTotals,
): readonly Finding[] {
  if (state.kind !== 'account') return [];
  const findings: Finding[] = [];
  const totals = totalsOf(state.accountId);
  totals.account = state;
  for (const { event, commit } of events) {
    if (event.type !== 'RestrictionLifted') continue;
    totals.liftedBy.push({ stream, version: commit.version });
    for (const repayment of event.data.repaid ?? []) {
      findings.push(...balanced(`${stream}@${commit.version}`, repayment.posting));
      if (repayment.kind === 'cash') addTo(totals.cash(repayment.currency), repayment.posting.cash ?? {});
      else addTo(totals.position(repayment.symbol).sums, repayment.posting.shares ?? {});
    }
  }
  return findings;
}
