import { describe, expect, test } from 'vitest';
import { VersionGap } from '../../platform/event-store/errors.ts';
import { anId, fullEnvelope } from '../support/commits.ts';
import type { Bench } from './event-store-bench.ts';

export function appendContract(bench: Bench): void {
  describe('appending', () => {
    test('a first commit begins its stream and is read back whole', async () => {
      const stream = `order-${anId()}`;
      const { previousHash: _, ...first } = { ...fullEnvelope(), stream, version: 1, commitId: anId() };
      const commit = { ...first, snapshot: { fingerprint: 'order/1', state: { open: true, fills: [] } } };
      expect(await bench.append(commit)).toEqual({ outcome: 'appended' });
      expect(await bench.read(stream)).toEqual([commit]);
    });

    test('a commit follows the one before', async () => {
      const commits = await bench.stream(3);
      expect(await bench.read(commits[0]?.stream ?? '')).toEqual(commits);
    });

    test('creating a stream that exists is a conflict with the commit it began with', async () => {
      const existing = bench.commit();
      await bench.append(existing);
      const result = await bench.append(bench.commit({ stream: existing.stream }));
      expect(result).toEqual({ outcome: 'conflict', commit: existing });
      expect(await bench.read(existing.stream)).toEqual([existing]);
    });

    test('a conflict returns the whole commit of the other, so that it need not be read', async () => {
      const stream = `order-${anId()}`;
      await bench.append(bench.commit({ stream }));
      const other = {
        ...fullEnvelope(),
        stream,
        version: 2,
        commitId: anId(),
        snapshot: { fingerprint: 'f', state: 7 },
      };
      await bench.append(other);
      const result = await bench.append(bench.commit({ stream, version: 2 }));
      expect(result).toEqual({ outcome: 'conflict', commit: other });
    });

    test('the same commit again is recognised as our own and not written twice', async () => {
      const commit = bench.commit();
      await bench.append(commit);
      expect(await bench.append(commit)).toEqual({ outcome: 'repeated' });
      expect(await bench.read(commit.stream)).toEqual([commit]);
    });

    test('our own commit is recognised after others have followed it', async () => {
      const commits = await bench.stream(4);
      const [, second] = commits;
      expect(second && (await bench.append(second))).toEqual({ outcome: 'repeated' });
      expect(await bench.read(second?.stream ?? '')).toEqual(commits);
    });

    test('the same content under another commit id is somebody else, and a conflict', async () => {
      const commit = bench.commit();
      await bench.append(commit);
      expect(await bench.append({ ...commit, commitId: anId() })).toEqual({ outcome: 'conflict', commit });
    });

    test('of twenty writers of one version one succeeds and the others see its commit', async () => {
      const stream = `order-${anId()}`;
      const commits = Array.from({ length: 20 }, () => bench.commit({ stream }));
      const results = await Promise.all(commits.map((commit) => bench.append(commit)));
      const [stored] = await bench.read(stream);
      expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(results.filter(({ outcome }) => outcome === 'conflict')).toEqual(
        Array.from({ length: 19 }, () => ({ outcome: 'conflict', commit: stored })),
      );
    });

    test('one commit sent ten times at once is written once, and nobody is told otherwise', async () => {
      const commit = bench.commit();
      const results = await Promise.all(Array.from({ length: 10 }, () => bench.append(commit)));
      expect(results.every(({ outcome }) => outcome === 'appended' || outcome === 'repeated')).toBe(true);
      expect(await bench.read(commit.stream)).toEqual([commit]);
    });

    test('two commits of one microsecond keep their order', async () => {
      const { at } = bench.commit();
      const commits = await bench.stream(2, () => ({ at }));
      expect(await bench.read(commits[0]?.stream ?? '')).toEqual(commits);
    });

    // Where a missing version cannot be noticed without another read, only who has read everything writes: no promise, no test.
    if (!bench.adapter.noticesGaps) return;
    test('a version whose predecessor is missing is refused', async () => {
      const commit = bench.commit({ version: 2 });
      await expect(bench.append(commit)).rejects.toThrow(VersionGap);
      const [, last] = await bench.stream(2);
      await expect(bench.append(bench.commit({ stream: last?.stream ?? '', version: 4 }))).rejects.toThrow(
        VersionGap,
      );
      expect(await bench.read(commit.stream)).toEqual([]);
    });
  });
}
