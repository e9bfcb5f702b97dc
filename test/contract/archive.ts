import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Archive, ArchiveReader } from '../../platform/archive/port.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { type Deadline, deadlineIn } from '../../platform/deadline/deadline.ts';
import { allOf } from '../support/all-of.ts';

export interface ArchiveBench<Opened> {
  readonly archive: Opened;
  /** Puts an object there as somebody else would. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const soon = (): Deadline => deadlineIn(10_000, systemClock);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

/** What who verifies an archive relies on. */
export function archiveReaderContract(name: string, open: () => Promise<ArchiveBench<ArchiveReader>>): void {
  describe(`${name} as an archive that is read`, () => {
    let bench: ArchiveBench<ArchiveReader>;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    test('what is there is read as it was put', async () => {
      await bench.put('commits/test/one.gz', bytesOf('first'));
      expect(textOf(await bench.archive.read('commits/test/one.gz', soon()))).toBe('first');
    });

    test('what is not there is undefined', async () => {
      expect(await bench.archive.read('commits/test/none.gz', soon())).toBeUndefined();
    });

    test('names are those that begin so, in order, over however many pages', async () => {
      const names = ['b/1', 'a/2', 'a/1/x', 'a/3', 'ab', 'a/10'];
      for (const one of names) await bench.put(one, bytesOf(one));
      expect(await allOf(bench.archive.names('a/', soon))).toEqual(['a/1/x', 'a/10', 'a/2', 'a/3']);
    });

    test('names that begin so are none where nothing does', async () => {
      expect(await allOf(bench.archive.names('nothing/', soon))).toEqual([]);
    });
  });
}

/** What who fills an archive relies on. */
export function archiveContract(name: string, open: () => Promise<ArchiveBench<Archive>>): void {
  archiveReaderContract(name, open);
  describe(`${name} as an archive that is filled`, () => {
    let bench: ArchiveBench<Archive>;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    test('what is kept is there', async () => {
      expect(await bench.archive.keep('commits/a', bytesOf('one'), soon())).toBe('kept');
      expect(textOf(await bench.archive.read('commits/a', soon()))).toBe('one');
    });

    test('what is there stays as it is, whoever comes with the same name', async () => {
      await bench.archive.keep('commits/a', bytesOf('one'), soon());
      expect(await bench.archive.keep('commits/a', bytesOf('other'), soon())).toBe('known');
      expect(textOf(await bench.archive.read('commits/a', soon()))).toBe('one');
    });

    test('of many at once one is kept, and the others learn that it is there', async () => {
      const tries = Array.from({ length: 8 }, (_, index) =>
        bench.archive.keep('commits/a', bytesOf(String(index)), soon()),
      );
      const outcomes = await Promise.all(tries);
      expect(outcomes.filter((outcome) => outcome === 'kept')).toHaveLength(1);
    });
  });
}
