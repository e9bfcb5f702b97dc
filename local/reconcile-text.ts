import { ledgerAccounts } from '../domain/account/posting.ts';
import type { AssetSums } from '../platform/ledger/ledger-sums.ts';
import type { Reconciliation } from '../platform/ledger/reconcile.ts';

/** Long texts, such as a whole state, are cut to what a line of a terminal can show. */
const cellMax = 72;

/** The outcome as people read it: the sums per asset, then every difference, then the verdict. */
export function reconciliationText(result: Reconciliation): string {
  const { streams, commits, accounts, differences, findings, unsettled } = result;
  const parts = [
    `${streams} streams, ${commits} commits, ${accounts} accounts`,
    table(['asset', ...ledgerAccounts, 'total'], result.sums.map(sumsRow)),
  ];
  if (findings.length > 0) {
    const rows = findings.map(({ where, what, expected, found }) => [where, what, expected, found]);
    parts.push(table(['where', 'what', 'expected', 'found'], rows));
  }
  if (differences > findings.length) parts.push(`... and ${differences - findings.length} more`);
  if (unsettled.length > 0)
    parts.push(`written while they were read, so not compared: ${unsettled.join(', ')}`);
  parts.push(`differences: ${differences}`);
  return parts.join('\n\n');
}

function sumsRow({ asset, amounts, total }: AssetSums): readonly string[] {
  return [asset, ...ledgerAccounts.map((account) => amounts[account]), total];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows].map((row) => row.map(cut));
  const widths = heads.map((_head, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= cellMax ? line : `${line.slice(0, cellMax - 3)}...`;
}
