import { encodeCommit, encodeSnapshot } from './codec.ts';
import { commitBytes, writeUnits } from './item-size.ts';
import { limits } from './limits.ts';
import type { Commit, Snapshot } from './port.ts';

/** Every 16th commit carries a snapshot, so the first two pages together always hold one or reach version 1. */
export const snapshotInterval = 16;
/** Four commits of about 1 KB are one strongly consistent read unit (4 KB). */
export const firstPage = 4;
export const secondPage = snapshotInterval - firstPage;
export const furtherPage = 4 * snapshotInterval;

/**
 * The commit with the snapshot when it is due, or when it costs nothing because the write units the commit takes anyway have
 * room for it. Left out when the commit would become too large to write: a snapshot can always be derived. The first commit
 * needs none, whoever reads back as far as that folds it; and most streams of a busy day have no second.
 */
export function withSnapshot(commit: Commit, snapshot: Snapshot): Commit {
  if (commit.version === 1) return commit;
  const bytes = commitBytes(encodeCommit(commit));
  const { fold, state } = encodeSnapshot(snapshot);
  const together =
    bytes + 'fold'.length + Buffer.byteLength(fold) + 'state'.length + Buffer.byteLength(state);
  const isDue = commit.version % snapshotInterval === 0;
  const isFree = writeUnits(together) <= writeUnits(bytes);
  return (isDue || isFree) && together <= limits.commitBytes ? { ...commit, snapshot } : commit;
}

/** How many commits the next request of a tail read asks for, the newest first. */
export function pageSize(pagesRead: number): number {
  if (pagesRead === 0) return firstPage;
  return pagesRead === 1 ? secondPage : furtherPage;
}

/** Where reading backwards may stop. */
export function isBase(commit: Commit, fingerprint: string): boolean {
  return commit.version === 1 || commit.snapshot?.fingerprint === fingerprint;
}
