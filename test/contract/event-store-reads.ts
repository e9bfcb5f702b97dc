import { describe, expect, test } from 'vitest';
import type { Commit } from '../../platform/event-store/port.ts';
import { withSnapshot } from '../../platform/event-store/snapshot-policy.ts';
import { anId, eventOfBytes } from '../support/commits.ts';
import type { Bench } from './event-store-bench.ts';

export function readContract(bench: Bench): void {
  describe('reading', () => {
    test('a stream that never began has no commits', async () => {
      const stream = `order-${anId()}`;
      expect(await bench.read(stream)).toEqual([]);
      expect(await bench.store.readTail(stream, 'f', bench.deadline)).toEqual([]);
    });

    test('from a version on, oldest first', async () => {
      const commits = await bench.stream(12);
      const { stream = '' } = commits[0] ?? {};
      expect(await bench.store.read(stream, 9, bench.deadline)).toEqual(commits.slice(8));
      expect(await bench.store.read(stream, 13, bench.deadline)).toEqual([]);
    });

    test('one commit by its version, and none where there is none', async () => {
      const commits = await bench.stream(5);
      const { stream = '' } = commits[0] ?? {};
      const one = (version: number) => bench.store.readOne(stream, version, bench.deadline);
      expect(await Promise.all([1, 3, 5].map(one))).toEqual([commits[0], commits[2], commits[4]]);
      expect(await Promise.all([0, 6].map(one))).toEqual([undefined, undefined]);
      expect(await bench.store.readOne(`order-${anId()}`, 1, bench.deadline)).toBeUndefined();
    });

    test('a stream of 1.8 MB comes back whole', async () => {
      const commits = await bench.stream(9, () => ({ events: [eventOfBytes(200_000)] }));
      const { stream = '' } = commits[0] ?? {};
      expect(await bench.read(stream)).toEqual(commits);
      expect(await bench.store.readTail(stream, 'f', bench.deadline)).toEqual(commits);
    });

    test('streams whose names begin alike do not mix', async () => {
      const [first] = await bench.stream(1);
      const longer = bench.commit({ stream: `${first?.stream}-longer` });
      await bench.append(longer);
      expect(await bench.read(longer.stream)).toEqual([longer]);
      expect(await bench.read(first?.stream ?? '')).toEqual([first]);
    });

    test('a tail ends at the latest snapshot of the asked fingerprint', async () => {
      const commits = await bench.stream(21, (version) => snapshotAt(version, { 5: 'mine', 19: 'mine' }));
      expect(await tail(bench, commits, 'mine')).toEqual(commits.slice(18));
    });

    test('a snapshot of the head itself is all that is read', async () => {
      const commits = await bench.stream(20, (version) => snapshotAt(version, { 20: 'mine' }));
      expect(await tail(bench, commits, 'mine')).toEqual(commits.slice(19));
    });

    test('a snapshot of another fold is read past', async () => {
      const commits = await bench.stream(40, (version) =>
        snapshotAt(version, { 3: 'mine', 16: 'stale', 32: 'stale' }),
      );
      expect(await tail(bench, commits, 'mine')).toEqual(commits.slice(2));
    });

    test('without any usable snapshot a tail is the whole stream', async () => {
      const commits = await bench.stream(90, (version) => snapshotAt(version, { 16: 'stale', 80: 'stale' }));
      expect(await tail(bench, commits, 'mine')).toEqual(commits);
    });

    test('under the snapshot policy a tail is never longer than sixteen commits', async () => {
      const large = 'x'.repeat(3_000);
      const stream = `order-${anId()}`;
      for (let version = 1; version <= 40; version++) {
        await bench.append(
          withSnapshot(bench.commit({ stream, version }), { fingerprint: 'mine', state: { large } }),
        );
        const commits = await bench.store.readTail(stream, 'mine', bench.deadline);
        expect(commits.at(-1)?.version).toBe(version);
        expect(commits.length).toBeLessThanOrEqual(16);
      }
    });

    test('every stream is listed once, with its head', async () => {
      const [long, short] = [await bench.stream(7), await bench.stream(1)];
      const heads: { readonly stream: string; readonly version: number }[] = [];
      for await (const head of bench.store.heads(() => bench.deadline)) heads.push(head);
      expect(heads).toContainEqual({ stream: long[0]?.stream, version: 7 });
      expect(heads).toContainEqual({ stream: short[0]?.stream, version: 1 });
      expect(new Set(heads.map(({ stream }) => stream)).size).toBe(heads.length);
    });
  });
}

function snapshotAt(version: number, fingerprints: Readonly<Record<number, string>>): Partial<Commit> {
  const fingerprint = fingerprints[version];
  return fingerprint === undefined ? {} : { snapshot: { fingerprint, state: { version } } };
}

function tail(bench: Bench, commits: readonly Commit[], fingerprint: string): Promise<readonly Commit[]> {
  return bench.store.readTail(commits[0]?.stream ?? '', fingerprint, bench.deadline);
}
