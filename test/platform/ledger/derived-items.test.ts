import { expect, test } from 'vitest';
import { itemDifference, type KeptItem } from '../../../platform/ledger/derived-items.ts';

const thrown = (...switches: readonly object[]): readonly KeptItem[] => [
  {
    key: { owner: 'killswitch', name: 'thrown' },
    item: { version: 5, thrown: JSON.stringify(switches) },
  },
];

test('members of a text in another order are no difference: a fold from a snapshot writes them in that of the snapshot', () => {
  const written = thrown({ scope: { of: 'account', accountId: 'a' }, allowReducing: true });
  const folded = thrown({ allowReducing: true, scope: { accountId: 'a', of: 'account' } });
  expect(itemDifference(written, folded)).toBeUndefined();
});

test('another value in it, and another order of what is listed, is a difference', () => {
  const [one, two] = [
    { of: 'account', accountId: 'a' },
    { of: 'instrument', symbol: 'B' },
  ];
  expect(itemDifference(thrown(one), thrown(two))).toContain('killswitch thrown');
  expect(itemDifference(thrown(one, two), thrown(two, one))).toContain('killswitch thrown');
});
