import {
  type CancellationReason,
  ConditionalCheckFailedException,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { ItemChange } from '../../../domain/account/items.ts';
import { encodeCommit } from '../../../platform/event-store/codec.ts';
import { answerIn } from '../../../platform/event-store/dynamodb-answers.ts';
import { attributes, commitAttributes } from '../../../platform/event-store/dynamodb-attributes.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { aCommit } from '../../support/commits.ts';

const ours = aCommit({ commitId: 'ours' });
const alias = aCommit({ stream: 'alias-1', commitId: 'alias' });
const theirs = aCommit({ commitId: 'theirs' });
const theirAlias = aCommit({ stream: 'alias-1', commitId: 'theirs' });
const account: ItemChange = { key: { owner: 'a', name: 'account' }, conditions: [], add: { cash: -1 } };
const position: ItemChange = { key: { owner: 'a', name: 'position-X' }, conditions: [], add: { shares: -1 } };

const fine: CancellationReason = { Code: 'None' };
const busy: CancellationReason = { Code: 'TransactionConflict' };
const slow: CancellationReason = { Code: 'ThrottlingError' };
const full: CancellationReason = { Code: 'ProvisionedThroughputExceeded' };
const poor = failed({ owner: 'a', name: 'account', cash: 0 });
const gone: CancellationReason = { Code: 'ConditionalCheckFailed' };

function failed(item: Readonly<Record<string, string | number>>): CancellationReason {
  return { Code: 'ConditionalCheckFailed', Item: attributes(item) };
}

function there(commit: Commit): CancellationReason {
  return { Code: 'ConditionalCheckFailed', Item: commitAttributes(encodeCommit(commit)) };
}

function answer(...reasons: CancellationReason[]): unknown {
  const error = new TransactionCanceledException({
    message: '',
    $metadata: {},
    CancellationReasons: reasons,
  });
  return answerIn(error, [encodeCommit(ours), encodeCommit(alias)], [account, position]);
}

const repeated = { outcome: 'repeated' };
const conflict = { outcome: 'conflict', commit: theirs };
const refusedByAccount = { outcome: 'refused', refusals: [{ key: account.key, item: { cash: 0 } }] };

describe('the reasons of a cancelled transaction', () => {
  test.each<[string, CancellationReason[], unknown]>([
    [
      'our own commit beats the account that its money has left',
      [there(ours), there(alias), poor, fine],
      repeated,
    ],
    ['our own commit beats a transaction under way', [there(ours), there(alias), busy, fine], repeated],
    ['our own commit in the second place is enough', [fine, there(alias), poor, fine], repeated],
    ['another’s commit beats the account’s refusal', [there(theirs), fine, poor, fine], conflict],
    ['another’s commit beats throttling', [there(theirs), fine, slow, slow], conflict],
    [
      'another’s alias is a conflict too',
      [fine, there(theirAlias), fine, fine],
      { outcome: 'conflict', commit: theirAlias },
    ],
    ['the first of two conflicts counts', [there(theirs), there(theirAlias), fine, fine], conflict],
    [
      'a transaction under way on the log leaves the account’s refusal unsaid',
      [busy, fine, poor, fine],
      undefined,
    ],
    [
      'a transaction under way on one item leaves the other’s refusal unsaid',
      [fine, fine, poor, busy],
      undefined,
    ],
    ['throttling leaves a refusal unsaid', [fine, fine, poor, slow], undefined],
    ['too little throughput leaves a refusal unsaid', [fine, full, poor, fine], undefined],
    ['with nothing else the account has refused', [fine, fine, poor, fine], refusedByAccount],
    [
      'every item that refused is named, in order, and a missing one has no item',
      [fine, fine, poor, gone],
      {
        outcome: 'refused',
        refusals: [...refusedByAccount.refusals, { key: position.key, item: undefined }],
      },
    ],
    ['a call that cannot be read is no refusal', [fine, fine, { Code: 'ValidationError' }, fine], undefined],
  ])('%s', (_, reasons, expected) => {
    expect(answer(...reasons)).toEqual(expected);
  });

  test('are missing altogether: nothing is known', () => {
    expect(answer()).toBeUndefined();
  });
});

describe('a put whose condition failed', () => {
  const put = (item: CancellationReason): unknown =>
    answerIn(
      new ConditionalCheckFailedException({ message: '', $metadata: {}, Item: item.Item }),
      [encodeCommit(ours)],
      [],
    );

  test('met our own commit: it was written before', () => {
    expect(put(there(ours))).toEqual(repeated);
  });

  test('met another’s commit: a conflict', () => {
    expect(put(there(theirs))).toEqual(conflict);
  });

  test('for want of throughput says nothing', () => {
    const error = new ProvisionedThroughputExceededException({ message: '', $metadata: {} });
    expect(answerIn(error, [encodeCommit(ours)], [])).toBeUndefined();
  });
});
