import { describe, expect, test } from 'vitest';
import type { ItemChange } from '../../domain/account/items.ts';
import { anId } from '../support/commits.ts';
import type { Bench } from './event-store-bench.ts';

export function transactionContract(bench: Bench): void {
  describe('commits and items together', () => {
    test('are all written or none is: a refusal leaves nothing', async () => {
      const [rich, poor] = [await bench.account({ cash: 10 }), await bench.account({ cash: 1 })];
      const commits = [bench.commit(), bench.commit()] as const;
      const result = await bench.store.append(commits, [spend(rich, 5), spend(poor, 5)], bench.deadline);
      expect(result).toEqual({ outcome: 'refused', refusals: [{ key: key(poor), item: { cash: 1 } }] });
      expect(await bench.read(commits[0].stream)).toEqual([]);
      expect(await bench.read(commits[1].stream)).toEqual([]);
      expect(await bench.store.readItem(key(rich), bench.deadline)).toEqual({ cash: 10 });
    });

    test('name every item that refused, in the order given', async () => {
      const owners = [
        await bench.account({ cash: 2 }),
        await bench.account({ cash: 9 }),
        `account-${anId()}`,
      ];
      const result = await bench.append(bench.commit(), ...owners.map((owner) => spend(owner, 5)));
      expect(result).toEqual({
        outcome: 'refused',
        refusals: [
          { key: key(owners[0] ?? ''), item: { cash: 2 } },
          { key: key(owners[2] ?? ''), item: undefined },
        ],
      });
    });

    test('of an order and its alias conflict on either, and then neither is written', async () => {
      const taken = bench.commit();
      await bench.append(taken);
      for (const place of [0, 1]) {
        const [fresh, late] = [bench.commit(), bench.commit({ stream: taken.stream })];
        const commits = place === 0 ? ([late, fresh] as const) : ([fresh, late] as const);
        expect(await bench.store.append(commits, [], bench.deadline)).toEqual({
          outcome: 'conflict',
          commit: taken,
        });
        expect(await bench.read(fresh.stream)).toEqual([]);
      }
    });

    test('conflict with the first one in the order given when several do', async () => {
      const [one, two] = [bench.commit(), bench.commit()];
      await bench.append(one);
      await bench.append(two);
      const again = [bench.commit({ stream: two.stream }), bench.commit({ stream: one.stream })] as const;
      expect(await bench.store.append(again, [], bench.deadline)).toEqual({
        outcome: 'conflict',
        commit: two,
      });
    });

    test('sent again are recognised as our own, although the money they took is gone', async () => {
      const owner = await bench.account({ cash: 5 });
      const commits = [bench.commit(), bench.commit()] as const;
      await bench.store.append(commits, [spend(owner, 5)], bench.deadline);
      const again = await bench.store.append(commits, [spend(owner, 5)], bench.deadline);
      expect(again).toEqual({ outcome: 'repeated' });
      expect(await bench.store.readItem(key(owner), bench.deadline)).toEqual({ cash: 0 });
      expect(await bench.read(commits[0].stream)).toEqual([commits[0]]);
    });

    test('that lost the stream to another writer learn that writer’s outcome, not the account’s refusal', async () => {
      const owner = await bench.account({ cash: 5 });
      const winner = bench.commit();
      await bench.append(winner, spend(owner, 5));
      const result = await bench.append(bench.commit({ stream: winner.stream }), spend(owner, 5));
      expect(result).toEqual({ outcome: 'conflict', commit: winner });
    });

    test('of two writers of one stream racing for the same money leave one commit and one payment', async () => {
      for (let round = 0; round < 10; round++) {
        const owner = await bench.account({ cash: 5 });
        const stream = `order-${anId()}`;
        const writers = [bench.commit({ stream }), bench.commit({ stream })];
        const results = await Promise.all(writers.map((commit) => bench.append(commit, spend(owner, 5))));
        expect(results.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'conflict']);
        expect(await bench.store.readItem(key(owner), bench.deadline)).toEqual({ cash: 0 });
      }
    });

    test('fifty spends at once, three times what is there: exactly those that fit succeed', async () => {
      const owner = await bench.account({ cash: 170 });
      const commits = Array.from({ length: 50 }, () => bench.commit());
      const results = await Promise.all(commits.map((commit) => bench.append(commit, spend(owner, 10))));
      expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(17);
      expect(results.filter(({ outcome }) => outcome === 'refused')).toHaveLength(33);
      expect(await bench.store.readItem(key(owner), bench.deadline)).toEqual({ cash: 0 });
      const streams = await Promise.all(commits.map(({ stream }) => bench.read(stream)));
      expect(streams.filter(({ length }) => length === 1)).toHaveLength(17);
    });
  });
}

function key(owner: string): ItemChange['key'] {
  return { owner, name: 'account' };
}

function spend(owner: string, amount: number): ItemChange {
  return {
    key: key(owner),
    conditions: [{ attribute: 'cash', is: '>=', value: amount }],
    add: { cash: -amount },
  };
}
