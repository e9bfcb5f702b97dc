import { describe, expect, test } from 'vitest';
import type { Condition, Item, ItemChange, ItemKey } from '../../domain/account/items.ts';
import { anId } from '../support/commits.ts';
import type { Bench } from './event-store-bench.ts';

const item: Item = { cash: 10, name_: 'x', status: 'active', debt: -5 };

const conditions: readonly (readonly [Condition, boolean])[] = [
  [{ attribute: 'cash', is: '=', value: 10 }, true],
  [{ attribute: 'cash', is: '=', value: 11 }, false],
  [{ attribute: 'cash', is: '>=', value: 10 }, true],
  [{ attribute: 'cash', is: '>=', value: 11 }, false],
  [{ attribute: 'cash', is: '<=', value: 10 }, true],
  [{ attribute: 'cash', is: '<=', value: 9 }, false],
  [{ attribute: 'cash', is: '<', value: 11 }, true],
  [{ attribute: 'cash', is: '<', value: 10 }, false],
  [{ attribute: 'debt', is: '>=', value: -5 }, true],
  [{ attribute: 'debt', is: '>=', value: 0 }, false],
  [{ attribute: 'status', is: '=', value: 'active' }, true],
  [{ attribute: 'status', is: '=', value: 'closed' }, false],
  [{ attribute: 'status', is: 'in', value: ['halted', 'active'] }, true],
  [{ attribute: 'status', is: 'in', value: ['halted'] }, false],
  [{ attribute: 'status', is: 'in', value: [] }, false],
  // An attribute that is missing counts as 0 or as the empty text.
  [{ attribute: 'none', is: '=', value: 0 }, true],
  [{ attribute: 'none', is: '=', value: 1 }, false],
  [{ attribute: 'none', is: '>=', value: 0 }, true],
  [{ attribute: 'none', is: '>=', value: 1 }, false],
  [{ attribute: 'none', is: '<=', value: 0 }, true],
  [{ attribute: 'none', is: '<=', value: -1 }, false],
  [{ attribute: 'none', is: '<', value: 1 }, true],
  [{ attribute: 'none', is: '<', value: 0 }, false],
  [{ attribute: 'none', is: '=', value: '' }, true],
  [{ attribute: 'none', is: '=', value: 'x' }, false],
  [{ attribute: 'none', is: 'in', value: ['', 'x'] }, true],
  [{ attribute: 'none', is: 'in', value: ['x'] }, false],
  // A text is no number and a number no text.
  [{ attribute: 'status', is: '>=', value: 0 }, false],
  [{ attribute: 'status', is: '=', value: 0 }, false],
  [{ attribute: 'cash', is: '=', value: '10' }, false],
  [{ attribute: 'cash', is: 'in', value: ['10'] }, false],
];

