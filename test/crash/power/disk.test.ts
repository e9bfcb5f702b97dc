import { expect, test } from 'vitest';
import { Prng } from '../../simulation/prng.ts';
import { Disk } from './disk.ts';
import type { Happened } from './journal.ts';

const sectors = (letters: string) =>
  Buffer.concat(letters.split('').map((letter) => Buffer.alloc(512, letter)));
const process = 1;
const file = 7n;
const written = (offset: number, letters: string): Happened => ({
  kind: 'written',
  process,
  file,
  offset,
  data: sectors(letters),
});
const sync = (kind: 'sync-begun' | 'sync-done', number: number): Happened => ({
  kind,
  process,
  file,
  sync: number,
});
const synced = (number: number) => [sync('sync-begun', number), sync('sync-done', number)];
const folderSynced = (['folder-sync-begun', 'folder-sync-done'] as const).map(
  (kind): Happened => ({ kind, process, file: 1n, sync: 99 }),
);

function diskAfter(happened: readonly Happened[]): Disk {
  const disk = new Disk([{ name: 'log', file, bytes: sectors('o') }]);
  for (const one of happened) disk.apply(one);
  return disk;
}

/** Every content of the file that a thousand losses of power leave, a letter for each sector, a dot for zeros. */
function leftOf(happened: readonly Happened[], name = 'log'): ReadonlySet<string> {
  const prng = new Prng('disk');
  const disk = diskAfter(happened);
  const texts = Array.from({ length: 1_000 }, () => {
    const bytes = disk.afterPowerLoss((below) => prng.between(0, below - 1)).get(name);
    return (
      bytes
        ?.toString('latin1')
        .replaceAll('\0', '.')
        .replaceAll(/(.)\1{511}/g, '$1') ?? 'gone'
    );
  });
  return new Set(texts);
}

test('what was synced is there', () => {
  expect(leftOf([written(512, 'ab'), ...synced(1)])).toEqual(new Set(['oab']));
});

test('of what was not synced any sector may be there', () => {
  expect(leftOf([written(0, 'ab')])).toEqual(new Set(['o', 'a', 'ab', 'ob']));
  expect(leftOf([written(512, 'ab')])).toEqual(new Set(['o', 'oa', 'oab', 'o.b']));
});

test('a sync counts for what was written before it began, and not before it is done', () => {
  const during = [sync('sync-begun', 1), written(512, 'b')];
  expect(leftOf([written(0, 'a'), ...during, sync('sync-done', 1)])).toEqual(new Set(['a', 'ab']));
  expect(leftOf([written(0, 'a'), ...during])).toContain('o');
});

test('a size that was not synced may be the one of before', () => {
  expect(leftOf([{ kind: 'sized', process, file, size: 0 }])).toEqual(new Set(['o', '']));
});

test('a name is there when its folder was synced', () => {
  const made: Happened[] = [{ kind: 'created', process, file: 8n, name: 'config' }];
  expect(leftOf(made, 'config')).toEqual(new Set(['gone', '']));
  expect(leftOf([...made, ...folderSynced], 'config')).toEqual(new Set(['']));
});

test('a rename or a removal that was not synced may not have been', () => {
  const renamed: Happened = { kind: 'renamed', process, from: 'log', to: 'config' };
  expect(leftOf([renamed])).toEqual(new Set(['o', 'gone']));
  expect(leftOf([renamed, ...folderSynced])).toEqual(new Set(['gone']));
  expect(leftOf([{ kind: 'removed', process, name: 'log' }])).toEqual(new Set(['o', 'gone']));
});

test('a file that is not what was seen being written is told of', () => {
  const disk = diskAfter([written(0, 'a'), written(512, 'b')]);
  const found = (letters: string) => disk.unseen('log', sectors(letters));
  expect(found('ab')).toBeUndefined();
  // The last write of a process that was killed may not have been done.
  expect(found('a')).toBeUndefined();
  expect(found('ob')).toContain('not what was seen');
  expect(disk.unseen('other', Buffer.alloc(0))).toContain('not seen being made');
});
