import type { EventStore } from '../../platform/event-store/port.ts';
import { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import { reconcile, type Reconciliation } from '../../platform/ledger/reconcile.ts';
import { isUnreadable } from '../unreadable-log.ts';
import { checkFolder } from './data-folder.ts';
import { checkItems, checkStructure } from './database.ts';
import type { Finding } from './finding.ts';

export interface WholeCheck {
  readonly streams: number;
  readonly commits: number;
  readonly findings: readonly Finding[];
  /** Undefined: it could not be done, which is among the findings. */
  readonly reconciled: Reconciliation | undefined;
}

/**
 * All that can be said of a cell's folder. Whatever bytes are in it, this gives an answer: what stops one of the checks is a finding,
 * and the others are made.
 */
export async function checkWhole(store: EventStore): Promise<WholeCheck> {
  const findings: Finding[] = [];
  const made = async <Result>(where: string, check: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await check();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      findings.push({ where, what: `could not be looked at to the end: ${error.message}` });
      return undefined;
    }
  };
  if (store instanceof SqliteEventStore) findings.push(...checkStructure(store));
  const log = await made('log', () => checkFolder(store));
  findings.push(...(log?.findings ?? []));
  if (store instanceof SqliteEventStore) findings.push(...(await checkItems(store)));
  const reconciled = await made('totals', () => reconcile(store));
  return { streams: log?.streams ?? 0, commits: log?.commits ?? 0, findings, reconciled };
}
