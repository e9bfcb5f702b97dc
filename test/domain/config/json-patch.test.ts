import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applied, difference } from '../../../domain/config/json-patch.ts';
import type { Json } from '../../../domain/values/json.ts';

describe('the difference of two documents', () => {
  const cases: readonly (readonly [string, Json, Json, readonly object[]])[] = [
    ['nothing', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['a value', { a: 1 }, { a: 2 }, [{ op: 'replace', path: '/a', value: 2 }]],
    ['a new member', {}, { a: null }, [{ op: 'add', path: '/a', value: null }]],
    ['a lost member', { a: 1, b: 2 }, { b: 2 }, [{ op: 'remove', path: '/a' }]],
    ['an item in the middle', [1, 2, 3], [1, 9, 2, 3], [{ op: 'add', path: '/1', value: 9 }]],
    ['an item at the end', [1], [1, 2], [{ op: 'add', path: '/1', value: 2 }]],
    [
      'lost items',
      [1, 2, 3, 4],
      [1, 4],
      [
        { op: 'remove', path: '/2' },
        { op: 'remove', path: '/1' },
      ],
    ],
    [
      'a member of an item',
      [{ s: 'A', t: 1 }],
      [{ s: 'A', t: 2 }],
      [{ op: 'replace', path: '/0/t', value: 2 }],
    ],
    ['another kind', { a: [] }, { a: {} }, [{ op: 'replace', path: '/a', value: {} }]],
    ['names with signs', { 'a/b~c': 1 }, { 'a/b~c': 2 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }]],
    ['everything', 1, { a: 1 }, [{ op: 'replace', path: '', value: { a: 1 } }]],
  ];
  for (const [name, before, after, operations] of cases) {
    test(`is ${name}`, () => {
      expect(difference(before, after)).toEqual(operations);
      expect(applied(difference(before, after), before)).toEqual(after);
    });
  }

  test('makes the one out of the other, whatever they are', () => {
    const { document } = fc.letrec<{ document: Json }>((tie) => ({
      document: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom<Json>(null, true, 0, 1, 'a', ''),
        fc.array(tie('document'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'b', '/', '~1', '0', ''), tie('document'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(document, document, (before, after) => {
        expect(applied(difference(before, after), before)).toEqual(after);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is as small as what changed, in a document of thousands of entries', () => {
    const entries = Array.from({ length: 5_000 }, (_, n) => ({ symbol: `S${n}`, tick: '0.01' }));
    const after = entries.with(2_500, { symbol: 'S2500', tick: '0.05' });
    expect(difference({ entries }, { entries: after })).toEqual([
      { op: 'replace', path: '/entries/2500/tick', value: '0.05' },
    ]);
  });
});

test('an operation on what is not there is a fault of ours and stops everything', () => {
  expect(() => applied([{ op: 'remove', path: '/a' }], {})).toThrow(/nothing at \/a/);
  expect(() => applied([{ op: 'replace', path: '/a/b', value: 1 }], { a: 1 })).toThrow(/nothing at/);
});
