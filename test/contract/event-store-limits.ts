import { describe, expect, test } from 'vitest';
import type { ItemChange } from '../../domain/account/items.ts';
import { ImpossibleState } from '../../domain/values/assert.ts';
import type { Deadline } from '../../platform/deadline/deadline.ts';
import { LimitExceeded } from '../../platform/event-store/errors.ts';
import { limits } from '../../platform/event-store/limits.ts';
import type { Commit, StoredEvent } from '../../platform/event-store/port.ts';
import { eventOfBytes } from '../support/commits.ts';
import type { Bench } from './event-store-bench.ts';

interface LooseStore {
  append(
    commits: readonly (Omit<Commit, 'events'> & { readonly events: readonly StoredEvent[] })[],
    changes: readonly ItemChange[],
    deadline: Deadline,
  ): Promise<unknown>;
}

export function limitContract(bench: Bench): void {
  const refused = async (
    commits: readonly [Commit, ...Commit[]],
    changes: readonly ItemChange[],
    error: unknown,
  ): Promise<void> => {
    const before = bench.adapter.requests?.();
    await expect(bench.store.append(commits, changes, bench.deadline)).rejects.toThrow(Object(error));
    expect(bench.adapter.requests?.()).toBe(before);
    for (const { stream } of commits) expect(await bench.read(stream)).toEqual([]);
  };

  describe('before any call is made', () => {
    test('a commit that is too large is refused, and one just below is not', async () => {
      const large = bench.commit({ events: [eventOfBytes(limits.commitBytes)] });
      await refused([large], [], LimitExceeded);
      const fits = bench.commit({ events: [eventOfBytes(limits.commitBytes - 300)] });
      expect(await bench.append(fits)).toEqual({ outcome: 'appended' });
    });

    test('bytes are counted as they are stored, not as characters', async () => {
      const data = { note: 'é'.repeat(limits.commitBytes / 2) };
      await refused([bench.commit({ events: [{ type: 'Noted', schema: 1, data }] })], [], LimitExceeded);
    });

    test('too many events are refused', async () => {
      const [event, ...more] = Array.from({ length: limits.eventsPerCommit + 1 }, () => eventOfBytes(100));
      if (event) await refused([bench.commit({ events: [event, ...more] })], [], LimitExceeded);
    });

    test('too many items are refused', async () => {
      const commits = Array.from({ length: limits.itemsPerTransaction }, () => bench.commit());
      await refused([bench.commit(), ...commits], [], LimitExceeded);
    });

    test('a transaction that is too large is refused although each commit fits', async () => {
      const commits = Array.from({ length: 17 }, () => bench.commit({ events: [eventOfBytes(250_000)] }));
      await refused([bench.commit(), ...commits], [], LimitExceeded);
    });

    test('an item change that is too large is refused', async () => {
      const change = {
        key: { owner: 'o', name: 'n' },
        conditions: [],
        set: { note: 'x'.repeat(limits.changeBytes) },
      };
      await refused([bench.commit()], [change], LimitExceeded);
    });

    test.each<[string, ItemChange]>([
      ['changes and checks nothing', { key: { owner: 'o', name: 'n' }, conditions: [] }],
      ['adds a fraction', { key: { owner: 'o', name: 'n' }, conditions: [], add: { cash: 0.1 } }],
      ['sets its own key', { key: { owner: 'o', name: 'n' }, conditions: [], set: { owner: 'x' } }],
      [
        'adds to and sets one attribute',
        { key: { owner: 'o', name: 'n' }, conditions: [], set: { a: 1 }, add: { a: 1 } },
      ],
      ['has no owner', { key: { owner: '', name: 'n' }, conditions: [], set: { a: 1 } }],
    ])('an item change that %s is impossible', async (_, change) => {
      await refused([bench.commit()], [change], ImpossibleState);
    });

    test('one stream or one item twice in an append is impossible', async () => {
      const { stream } = bench.commit();
      await refused([bench.commit({ stream }), bench.commit({ stream, version: 2 })], [], ImpossibleState);
      const change: ItemChange = { key: { owner: 'o', name: 'n' }, conditions: [], add: { a: 1 } };
      await refused([bench.commit()], [change, change], ImpossibleState);
    });

    test('an append without commits and a commit without events are impossible', async () => {
      // Neither passes the compiler; callers in JavaScript might.
      const loose: LooseStore = bench.store;
      const before = bench.adapter.requests?.();
      await expect(loose.append([], [], bench.deadline)).rejects.toThrow(ImpossibleState);
      const empty = { ...bench.commit(), events: [] };
      await expect(loose.append([empty], [], bench.deadline)).rejects.toThrow(ImpossibleState);
      expect(bench.adapter.requests?.()).toBe(before);
    });

    test.each([0, -1, 1.5, Number.NaN])('version %s is impossible', async (version) => {
      await refused([bench.commit({ version })], [], ImpossibleState);
    });
  });
}
