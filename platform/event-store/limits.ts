import type { ItemChange } from '../../domain/account/items.ts';
import { assert } from '../../domain/values/assert.ts';
import { encodeCommit } from './codec.ts';
import { LimitExceeded } from './errors.ts';
import { changeBytes, commitBytes } from './item-size.ts';
import type { Commit } from './port.ts';
import type { StoredCommit } from './stored-commit.ts';

/**
 * The same in every adapter, so that what works on one machine works in the cloud.
 * - A DynamoDB item holds 400 KB. A bus request (EventBridge `PutEvents`) holds 1 MB; 256 KB keeps four commits in one with
 *   their envelopes, and was all that one entry or queue message held until 2025.
 * - A transaction holds 100 items and 4 MB in all.
 * - Our items are flat running totals of a few hundred bytes; a change above 64 KB is a mistake.
 */
export const limits = {
  commitBytes: 256 * 1024,
  eventsPerCommit: 100,
  itemsPerTransaction: 100,
  transactionBytes: 4 * 1024 * 1024,
  changeBytes: 64 * 1024,
  /** DynamoDB's partition key holds 2,048 bytes; ours are a kind and an id. */
  keyBytes: 512,
  /** DynamoDB's `IN` takes 100 operands. */
  valuesPerCondition: 100,
} as const;

/** Checks an append before any call and returns its commits as they will be stored. Throws `LimitExceeded`. */
export function checkedAppend(
  commits: readonly Commit[],
  changes: readonly ItemChange[],
): readonly StoredCommit[] {
  assert(commits.length > 0, 'an append holds at least one commit');
  within('items-per-transaction', limits.itemsPerTransaction, commits.length + changes.length);
  assert(areDistinct(commits.map(({ stream }) => stream)), 'an append writes each stream once');
  assert(
    areDistinct(changes.map(({ key }) => `${key.owner} ${key.name}`)),
    'an append changes each item once',
  );
  let total = 0;
  const stored = commits.map((commit) => {
    const { encoded, bytes } = checkedCommit(commit);
    total += bytes;
    return encoded;
  });
  for (const change of changes) total += checkedChange(change);
  within('transaction-bytes', limits.transactionBytes, total);
  return stored;
}

function checkedCommit(commit: Commit): { readonly encoded: StoredCommit; readonly bytes: number } {
  assert(
    Number.isSafeInteger(commit.version) && commit.version >= 1,
    `${commit.stream} has no version ${commit.version}`,
  );
  assert(commit.events.length > 0, `${commit.stream} version ${commit.version} has no events`);
  checkKey(commit.stream);
  within('events-per-commit', limits.eventsPerCommit, commit.events.length);
  const encoded = encodeCommit(commit);
  const bytes = commitBytes(encoded);
  within('commit-bytes', limits.commitBytes, bytes);
  return { encoded, bytes };
}

function checkedChange(change: ItemChange): number {
  const { key, add = {}, set = {}, conditions } = change;
  checkKey(key.owner);
  checkKey(key.name);
  const names = [...Object.keys(add), ...Object.keys(set)];
  assert(areDistinct(names), `${key.name} of ${key.owner} adds to and sets one attribute`);
  assert(!names.includes('owner') && !names.includes('name'), 'owner and name are the key of an item');
  for (const value of [...Object.values(add), ...Object.values(set)]) checkValue(value);
  for (const { value } of conditions) checkOperand(value);
  assert(
    names.length > 0 || conditions.length > 0 || change.must !== undefined,
    'a change changes or checks something',
  );
  const bytes = changeBytes(change);
  within('item-bytes', limits.changeBytes, bytes);
  return bytes;
}

function checkOperand(value: string | number | readonly string[]): void {
  if (typeof value === 'string' || typeof value === 'number') return checkValue(value);
  assert(value.length <= limits.valuesPerCondition, `a condition with ${value.length} values`);
}

/** Money is whole minor units; a number that is no longer exact must never get into an item. */
function checkValue(value: string | number): void {
  assert(typeof value === 'string' || Number.isSafeInteger(value), `${value} cannot be in an item`);
}

function checkKey(key: string): void {
  assert(
    key.length > 0 && Buffer.byteLength(key) <= limits.keyBytes,
    `a key of ${Buffer.byteLength(key)} bytes`,
  );
}

function areDistinct(values: readonly string[]): boolean {
  return values.length < 2 || new Set(values).size === values.length;
}

function within(limit: LimitExceeded['limit'], allowed: number, actual: number): void {
  if (actual > allowed) throw new LimitExceeded(limit, allowed, actual);
}