export function itemContract(bench: Bench): void {
  describe('an item condition', () => {
    test.each(conditions)('%j on an item is %s', async (condition, holds) => {
      const owner = await bench.account(item);
      const result = await bench.append(bench.commit(), change(owner, { conditions: [condition] }));
      expect(result).toEqual(holds ? { outcome: 'appended' } : refusal(owner, item));
    });

    test.each(conditions)('%j on a missing item fails', async (condition) => {
      const owner = `account-${anId()}`;
      const result = await bench.append(
        bench.commit(),
        change(owner, { conditions: [condition], add: { cash: 1 } }),
      );
      expect(result).toEqual(refusal(owner, undefined));
      expect(await read(bench, owner)).toBeUndefined();
    });

    test('holds only together with all others', async () => {
      const owner = await bench.account(item);
      const both: Condition[] = [
        { attribute: 'cash', is: '>=', value: 10 },
        { attribute: 'cash', is: '<', value: 10 },
      ];
      expect(await bench.append(bench.commit(), change(owner, { conditions: both }))).toEqual(
        refusal(owner, item),
      );
    });
  });

  describe('an item change', () => {
    test('adds to what is there, and to 0 where nothing is', async () => {
      const owner = await bench.account({ cash: 10 });
      await bench.append(
        bench.commit(),
        change(owner, { add: { cash: -3, orders: 1 }, set: { status: 'active' } }),
      );
      expect(await read(bench, owner)).toEqual({ cash: 7, orders: 1, status: 'active' });
    });

    test('sets over what is there', async () => {
      const owner = await bench.account({ cash: 10, status: 'active' });
      await bench.append(bench.commit(), change(owner, { set: { cash: 0, status: '' } }));
      expect(await read(bench, owner)).toEqual({ cash: 0, status: '' });
    });

    test('makes the item where it is missing', async () => {
      const owner = `account-${anId()}`;
      await bench.append(bench.commit(), change(owner, { add: { cash: 5 } }));
      expect(await read(bench, owner)).toEqual({ cash: 5 });
    });

    test('that must find no item makes it once', async () => {
      const owner = `account-${anId()}`;
      const creation = change(owner, { add: { cash: 5 }, set: { epoch: 1 }, must: 'be-absent' });
      expect(await bench.append(bench.commit(), creation)).toEqual({ outcome: 'appended' });
      expect(await bench.append(bench.commit(), creation)).toEqual(refusal(owner, { cash: 5, epoch: 1 }));
      expect(await read(bench, owner)).toEqual({ cash: 5, epoch: 1 });
    });

    test('that must find an item is refused without one', async () => {
      const owner = `account-${anId()}`;
      const touch = change(owner, { add: { cash: 5 }, must: 'exist' });
      expect(await bench.append(bench.commit(), touch)).toEqual(refusal(owner, undefined));
      expect(await bench.append(bench.commit(), change(owner, { must: 'exist' }))).toEqual(
        refusal(owner, undefined),
      );
      const existing = await bench.account({ cash: 1 });
      expect(await bench.append(bench.commit(), change(existing, { must: 'exist' }))).toEqual({
        outcome: 'appended',
      });
    });

    test('keeps numbers of fifteen digits exact', async () => {
      const owner = await bench.account({ cash: 9_007_199_254_740_990 });
      await bench.append(bench.commit(), change(owner, { add: { cash: 1 } }));
      expect(await read(bench, owner)).toEqual({ cash: Number.MAX_SAFE_INTEGER });
    });

    test('takes any attribute name, also words of the database', async () => {
      const odd = { select: 1, 'cash.USD': 2, ':v': 3, '#n': 4, size: 5, "it's": 'x', Owner: 'me' };
      const owner = await bench.account(odd);
      const guard: Condition[] = Object.keys(odd)
        .slice(0, 5)
        .map((attribute) => ({ attribute, is: '>=', value: 1 }));
      const result = await bench.append(
        bench.commit(),
        change(owner, { conditions: guard, add: { size: 1 } }),
      );
      expect(result).toEqual({ outcome: 'appended' });
      expect(await read(bench, owner)).toEqual({ ...odd, size: 6 });
    });

    test('all items of an owner are listed by name, and nobody else’s', async () => {
      const owner = await bench.account({ cash: 1 });
      await bench.account({ cash: 2 });
      for (const name of ['position-Z', 'position-É', 'position-A', 'a']) {
        await bench.append(bench.commit(), { key: { owner, name }, conditions: [], set: { shares: 3 } });
      }
      const items = await bench.store.readItems(owner, bench.deadline);
      expect([...items.keys()]).toEqual(['a', 'account', 'position-A', 'position-Z', 'position-É']);
      expect(items.get('account')).toEqual({ cash: 1 });
      expect(await bench.store.readItems(`account-${anId()}`, bench.deadline)).toEqual(new Map());
    });
  });
}

function change(owner: string, what: Partial<ItemChange>): ItemChange {
  return { key: account(owner), conditions: [], ...what };
}

function account(owner: string): ItemKey {
  return { owner, name: 'account' };
}

function refusal(owner: string, found: Item | undefined): unknown {
  return { outcome: 'refused', refusals: [{ key: account(owner), item: found }] };
}

function read(bench: Bench, owner: string): Promise<Item | undefined> {
  return bench.store.readItem(account(owner), bench.deadline);
}
