import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition, ItemChange } from '../../domain/account/items.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { anId } from '../support/commits.ts';
import type { Bench } from './event-store-bench.ts';

/** One append as it is drawn: which streams (0 to 2), how far from the head, whether an earlier commit is sent again, which spends. */
interface Step {
  readonly streams: readonly number[];
  readonly behind: number;
  readonly again: boolean;
  readonly spends: readonly {
    readonly owner: number;
    readonly amount: number;
    readonly condition: Condition;
  }[];
}

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    attribute: fc.constantFrom('cash', 'none'),
    is: fc.constantFrom<('=' | '>=' | '<=' | '<')[]>('=', '>=', '<=', '<'),
    value: fc.integer({ min: -2, max: 6 }),
  }),
  fc.record({
    attribute: fc.constant('status'),
    is: fc.constant('in' as const),
    value: fc.subarray(['', 'open', 'shut']),
  }),
);

const step: fc.Arbitrary<Step> = fc.record({
  streams: fc.subarray([0, 1, 2], { minLength: 1 }),
  behind: fc.constantFrom(0, 0, 0, 1, 2),
  again: fc.boolean(),
  spends: fc.uniqueArray(
    fc.record({ owner: fc.nat({ max: 1 }), amount: fc.integer({ min: -3, max: 3 }), condition }),
    {
      selector: ({ owner }) => owner,
      maxLength: 2,
    },
  ),
});

/** The rules in the fewest words, without any of the adapters' code. */
class Model {
  readonly streams = new Map<string, Commit[]>();
  readonly cash = new Map<string, number>();

  append(commits: readonly Commit[], changes: readonly ItemChange[]): unknown {
    for (const commit of commits) {
      const there = this.of(commit.stream)[commit.version - 1];
      if (there)
        return there.commitId === commit.commitId
          ? { outcome: 'repeated' }
          : { outcome: 'conflict', commit: there };
    }
    const refusals = changes
      .filter((change) => !this.allows(change))
      .map(({ key }) => ({ key, item: this.item(key.owner) }));
    if (refusals.length > 0) return { outcome: 'refused', refusals };
    for (const commit of commits) this.streams.set(commit.stream, [...this.of(commit.stream), commit]);
    for (const { key, add = {} } of changes)
      this.cash.set(key.owner, (this.cash.get(key.owner) ?? 0) + (add['cash'] ?? 0));
    return { outcome: 'appended' };
  }

  of(stream: string): readonly Commit[] {
    return this.streams.get(stream) ?? [];
  }

  item(owner: string): unknown {
    const cash = this.cash.get(owner);
    return cash === undefined ? undefined : { cash };
  }

  allows({ key, conditions }: ItemChange): boolean {
    const cash = this.cash.get(key.owner);
    return conditions.every((wanted) => {
      if (cash === undefined) return false;
      if (typeof wanted.value === 'object') return wanted.value.includes('');
      if (typeof wanted.value === 'string') return false;
      const actual = wanted.attribute === 'cash' ? cash : 0;
      const { is, value } = wanted;
      return (
        (is === '=' && actual === value) ||
        (is === '>=' && actual >= value) ||
        (is === '<=' && actual <= value) ||
        (is === '<' && actual < value)
      );
    });
  }
}

export function modelContract(bench: Bench): void {
  describe('any history', () => {
    test('has the outcomes, commits and items of the model', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => compare(bench, steps)),
        { numRuns: bench.adapter.histories },
      );
    }, 120_000);
  });
}

async function compare(bench: Bench, steps: readonly Step[]): Promise<void> {
  const model = new Model();
  const names = Array.from({ length: 3 }, () => `order-${anId()}`);
  const owners = [`account-${anId()}`, `account-${anId()}`];
  for (const [index, owner] of owners.entries()) {
    const opening: ItemChange = { key: { owner, name: 'account' }, conditions: [], add: { cash: 3 + index } };
    if (index === 0) await bench.append(bench.commit(), opening);
    if (index === 0) model.cash.set(owner, 3);
  }
  for (const drawn of steps) {
    const [first, ...others] = drawn.streams.map((index) =>
      proposal(bench, model, names[index] ?? '', drawn),
    );
    if (!first) continue;
    const changes = drawn.spends.map(
      ({ owner, amount, condition: guard }): ItemChange => ({
        key: { owner: owners[owner] ?? '', name: 'account' },
        conditions: amount === 0 ? [] : [guard],
        add: { cash: amount },
      }),
    );
    const expected = model.append([first, ...others], changes);
    expect(await bench.store.append([first, ...others], changes, bench.deadline)).toEqual(expected);
  }
  for (const name of names) expect(await bench.read(name)).toEqual(model.of(name));
  for (const owner of owners) {
    expect(await bench.store.readItem({ owner, name: 'account' }, bench.deadline)).toEqual(model.item(owner));
  }
}

function proposal(bench: Bench, model: Model, stream: string, { behind, again }: Step): Commit {
  const existing = model.of(stream);
  const version = Math.max(1, existing.length + 1 - behind);
  const there = existing[version - 1];
  return again && there ? there : bench.commit({ stream, version });
}
