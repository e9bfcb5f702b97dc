import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { ItemChange } from '../../domain/account/items.ts';
import { decodeCommit } from './codec.ts';
import { type Attributes, flat, itemOf } from './dynamodb-attributes.ts';
import { isTransient } from './dynamodb-errors.ts';
import type { AppendResult, Refusal } from './port.ts';
import type { StoredCommit } from './stored-commit.ts';

/**
 * What a failed write says about its outcome; undefined when it says nothing yet. The order matters:
 * 1. The log. Our own commit there means that an earlier try succeeded, whatever the items say: they show what that try made of
 *    them. Another's commit means that its outcome stands.
 * 2. Conflicting transactions, throttling: nothing is known, the caller tries again with the same token and content.
 * 3. Only then the items' refusal.
 */
export function answerIn(
  error: unknown,
  commits: readonly StoredCommit[],
  changes: readonly ItemChange[],
): AppendResult | undefined {
  if (error instanceof ConditionalCheckFailedException) return logAnswer(error.Item, commits[0]);
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = error.CancellationReasons ?? [];
  for (const [index, commit] of commits.entries()) {
    const answer = isFailedCheck(reasons[index]) ? logAnswer(reasons[index]?.Item, commit) : undefined;
    if (answer) return answer;
  }
  if (isTransient(error)) return undefined;
  const refusals = refusalsIn(reasons.slice(commits.length), changes);
  return refusals.length > 0 ? { outcome: 'refused', refusals } : undefined;
}

function logAnswer(
  existing: Attributes | undefined,
  ours: StoredCommit | undefined,
): AppendResult | undefined {
  if (!existing) return undefined;
  const commit = decodeCommit(flat(existing));
  return commit.commitId === ours?.id ? { outcome: 'repeated' } : { outcome: 'conflict', commit };
}

function refusalsIn(
  reasons: readonly CancellationReason[],
  changes: readonly ItemChange[],
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  for (const [index, { key }] of changes.entries()) {
    const reason = reasons[index];
    // A missing item fails its condition without coming back.
    if (isFailedCheck(reason)) refusals.push({ key, item: reason?.Item && itemOf(reason.Item).item });
  }
  return refusals;
}

function isFailedCheck(reason: CancellationReason | undefined): boolean {
  return reason?.Code === 'ConditionalCheckFailed';
}
